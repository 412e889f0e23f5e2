// Where the atoms of a comparison's conditions go: into one comparator that gives the level, or several that pack them.

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "compare/condition_compiler.h"

namespace linkwright {
namespace {

bool is_similarity(TextDistance function) {
  return function == TextDistance::kJaro || function == TextDistance::kJaroWinkler ||
         function == TextDistance::kJaccard;
}

// The loosest answer that still decides `value relation threshold`: what a kernel may stop at.
double cutoff_for(TextDistance function, Relation relation, double threshold) {
  if (is_similarity(function)) {
    const bool wants_high = relation == Relation::kGreater || relation == Relation::kGreaterEqual;
    return wants_high ? threshold : 0.0;
  }
  constexpr double kLongest = 1e9;
  return std::clamp(std::floor(threshold), 0.0, kLongest);
}

void renumber_atoms(const std::vector<size_t>& places, Formula* formula) {
  if (formula->op == Formula::Op::kAtom) formula->atom = places[formula->atom];
  for (Formula& operand : formula->operands) renumber_atoms(places, &operand);
}

// Whether all that `part` holds of a record is in `whole`; null holds nothing.
bool covers(const BaseColumn* whole, const BaseColumn* part) {
  if (part == nullptr) return true;
  return whole != nullptr && std::all_of(part->members.begin(), part->members.end(), [&](const EncodedColumn* member) {
           return std::find(whole->members.begin(), whole->members.end(), member) != whole->members.end();
         });
}

}  // namespace

// Where SQL is evaluated for the records of a pair anyway, cheap conditions on some of the columns that it reads are
// part of it: less than a comparator of their own costs. Other SQL joins where it would not be evaluated much less
// often on its own columns.
void ConditionCompiler::join_evaluated() {
  constexpr uint32_t kMuchLess = 2;
  const auto columns = [](const PendingAtom& atom) { return atom.left->members.size() + atom.right->members.size(); };
  for (PendingAtom& atom : atoms_) {
    const PendingAtom* widest = nullptr;
    for (const PendingAtom& other : atoms_) {
      const bool fits =
          other.atom.kind == Atom::Kind::kEvaluated && covers(other.left, atom.left) && covers(other.right, atom.right);
      if (fits && (widest == nullptr || columns(other) > columns(*widest))) widest = &other;
    }
    if (!atom.sql || widest == nullptr) continue;
    const bool is_there =
        (atom.left == nullptr || atom.left == widest->left) && (atom.right == nullptr || atom.right == widest->right);
    if (is_there) continue;  // in its comparator already
    if (atom.atom.kind == Atom::Kind::kEvaluated && (atom.left->num_codes < widest->left->num_codes / kMuchLess ||
                                                     atom.right->num_codes < widest->right->num_codes / kMuchLess)) {
      continue;
    }
    atom.left = widest->left;
    atom.right = widest->right;
    atom.atom.kind = Atom::Kind::kEvaluated;
    atom.has_operands = false;
  }
}

Result<ConditionCompiler::Compiled> ConditionCompiler::place_atoms(std::vector<Formula> levels) {
  join_evaluated();
  // Atoms over both sides first: those over one side join them where they can.
  std::vector<size_t> order;
  for (const bool two_sided : {true, false}) {
    for (size_t a = 0; a < atoms_.size(); ++a) {
      if ((atoms_[a].left != nullptr && atoms_[a].right != nullptr) == two_sided) order.push_back(a);
    }
  }
  struct Group {
    const BaseColumn* left;
    const BaseColumn* right;
    std::vector<size_t> atoms;
  };
  const auto fits = [](const Group& group, const PendingAtom& atom) {
    return (atom.left == nullptr || atom.left == group.left) && (atom.right == nullptr || atom.right == group.right);
  };
  std::vector<Group> groups;
  for (const size_t a : order) {
    const PendingAtom& atom = atoms_[a];
    const auto group = std::find_if(groups.begin(), groups.end(), [&](const Group& g) { return fits(g, atom); });
    if (group != groups.end()) {
      group->atoms.push_back(a);
    } else {
      const BaseColumn* other = atom.left != nullptr ? atom.left : atom.right;
      groups.push_back({atom.left != nullptr ? atom.left : other, atom.right != nullptr ? atom.right : other, {a}});
    }
  }
  const bool single = groups.size() == 1;
  if (!single) {
    // Two bits an atom, four atoms a byte.
    std::vector<Group> split;
    for (const Group& group : groups) {
      for (size_t begin = 0; begin < group.atoms.size(); begin += ValueComparator::kMaxPackedAtoms) {
        const size_t end = std::min(group.atoms.size(), begin + ValueComparator::kMaxPackedAtoms);
        split.push_back({group.left,
                         group.right,
                         {group.atoms.begin() + static_cast<std::ptrdiff_t>(begin),
                          group.atoms.begin() + static_cast<std::ptrdiff_t>(end)}});
      }
    }
    groups.swap(split);
  }

  Compiled compiled;
  std::vector<size_t> places(atoms_.size());
  for (size_t g = 0; g < groups.size(); ++g) {
    ValueComparator comparator;
    comparator.left = groups[g].left;
    comparator.right = groups[g].right;
    comparator.parts.rounding = options_.jaro_winkler;
    std::map<std::string, size_t> distances;
    std::vector<Expression> conditions;
    for (size_t i = 0; i < groups[g].atoms.size(); ++i) {
      PendingAtom& pending = atoms_[groups[g].atoms[i]];
      places[groups[g].atoms[i]] = single ? i : g * ValueComparator::kMaxPackedAtoms + i;
      if (pending.atom.kind == Atom::Kind::kDistance) {
        const double cutoff = cutoff_for(pending.function, pending.atom.relation, pending.atom.threshold);
        const auto [slot, is_new] = distances.try_emplace(pending.distance_key, comparator.parts.distances.size());
        if (is_new) {
          comparator.parts.distances.push_back({pending.function, comparator.parts.operands.size(),
                                                comparator.parts.operands.size() + 1, cutoff, nullptr});
          comparator.parts.operands.push_back(std::move(pending.left_operand));
          comparator.parts.operands.push_back(std::move(pending.right_operand));
        }
        DistanceSlot& shared = comparator.parts.distances[slot->second];
        shared.cutoff =
            is_similarity(pending.function) ? std::min(shared.cutoff, cutoff) : std::max(shared.cutoff, cutoff);
        pending.atom.distance = slot->second;
      } else if (pending.has_operands) {
        pending.atom.left = comparator.parts.operands.size();
        pending.atom.right = comparator.parts.operands.size() + 1;
        comparator.parts.operands.push_back(std::move(pending.left_operand));
        comparator.parts.operands.push_back(std::move(pending.right_operand));
      }
      if (pending.atom.kind == Atom::Kind::kEvaluated) {
        pending.atom.condition = conditions.size();
        conditions.push_back(*pending.sql);
      }
      comparator.parts.atoms.push_back(std::move(pending.atom));
    }
    if (!conditions.empty()) {
      ARROW_ASSIGN_OR_RAISE(PairConditions sql,
                            PairConditions::make(conditions, *comparator.left, *comparator.right, records_, options_));
      comparator.parts.sql = std::make_shared<const PairConditions>(std::move(sql));
    }
    for (DistanceSlot& slot : comparator.parts.distances) {
      if (slot.function == TextDistance::kJaro) {
        slot.jaro_cutoff = std::make_shared<JaroCutoff>(JaroCutoff::of_jaro(slot.cutoff));
      } else if (slot.function == TextDistance::kJaroWinkler) {
        slot.jaro_cutoff = std::make_shared<JaroCutoff>(JaroCutoff::of_jaro_winkler(slot.cutoff));
      }
    }
    compiled.comparators.push_back(std::move(comparator));
  }
  for (Formula& level : levels) renumber_atoms(places, &level);
  if (single) {
    ValueComparator& comparator = compiled.comparators[0];
    comparator.gives_level = true;
    comparator.ladder = LevelLadder::make(levels, comparator.parts);
    comparator.levels = LevelRules(std::move(levels));
  } else {
    compiled.levels = LevelRules(std::move(levels));
  }
  return compiled;
}

}  // namespace linkwright
