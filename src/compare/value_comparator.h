#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "compare/base_column.h"
#include "compare/level_rules.h"
#include "compare/truth.h"
#include "expr/evaluator.h"
#include "text/jaro_winkler_rounding.h"
#include "text/one_to_many.h"
#include "text/packed_strings.h"

namespace arrow {
class Array;
}

namespace linkwright {

enum class TextDistance : uint8_t {
  kLevenshtein,
  kDamerauLevenshtein,
  kHamming,
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
  std::vector<double> numbers;    // for differences, by derived code

  uint32_t code(uint32_t base_code) const { return code_of.empty() ? base_code : code_of[base_code]; }
};

/// The smallest parts of a condition: each is a function of one left code and one right code.
struct Atom {
  enum class Kind : uint8_t {
    kLeftTruth,  // a condition on the left record alone, by code
    kRightTruth,
    kEqual,       // operands' codes are of one dictionary
    kDistance,    // a text distance against a threshold
    kDifference,  // |left number - right number| against a threshold
    kEvaluated,   // anything else: the SQL itself
  };

  Kind kind = Kind::kEqual;
  std::vector<Truth> truths;  // kLeftTruth, kRightTruth
  size_t left = 0;            // place in `operands`
  size_t right = 0;
  size_t distance = 0;  // kDistance: place in `distances`
  Relation relation = Relation::kLessEqual;
  double threshold = 0;
  std::optional<Evaluator> evaluator;  // kEvaluated
};

/// A distance that one or more atoms compare with thresholds: computed once for all of them, and only as exactly as
/// the weakest threshold needs.
struct DistanceSlot {
  TextDistance function = TextDistance::kLevenshtein;
  size_t left = 0;  // place in `operands`
  size_t right = 0;
  double cutoff = 0;                              // similarities below, and distances above, need not be told apart
  std::shared_ptr<const JaroCutoff> jaro_cutoff;  // the same for Jaro and Jaro-Winkler
};

/// All of a comparison that depends on one left and one right base column.
///
/// A pure function from (left code, right code) to one byte: the comparison's level when it reads no other column, else
/// the truths of up to four atoms, two bits each. Immutable after it was compiled; each thread has its own `Workspace`.
struct ValueComparator {
  const BaseColumn* left = nullptr;
  const BaseColumn* right = nullptr;
  std::vector<ComparedOperand> operands;
  std::vector<DistanceSlot> distances;
  std::vector<Atom> atoms;
  LevelRules levels;
  bool gives_level = false;
  JaroWinklerRounding rounding = JaroWinklerRounding::kFused;

  static constexpr size_t kMaxPackedAtoms = 4;

  /// Distances of one left text to many right texts, computed ahead by the one-against-many kernels.
  struct RowDistances {
    std::vector<double> values;  // of one slot, for every right code of the row
  };

  struct Workspace {
    std::vector<uint32_t> codes;             // of each operand, kBatch
    std::vector<std::vector<Truth>> truths;  // of each atom, kBatch
    std::vector<const Truth*> truth_pointers;
    std::vector<std::vector<double>> distances;  // of each slot, kBatch
    LevelRules::Workspace levels;
    std::vector<uint8_t> row_distances;
    std::optional<BaseColumnValues> left_values;
    std::optional<BaseColumnValues> right_values;
    std::vector<Value> values;
    std::vector<Value> arguments;
    Evaluator::Scratch scratch;
  };

  /// outcomes[k] for pairs (lefts[k], rights[k]), any number of them.
  Status compare_pairs(const uint32_t* lefts, const uint32_t* rights, size_t size, Workspace* workspace,
                       uint8_t* outcomes) const;

  /// outcomes[k] for one left code against many right codes. `packed[s]` holds the right texts of distance slot s, for
  /// the same `rights`, null texts as "".
  Status compare_row(uint32_t left_code, std::span<const uint32_t> rights, std::span<const PackedStrings> packed,
                     Workspace* workspace, std::vector<RowDistances>* row_distances, uint8_t* outcomes) const;

  /// The texts that `packed[slot]` is made of.
  std::string_view right_text(size_t slot, uint32_t right_code) const;

 private:
  struct Batch;
  Status compare_batch(const Batch& batch, Workspace* workspace, uint8_t* outcomes) const;
  Status fill_distances(size_t slot, const Batch& batch, Workspace* workspace) const;
  Status evaluate_atom(const Atom& atom, const Batch& batch, Workspace* workspace, Truth* truths) const;
  Status evaluate_sql(const Atom& atom, const Batch& batch, Workspace* workspace, Truth* truths) const;
};

}  // namespace linkwright
