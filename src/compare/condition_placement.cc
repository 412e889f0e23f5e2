// Where the atoms of a comparison's conditions go: into one comparator that gives the level, or several that pack them.

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <span>
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

// The place of the left one of two operands; the right one is behind it.
size_t add_operands(ComparedOperand left, ComparedOperand right, ConditionParts* parts) {
  parts->operands.push_back(std::move(left));
  parts->operands.push_back(std::move(right));
  return parts->operands.size() - 2;
}

std::shared_ptr<const JaroCutoff> jaro_cutoff(const DistanceSlot& slot) {
  if (!slot.is_jaro()) return nullptr;
  return std::make_shared<JaroCutoff>(slot.function == TextDistance::kJaro ? JaroCutoff::of_jaro(slot.cutoff)
                                                                           : JaroCutoff::of_jaro_winkler(slot.cutoff));
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

// The atoms of each comparator. Those over both sides come first: those over one side join them where they can.
std::vector<ConditionCompiler::AtomGroup> ConditionCompiler::group_atoms() const {
  std::vector<size_t> order;
  for (const bool two_sided : {true, false}) {
    for (size_t a = 0; a < atoms_.size(); ++a) {
      if ((atoms_[a].left != nullptr && atoms_[a].right != nullptr) == two_sided) order.push_back(a);
    }
  }
  std::vector<AtomGroup> groups;
  for (const size_t a : order) {
    const PendingAtom& atom = atoms_[a];
    const auto fits = [&](const AtomGroup& group) {
      return (atom.left == nullptr || atom.left == group.left) && (atom.right == nullptr || atom.right == group.right);
    };
    const auto group = std::find_if(groups.begin(), groups.end(), fits);
    if (group != groups.end()) {
      group->atoms.push_back(a);
    } else {
      const BaseColumn* other = atom.left != nullptr ? atom.left : atom.right;
      groups.push_back({atom.left != nullptr ? atom.left : other, atom.right != nullptr ? atom.right : other, {a}});
    }
  }
  if (groups.size() == 1) return groups;

  std::vector<AtomGroup> packed;  // two bits an atom, four atoms a byte
  for (const AtomGroup& group : groups) {
    for (size_t begin = 0; begin < group.atoms.size(); begin += ValueComparator::kMaxPackedAtoms) {
      const size_t size = std::min(group.atoms.size() - begin, ValueComparator::kMaxPackedAtoms);
      const auto some = std::span(group.atoms).subspan(begin, size);
      packed.push_back({group.left, group.right, {some.begin(), some.end()}});
    }
  }
  return packed;
}

// Moves a group's atoms and their operands into a comparator. Atoms of one distance share it, with the loosest of their
// cutoffs.
Result<ValueComparator> ConditionCompiler::take_comparator(const AtomGroup& group) {
  ValueComparator comparator;
  comparator.left = group.left;
  comparator.right = group.right;
  ConditionParts& parts = comparator.parts;
  parts.rounding = options_.jaro_winkler;
  std::map<std::string, size_t> distances;
  std::vector<Expression> conditions;
  for (const size_t a : group.atoms) {
    PendingAtom& pending = atoms_[a];
    if (pending.atom.kind == Atom::Kind::kDistance) {
      const double cutoff = cutoff_for(pending.function, pending.atom.relation, pending.atom.threshold);
      const auto [place, is_new] = distances.try_emplace(pending.distance_key, parts.distances.size());
      if (is_new) {
        const size_t left = add_operands(std::move(pending.left_operand), std::move(pending.right_operand), &parts);
        parts.distances.push_back({pending.function, left, left + 1, cutoff, nullptr});
      }
      DistanceSlot& shared = parts.distances[place->second];
      shared.cutoff =
          is_similarity(pending.function) ? std::min(shared.cutoff, cutoff) : std::max(shared.cutoff, cutoff);
      pending.atom.distance = place->second;
    } else if (pending.has_operands) {
      pending.atom.left = add_operands(std::move(pending.left_operand), std::move(pending.right_operand), &parts);
      pending.atom.right = pending.atom.left + 1;
    }
    if (pending.atom.kind == Atom::Kind::kEvaluated) {
      pending.atom.condition = conditions.size();
      conditions.push_back(*pending.sql);
    }
    parts.atoms.push_back(std::move(pending.atom));
  }
  for (DistanceSlot& slot : parts.distances) slot.jaro_cutoff = jaro_cutoff(slot);
  if (!conditions.empty()) {
    ARROW_ASSIGN_OR_RAISE(PairConditions sql,
                          PairConditions::make(conditions, *group.left, *group.right, records_, options_));
    parts.sql = std::make_shared<const PairConditions>(std::move(sql));
  }
  return comparator;
}

Result<ConditionCompiler::Compiled> ConditionCompiler::place_atoms(std::vector<Formula> levels) {
  join_evaluated();
  const std::vector<AtomGroup> groups = group_atoms();
  Compiled compiled;
  std::vector<size_t> places(atoms_.size());
  for (size_t g = 0; g < groups.size(); ++g) {
    const std::vector<size_t>& atoms = groups[g].atoms;
    for (size_t i = 0; i < atoms.size(); ++i) places[atoms[i]] = g * ValueComparator::kMaxPackedAtoms + i;
    ARROW_ASSIGN_OR_RAISE(compiled.comparators.emplace_back(), take_comparator(groups[g]));
  }
  for (Formula& level : levels) renumber_atoms(places, &level);
  if (groups.size() != 1) {
    compiled.levels = LevelRules(std::move(levels));
    return compiled;
  }
  ValueComparator& comparator = compiled.comparators[0];
  comparator.gives_level = true;
  comparator.ladder = LevelLadder::make(levels, comparator.parts);
  comparator.levels = LevelRules(std::move(levels));
  return compiled;
}

}  // namespace linkwright
