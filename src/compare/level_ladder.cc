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
      tests_.push_back({Test::Kind::kAlways, level, {}, 0, 0, 0});
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
  Test test{Test::Kind::kAlways,
            level,
            atom.relation,
            static_cast<uint32_t>(formula.atom),
            static_cast<uint32_t>(atom.distance),
            atom.threshold};
  switch (atom.kind) {
    case Atom::Kind::kLeftTruth:
      test.kind = Test::Kind::kLeftTruth;
      break;
    case Atom::Kind::kRightTruth:
      test.kind = Test::Kind::kRightTruth;
      break;
    case Atom::Kind::kEqual: {
      const bool plain = parts.operands[atom.left].code_of.empty() && parts.operands[atom.right].code_of.empty();
      test.kind = plain ? Test::Kind::kEqualValues : Test::Kind::kEqual;
      break;
    }
    case Atom::Kind::kDifference:
      test.kind = Test::Kind::kDifference;
      break;
    case Atom::Kind::kDistance:
      if (!parts.distances[atom.distance].has_kernel() || !wants_near(parts.distances[atom.distance], atom)) {
        return false;
      }
      test.kind = Test::Kind::kDistance;
      break;
    case Atom::Kind::kEvaluated:
      return false;
  }
  tests_.push_back(test);
  return true;
}

void LevelLadder::select(const ConditionParts& parts, const Test& test, uint32_t left_code, const RightValues& rights,
                         Workspace* workspace, uint8_t* outcomes) const {
  const size_t size = rights.codes.size();
  switch (test.kind) {
    case Test::Kind::kAlways:
    case Test::Kind::kLeftTruth:
      return;
    case Test::Kind::kRightTruth:
      for (const uint32_t place : rights.true_places[test.atom]) outcomes[place] = test.level;
      return;
    case Test::Kind::kEqualValues: {
      const uint32_t place = left_code == 0 ? LocalValues::kNone : rights.find(left_code);
      if (place != LocalValues::kNone) outcomes[place] = test.level;
      return;
    }
    case Test::Kind::kEqual: {
      const Atom& atom = parts.atoms[test.atom];
      const uint32_t code = parts.operands[atom.left].code(left_code);
      const std::vector<uint32_t>& derived = rights.equal_codes[test.atom];
      const uint32_t* codes = derived.empty() ? rights.codes.data() : derived.data();
      if (code != 0) select_equal(codes, code, test.level, size, outcomes);
      return;
    }
    case Test::Kind::kDifference: {
      const ComparedOperand& operand = parts.operands[parts.atoms[test.atom].left];
      return select_near(rights.numbers[test.atom].data(), operand.numbers[operand.code(left_code)], test.relation,
                         test.threshold, test.level, size, outcomes);
    }
    case Test::Kind::kDistance: {
      NearRow& row = workspace->near[test.distance];
      if (!row.known) find_near(parts, test.distance, left_code, rights, &row);
      return with_relation(test.relation, test.threshold, [&](const auto& relates) {
        for (const NearText* near = row.near.data(); near != row.near.data() + row.size; ++near) {
          if (relates(near->distance)) outcomes[near->index] = test.level;
        }
      });
    }
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
    const Test& test = tests_[behind];
    if (test.kind == Test::Kind::kAlways ||
        (test.kind == Test::Kind::kLeftTruth && parts.atoms[test.atom].truths[left_code] == kTrue)) {
      settled = test.level;
      break;
    }
  }
  std::memset(outcomes, settled, rights.codes.size());
  while (behind-- > 0) select(parts, tests_[behind], left_code, rights, workspace, outcomes);
}

bool LevelLadder::holds_for_codes(const ConditionParts& parts, const Test& test, uint32_t left_code,
                                  uint32_t right_code) const {
  switch (test.kind) {
    case Test::Kind::kAlways:
      return true;
    case Test::Kind::kLeftTruth:
      return parts.atoms[test.atom].truths[left_code] == kTrue;
    case Test::Kind::kRightTruth:
      return parts.atoms[test.atom].truths[right_code] == kTrue;
    case Test::Kind::kEqualValues:
      return left_code != 0 && left_code == right_code;
    default: {
      const Atom& atom = parts.atoms[test.atom];
      const uint32_t left = parts.operands[atom.left].code(left_code);
      return left != 0 && left == parts.operands[atom.right].code(right_code);
    }
  }
}

size_t LevelLadder::first_level_beyond_codes() const {
  for (const Test& test : tests_) {
    if (!test.needs_codes_only()) return test.level;
  }
  return num_levels_;
}

uint8_t LevelLadder::settle_by_codes(const ConditionParts& parts, uint32_t left_code, uint32_t right_code) const {
  for (const Test& test : tests_) {
    if (!test.needs_codes_only()) return kUnsettled;
    if (holds_for_codes(parts, test, left_code, right_code)) return test.level;
  }
  return num_levels_;
}

uint8_t LevelLadder::pair(const ConditionParts& parts, uint32_t left_code, uint32_t right_code) const {
  std::array<double, kMostDistances> distances;
  uint32_t known = 0;  // bit s: distance s has been computed
  const auto codes = [&](size_t left, size_t right) {
    return std::pair(parts.operands[left].code(left_code), parts.operands[right].code(right_code));
  };
  const auto distance = [&](size_t s) {
    if ((known >> s & 1) != 0) return distances[s];
    known |= 1U << s;
    const DistanceSlot& slot = parts.distances[s];
    const auto [left, right] = codes(slot.left, slot.right);
    return distances[s] = left == 0 || right == 0 ? std::numeric_limits<double>::quiet_NaN()
                                                  : parts.kernel_distance(slot, parts.operands[slot.left].texts[left],
                                                                          parts.operands[slot.right].texts[right]);
  };
  for (const Test& test : tests_) {
    bool holds = false;
    if (test.needs_codes_only()) {
      holds = holds_for_codes(parts, test, left_code, right_code);
    } else if (test.kind == Test::Kind::kDistance) {
      holds = relates(distance(test.distance), test.relation, test.threshold);
    } else {
      const Atom& atom = parts.atoms[test.atom];
      const auto [left, right] = codes(atom.left, atom.right);
      holds = relates(std::abs(parts.operands[atom.left].numbers[left] - parts.operands[atom.right].numbers[right]),
                      test.relation, test.threshold);
    }
    if (holds) return test.level;
  }
  return num_levels_;
}

}  // namespace linkwright
