#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/status.h"
#include "expr/evaluator.h"
#include "expr/value.h"

namespace arrow {
class Array;
class ChunkedArray;
}  // namespace arrow

namespace linkwright {

/// One column of all records as codes into its distinct values: what every later stage works on.
///
/// Code 0 is null; code k stands for `values[k - 1]`. Codes are given in order of first appearance, so they do not
/// depend on the number of threads. Immutable once made; safe to read from any thread.
struct EncodedColumn {
  std::string name;
  ValueType type;
  std::vector<uint32_t> codes;           // one a record
  std::shared_ptr<arrow::Array> values;  // distinct and not null

  // Term frequencies of the codes, where these are a part of the records that they were counted among; else empty.
  std::vector<double> given_frequencies = {};

  uint32_t num_codes() const;  // distinct values plus the null code
};

/// Encodes an Arrow column of any type that expressions know (text, numbers, dates, timestamps, booleans, lists).
/// Doubles are distinct by value: -0.0 is 0.0, and all NaN are one value. Text that is not dictionary-encoded, and text
/// that is, give the same codes. Errors: a type that expressions do not know (named), more than 2^32 - 2 distinct
/// values.
Result<EncodedColumn> encode_column(std::string name, const arrow::ChunkedArray& column);

/// An expression's outcomes, with values distinct again: `code_of[i]`, for the i-th input, is a code into `values`.
struct DerivedCodes {
  ValueType type;
  std::vector<uint32_t> code_of;
  std::shared_ptr<arrow::Array> values;

  uint32_t num_codes() const;
};

/// Fills in what the columns of an expression hold for one input, in the expression's order of columns.
using DerivedInput = std::function<void(uint32_t input, Value* values)>;
/// What an expression gives for each of the inputs 0, 1, 2, ... as codes of its distinct values. Errors: SQL refuses a
/// value, as in a cast.
Result<DerivedCodes> derive_codes(const Evaluator& evaluator, size_t num_inputs, const DerivedInput& input);

/// The inputs are the codes of a column, 0 first: what a comparison or a key needs of it is computed once a distinct
/// value, not once a row. `evaluator` must read exactly one column, or none.
Result<DerivedCodes> derive_codes(const EncodedColumn& source, const Evaluator& evaluator);

/// For every code of `from`, the code of the equal value in `to`, or `kNoCode`; null maps to kNoCode, since null equals
/// nothing. Both have the same type.
inline constexpr uint32_t kNoCode = UINT32_MAX;
Result<std::vector<uint32_t>> translate_codes(const arrow::Array& from, const arrow::Array& to);

/// Term frequencies (the share of a value among the records that are not null, or as it is given) as small numbers in
/// their order: equal frequencies have one rank, a larger one has a larger rank, null has rank 0. A column of n records
/// has at most sqrt(2n) of them, so what depends on a frequency fits in a table.
/// Source: Splink's term frequency tables (count(v) / count(non-null) over all inputs together).
struct TermFrequencyRanks {
  std::vector<uint16_t> rank_of_code;
  std::vector<double> frequencies;  // of each rank; 0 for rank 0

  double frequency(uint32_t code) const { return frequencies[rank_of_code[code]]; }
};

/// Errors: more than 65,535 different frequencies, which take 2^31 records.
Result<TermFrequencyRanks> rank_term_frequencies(const EncodedColumn& column);

/// Records of each code.
std::vector<uint32_t> count_codes(const EncodedColumn& column);

}  // namespace linkwright
