#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/status.h"
#include "column/record_table.h"
#include "expr/arrow_values.h"
#include "expr/evaluator.h"

namespace linkwright {

/// What one side of a condition reads of a record, as one code: a column, or the distinct combinations of several.
///
/// For a plain column codes are the column's own. For a combination, code k stands for
/// `member_codes[k * members.size() ...]`, a code of each member column.
struct BaseColumn {
  std::vector<const EncodedColumn*> members;
  std::vector<uint32_t> row_codes;     // combinations only
  std::vector<uint32_t> member_codes;  // combinations only
  uint32_t num_codes = 0;

  const std::vector<uint32_t>& codes() const { return members.size() == 1 ? members[0]->codes : row_codes; }
};

/// The base columns of a program, each made once. References stay valid as more are added.
class BaseColumns {
 public:
  explicit BaseColumns(const RecordTable& records) : records_(records) {}

  /// `names` in the order in which an expression reads them.
  Result<const BaseColumn*> get(const std::vector<std::string>& names);

 private:
  const RecordTable& records_;
  std::map<std::vector<std::string>, std::unique_ptr<BaseColumn>> made_;
};

/// Reads the values of a base column's members by code. Not thread-safe (ArrayValues).
class BaseColumnValues {
 public:
  static Result<BaseColumnValues> make(const BaseColumn& column);

  size_t width() const { return dictionaries_.size(); }
  /// Fills `values` (width() of them) with the members' values of `code`; lists stay valid until the next call.
  void at(uint32_t code, Value* values);

 private:
  const BaseColumn* column_ = nullptr;
  std::vector<ArrayValues> dictionaries_;
};

/// An expression over the members of `column` (in their order), evaluated for every code.
Result<DerivedCodes> derive_codes(const BaseColumn& column, const Evaluator& evaluator);

}  // namespace linkwright
