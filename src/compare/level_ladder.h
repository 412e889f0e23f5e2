#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "compare/condition_parts.h"
#include "compare/level_rules.h"
#include "compare/right_values.h"

namespace linkwright {

/// The levels of a comparison whose conditions are single tests or ORs of them, as most are: null, exact, thresholds,
/// else. A level then holds where one of its tests is true, so SQL's null needs no place of its own, one left value is
/// tested against a row of right ones by a few passes over bytes, and a single pair stops at its first true test.
/// Equal to LevelRules over the same formulas. Immutable.
class LevelLadder {
 public:
  /// None where a condition is more than that: AND, NOT, other SQL, or a distance without a kernel.
  static std::optional<LevelLadder> make(const std::vector<Formula>& levels, const ConditionParts& parts);

  /// The right texts of a row that are near one left text.
  struct NearRow {
    bool known = false;
    size_t size = 0;
    std::vector<NearText> near;
  };
  struct Workspace {
    std::vector<NearRow> near;  // of each distance slot
  };

  /// outcomes[k] = the level of one left code with right code k; the number of levels where none holds.
  void row(const ConditionParts& parts, uint32_t left_code, const RightValues& rights, Workspace* workspace,
           uint8_t* outcomes) const;

  /// The level of one pair as far as null and equal codes settle it, else kUnsettled: then it is one from
  /// first_level_beyond_codes() on, or none.
  uint8_t settle_by_codes(const ConditionParts& parts, uint32_t left_code, uint32_t right_code) const;
  size_t first_level_beyond_codes() const;
  static constexpr uint8_t kUnsettled = UINT8_MAX;

  /// The level of one pair.
  uint8_t pair(const ConditionParts& parts, uint32_t left_code, uint32_t right_code) const;

 private:
  // What a test needs of its atom, side by side: a row passes over all of them.
  struct Test {
    enum class Kind : uint8_t { kAlways, kLeftTruth, kRightTruth, kEqualValues, kEqual, kDifference, kDistance };
    Kind kind;
    uint8_t level;
    Relation relation;
    uint32_t atom;
    uint32_t distance;
    double threshold;

    bool needs_codes_only() const { return kind <= Kind::kEqual; }
  };

  bool holds_for_codes(const ConditionParts& parts, const Test& test, uint32_t left_code, uint32_t right_code) const;

  bool add(const Formula& formula, uint8_t level, const ConditionParts& parts);
  void select(const ConditionParts& parts, const Test& test, uint32_t left_code, const RightValues& rights,
              Workspace* workspace, uint8_t* outcomes) const;

  std::vector<Test> tests_;  // in the order of levels
  uint8_t num_levels_ = 0;
};

}  // namespace linkwright
