#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "compare/pair_conditions.h"
#include "expr/truth.h"
#include "text/jaro_winkler_rounding.h"
#include "text/many_to_many.h"
#include "text/pair_lanes.h"

namespace arrow {
class Array;
}

namespace linkwright {

enum class TextDistance : uint8_t {
  kLevenshtein,
  kDamerauLevenshtein,
  kJaro,
  kJaroWinkler,
  kJaccard,
};

enum class Relation : uint8_t { kLess, kLessEqual, kGreater, kGreaterEqual };

/// Distinct texts by code, borrowed from an Arrow text array; code 0 is null.
class TextTable {
 public:
  TextTable() = default;
  /// Text of any width; integers are given as their digits.
  static Result<TextTable> make(std::shared_ptr<arrow::Array> values);

  std::string_view operator[](uint32_t code) const {
    return large_offsets_ != nullptr
               ? std::string_view(bytes_ + large_offsets_[code - 1],
                                  static_cast<size_t>(large_offsets_[code] - large_offsets_[code - 1]))
               : std::string_view(bytes_ + offsets_[code - 1],
                                  static_cast<size_t>(offsets_[code] - offsets_[code - 1]));
  }
  /// Bytes of a text.
  double average_size() const;
  bool has_empty() const;

  /// Starts to load where the text lies, then, once that is there, the text: two cache misses in a large dictionary.
  /// Always inlined: GCC drops calls of functions that do nothing else.
  [[gnu::always_inline]] void prefetch_place(uint32_t code) const {
    if (code == 0) return;
    if (large_offsets_ != nullptr) {
      __builtin_prefetch(large_offsets_ + code - 1);
    } else {
      __builtin_prefetch(offsets_ + code - 1);
    }
  }
  [[gnu::always_inline]] void prefetch_text(uint32_t code) const {
    if (code == 0) return;
    const std::string_view text = (*this)[code];
    __builtin_prefetch(text.data());
    __builtin_prefetch(text.data() + text.size());  // mostly in the same line of the cache
  }

 private:
  std::shared_ptr<arrow::Array> values_;
  const int32_t* offsets_ = nullptr;
  const int64_t* large_offsets_ = nullptr;
  const char* bytes_ = nullptr;
};

/// One side of a condition: what an expression makes of each code of a base column.
struct ComparedOperand {
  std::vector<uint32_t> code_of;  // empty: the identity
  TextTable texts;                // for distances
  std::vector<double> numbers;    // for differences, by derived code; NaN for null

  uint32_t code(uint32_t base_code) const { return code_of.empty() ? base_code : code_of[base_code]; }
};

/// What a condition on one record alone is of each code. IS NULL and its like treat all values alike and keep no table,
/// which would be a cache miss a value.
class CodeTruths {
 public:
  CodeTruths() = default;
  explicit CodeTruths(std::vector<Truth> of_code);

  /// True of null, false of every value.
  bool is_null_test() const { return of_code_.empty() && of_null_ == kTrue && of_value_ == kFalse; }

  Truth operator[](uint32_t code) const {
    return of_code_.empty() ? (code == 0 ? of_null_ : of_value_) : of_code_[code];
  }

 private:
  Truth of_null_ = kNullTruth;
  Truth of_value_ = kNullTruth;
  std::vector<Truth> of_code_;
};

/// The smallest parts of a condition: each is a function of one left code and one right code.
struct Atom {
  enum class Kind : uint8_t {
    kLeftTruth,  // a condition on the left record alone, by code
    kRightTruth,
    kEqual,       // operands' codes are of one dictionary
    kDistance,    // a text distance against a threshold
    kDifference,  // |left number - right number| against a threshold
    kEvaluated,   // anything else: the SQL itself, with all others of its kind
  };

  Kind kind = Kind::kEqual;
  CodeTruths truths;  // kLeftTruth, kRightTruth
  size_t left = 0;    // place in `operands`
  size_t right = 0;
  size_t distance = 0;  // kDistance: place in `distances`
  Relation relation = Relation::kLessEqual;
  double threshold = 0;
  size_t condition = 0;  // kEvaluated: place in `sql`
};

/// A distance that one or more atoms compare with thresholds: computed once for all of them, and only as exactly as
/// the weakest threshold needs.
struct DistanceSlot {
  TextDistance function = TextDistance::kLevenshtein;
  size_t left = 0;  // place in `operands`
  size_t right = 0;
  double cutoff = 0;                              // similarities below, and distances above, need not be told apart
  std::shared_ptr<const JaroCutoff> jaro_cutoff;  // the same for Jaro and Jaro-Winkler

  bool is_edit_distance() const {
    return function == TextDistance::kLevenshtein || function == TextDistance::kDamerauLevenshtein;
  }
  bool is_jaro() const { return function == TextDistance::kJaro || function == TextDistance::kJaroWinkler; }
  /// There is a many-to-many kernel, which takes edit distances up to a byte.
  bool has_kernel() const { return is_jaro() || (is_edit_distance() && cutoff <= kLargestByteDistance); }

  static constexpr double kLargestByteDistance = 254;
};

/// What the conditions over one left and one right base column are made of.
struct ConditionParts {
  std::vector<ComparedOperand> operands;
  std::vector<DistanceSlot> distances;
  std::vector<Atom> atoms;
  std::shared_ptr<const PairConditions> sql;  // of the evaluated atoms; null where there is none
  JaroWinklerRounding rounding = JaroWinklerRounding::kFused;

  /// The distance, exact up to the slot's cutoff; no text is empty for Jaccard, which is not defined there.
  double distance(const DistanceSlot& slot, std::string_view left, std::string_view right) const;

  /// The pairs of a left text and one of `packed` within the slot's cutoff, into `near`, which has room for all;
  /// returns how many. Left text l and text t are number l * packed.size() + t. For a slot that `has_kernel()`.
  size_t near_texts(const DistanceSlot& slot, const TextQueries& lefts, const PackedStrings& packed,
                    std::span<NearText> near) const;

  /// The same for pairs of texts.
  size_t near_pairs(const DistanceSlot& slot, std::span<const TextPair> pairs, PairLanes* lanes,
                    std::span<NearText> near) const;
};

}  // namespace linkwright
