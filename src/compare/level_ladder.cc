#include "compare/level_ladder.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <string_view>

#include "base/simd_clones.h"

namespace linkwright {
namespace {

constexpr size_t kMostDistances = 8;

// Each gives `level` to the places where its test holds and leaves the others.

LW_SIMD_CLONES void select_true(const Truth* __restrict truths, uint8_t level, size_t size,
                                uint8_t* __restrict levels) {
  for (size_t k = 0; k < size; ++k) levels[k] = truths[k] == kTrue ? level : levels[k];
}

LW_SIMD_CLONES void select_equal(const uint32_t* __restrict codes, uint32_t code, uint8_t level, size_t size,
                                 uint8_t* __restrict levels) {
  for (size_t k = 0; k < size; ++k) levels[k] = codes[k] == code ? level : levels[k];
}

// Calls `use` with the relation to the threshold as a predicate, which NaN never fulfils.
template <typename Use>
inline auto with_relation(Relation relation, double threshold, const Use& use) {
  switch (relation) {
    case Relation::kLess:
      return use([=](double value) { return value < threshold; });
    case Relation::kLessEqual:
      return use([=](double value) { return value <= threshold; });
    case Relation::kGreater:
      return use([=](double value) { return value > threshold; });
    default:
      return use([=](double value) { return value >= threshold; });
  }
}

bool relates(double value, Relation relation, double threshold) {
  return with_relation(relation, threshold, [value](const auto& relates) { return relates(value); });
}

LW_SIMD_CLONES void select_near(const double* __restrict numbers, double left, Relation relation, double threshold,
                                uint8_t level, size_t size, uint8_t* __restrict levels) {
  with_relation(relation, threshold, [&](const auto& relates) {
    for (size_t k = 0; k < size; ++k) levels[k] = relates(std::abs(left - numbers[k])) ? level : levels[k];
  });
}

// Whether only texts within the slot's cutoff can pass.
bool wants_near(const DistanceSlot& slot, const Atom& atom) {
  const bool wants_high = atom.relation == Relation::kGreater || atom.relation == Relation::kGreaterEqual;
  return wants_high == slot.is_jaro() && !(slot.is_jaro() && relates(0, atom.relation, atom.threshold));
}

void find_near(const ConditionParts& parts, size_t s, uint32_t left_code, const RightValues& rights,
               LevelLadder::NearRow* row) {
  row->known = true;
  row->size = 0;
  const DistanceSlot& slot = parts.distances[s];
  const ComparedOperand& operand = parts.operands[slot.left];
  const uint32_t code = operand.code(left_code);
  if (code == 0) return;
  if (row->near.size() < rights.codes.size()) row->near.resize(rights.codes.size());
  row->size = parts.near_texts(slot, operand.texts[code], rights.packed[s], row->near);
  const std::vector<uint32_t>& nulls = rights.null_places[s];
  if (nulls.empty()) return;
  // Nulls are packed as empty texts, and near to none.
  const auto is_null = [&](const NearText& text) { return std::binary_search(nulls.begin(), nulls.end(), text.index); };
  const auto end = row->near.begin() + static_cast<std::ptrdiff_t>(row->size);
  row->size = static_cast<size_t>(std::remove_if(row->near.begin(), end, is_null) - row->near.begin());
}

}  // namespace

std::optional<LevelLadder> LevelLadder::make(const std::vector<Formula>& levels, const ConditionParts& parts) {
  if (parts.distances.size() > kMostDistances || levels.size() >= UINT8_MAX) return std::nullopt;
  LevelLadder ladder;
  for (const Formula& level : levels) {
    if (!ladder.add(level, ladder.num_levels_, parts)) return std::nullopt;
    ++ladder.num_levels_;
  }
  return ladder;
}

bool LevelLadder::add(const Formula& formula, uint8_t level, const ConditionParts& parts) {
  switch (formula.op) {
    case Formula::Op::kAlways:
      tests_.push_back({level, std::nullopt});
      return true;
    case Formula::Op::kOr:
      return std::all_of(formula.operands.begin(), formula.operands.end(),
                         [&](const Formula& operand) { return add(operand, level, parts); });
    case Formula::Op::kAtom:
      break;
    default:
      return false;
  }
  const Atom& atom = parts.atoms[formula.atom];
  if (atom.kind == Atom::Kind::kEvaluated) return false;
  if (atom.kind == Atom::Kind::kDistance) {
    const DistanceSlot& slot = parts.distances[atom.distance];
    if (!slot.has_kernel() || !wants_near(slot, atom)) return false;
  }
  tests_.push_back({level, formula.atom});
  return true;
}

void LevelLadder::select(const ConditionParts& parts, const Test& test, uint32_t left_code, const RightValues& rights,
                         Workspace* workspace, uint8_t* outcomes) const {
  const size_t size = rights.codes.size();
  const size_t a = *test.atom;
  const Atom& atom = parts.atoms[a];
  switch (atom.kind) {
    case Atom::Kind::kRightTruth:
      return select_true(rights.truths[a].data(), test.level, size, outcomes);
    case Atom::Kind::kEqual: {
      const uint32_t code = parts.operands[atom.left].code(left_code);
      const uint32_t* codes = rights.equal_codes[a].empty() ? rights.codes.data() : rights.equal_codes[a].data();
      if (code != 0) select_equal(codes, code, test.level, size, outcomes);
      return;
    }
    case Atom::Kind::kDifference: {
      const ComparedOperand& operand = parts.operands[atom.left];
      return select_near(rights.numbers[a].data(), operand.numbers[operand.code(left_code)], atom.relation,
                         atom.threshold, test.level, size, outcomes);
    }
    case Atom::Kind::kDistance: {
      NearRow& row = workspace->near[atom.distance];
      if (!row.known) find_near(parts, atom.distance, left_code, rights, &row);
      return with_relation(atom.relation, atom.threshold, [&](const auto& relates) {
        for (const NearText* near = row.near.data(); near != row.near.data() + row.size; ++near) {
          if (relates(near->distance)) outcomes[near->index] = test.level;
        }
      });
    }
    default:
      return;
  }
}

void LevelLadder::row(const ConditionParts& parts, uint32_t left_code, const RightValues& rights, Workspace* workspace,
                      uint8_t* outcomes) const {
  workspace->near.resize(parts.distances.size());
  for (NearRow& row : workspace->near) row.known = false;
  // What is true of the left value alone settles the row but for the levels before it.
  size_t behind = 0;
  uint8_t settled = num_levels_;
  for (; behind < tests_.size(); ++behind) {
    const std::optional<size_t> atom = tests_[behind].atom;
    if (!atom || (parts.atoms[*atom].kind == Atom::Kind::kLeftTruth && parts.atoms[*atom].truths[left_code] == kTrue)) {
      settled = tests_[behind].level;
      break;
    }
  }
  std::memset(outcomes, settled, rights.codes.size());
  while (behind-- > 0) {
    if (parts.atoms[*tests_[behind].atom].kind == Atom::Kind::kLeftTruth) continue;
    select(parts, tests_[behind], left_code, rights, workspace, outcomes);
  }
}

uint8_t LevelLadder::pair(const ConditionParts& parts, uint32_t left_code, uint32_t right_code) const {
  std::array<double, kMostDistances> distances;
  uint32_t known = 0;  // bit s: distance s has been computed
  for (const Test& test : tests_) {
    if (!test.atom) return test.level;
    const Atom& atom = parts.atoms[*test.atom];
    const auto sides = [&](size_t left, size_t right) {
      return std::pair(parts.operands[left].code(left_code), parts.operands[right].code(right_code));
    };
    bool holds = false;
    switch (atom.kind) {
      case Atom::Kind::kLeftTruth:
        holds = atom.truths[left_code] == kTrue;
        break;
      case Atom::Kind::kRightTruth:
        holds = atom.truths[right_code] == kTrue;
        break;
      case Atom::Kind::kEqual: {
        const auto [left, right] = sides(atom.left, atom.right);
        holds = left != 0 && left == right;
        break;
      }
      case Atom::Kind::kDifference: {
        const auto [left, right] = sides(atom.left, atom.right);
        holds = relates(std::abs(parts.operands[atom.left].numbers[left] - parts.operands[atom.right].numbers[right]),
                        atom.relation, atom.threshold);
        break;
      }
      case Atom::Kind::kDistance: {
        const DistanceSlot& slot = parts.distances[atom.distance];
        if ((known >> atom.distance & 1) == 0) {
          known |= 1U << atom.distance;
          const auto [left, right] = sides(slot.left, slot.right);
          distances[atom.distance] = left == 0 || right == 0
                                         ? std::numeric_limits<double>::quiet_NaN()
                                         : parts.kernel_distance(slot, parts.operands[slot.left].texts[left],
                                                                 parts.operands[slot.right].texts[right]);
        }
        holds = relates(distances[atom.distance], atom.relation, atom.threshold);
        break;
      }
      case Atom::Kind::kEvaluated:
        break;
    }
    if (holds) return test.level;
  }
  return num_levels_;
}

}  // namespace linkwright
