#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "compare/condition_parts.h"
#include "compare/level_rules.h"
#include "compare/right_values.h"
#include "text/pair_lanes.h"

namespace linkwright {

/// The levels of a comparison whose conditions are single tests or ORs of them, as most are: null, exact, thresholds,
/// else. A level then holds where one of its tests is true, so SQL's null needs no place of its own, left values are
/// tested against rows of right ones by a few passes over bytes, and pairs drop out at their first true test.
/// Equal to LevelRules over the same formulas. Immutable.
class LevelLadder {
 public:
  /// None where a condition is more than that: AND, NOT, other SQL, or a distance without a kernel.
  static std::optional<LevelLadder> make(const std::vector<Formula>& levels, const ConditionParts& parts);

  /// The texts of rows that are near one another, by place among the outcomes.
  struct NearCells {
    bool known = false;
    size_t size = 0;
    std::vector<NearText> near;
  };
  struct Workspace {
    // Of rows:
    std::vector<NearCells> cells;  // of each distance slot
    std::vector<uint32_t> rows_with_text;
    std::vector<std::string_view> left_texts;
    std::vector<uint32_t> first_rights;
    std::vector<double> left_numbers;
    // Of pairs:
    std::vector<uint32_t> open;                  // those without a level so far
    std::vector<std::vector<double>> distances;  // of each distance slot, by pair; NaN for those that are not near
    std::vector<NearText> near_texts;
    // Of both:
    TextPairs texts;
  };

  /// outcomes[l * rights.codes.size() + r] = the level of left code l, of at most TextQueries::kMost, with right code
  /// r; the number of levels where none holds.
  void rows(const ConditionParts& parts, const LocalValues::Lefts& lefts, const RightValues& rights,
            Workspace* workspace, uint8_t* outcomes) const;

  /// levels[p] of pairs (lefts[p], rights[p]) as far as null and equal codes settle it, else kUnsettled: then it is one
  /// from first_level_beyond_codes() on, or none.
  void settle_by_codes(const ConditionParts& parts, std::span<const uint32_t> lefts, std::span<const uint32_t> rights,
                       uint8_t* levels) const;
  size_t first_level_beyond_codes() const;
  static constexpr uint8_t kUnsettled = UINT8_MAX;

  /// levels[p] of pairs (lefts[p], rights[p]).
  void pairs(const ConditionParts& parts, std::span<const uint32_t> lefts, std::span<const uint32_t> rights,
             Workspace* workspace, uint8_t* levels) const;

 private:
  // What a test needs of its atom, side by side.
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

  // Where the levels begin with null and equal values, as most do: what codes alone make of a pair.
  struct PlainStart {
    uint8_t of_null;
    uint8_t of_equal;
    uint8_t of_others;  // kUnsettled where more is to be asked
  };

  std::optional<PlainStart> plain_start(const ConditionParts& parts) const;
  uint8_t settle_by_codes(const ConditionParts& parts, uint32_t left_code, uint32_t right_code) const;
  bool add(const Formula& formula, uint8_t level, const ConditionParts& parts);
  void find_near_pairs(const ConditionParts& parts, size_t slot, std::span<const uint32_t> lefts,
                       std::span<const uint32_t> rights, Workspace* workspace) const;
  // Levels of left codes with all right values, and what they are made from.
  struct Rows;
  static void select(const Test& test, const Rows& rows);

  std::vector<Test> tests_;  // in the order of levels
  uint8_t num_levels_ = 0;
  std::optional<PlainStart> plain_start_;
};

}  // namespace linkwright
