#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/cancellation.h"
#include "base/status.h"
#include "column/encoded_column.h"

namespace arrow {
class Table;
}

namespace linkwright {

/// A column by name, encoded; the error names the table and the nearest column.
Result<EncodedColumn> encoded_column(const arrow::Table& table, const std::string& name, const std::string& what);

/// Finds the rows of records by their ids, or by (source dataset, id) where records have a source dataset.
class RecordNumbers {
 public:
  /// Errors: no id column, an id that is missing or repeated; Cancelled.
  static Result<RecordNumbers> make(const arrow::Table& records, const std::string& id_column,
                                    const std::string& source_column, const Cancellation* cancellation = nullptr);

  /// Rows of the ids in the columns `<id><suffix>` and `<source><suffix>` of a table of pairs. Errors: an id that no
  /// record has, ids of another type; Cancelled, by what `make` was given.
  Result<std::vector<uint32_t>> rows_of(const arrow::Table& pairs, const std::string& suffix,
                                        const std::string& what) const;

  bool has_sources() const { return !sources_.codes.empty(); }
  const std::vector<uint32_t>& source_of_row() const { return sources_.codes; }

 private:
  EncodedColumn ids_, sources_;
  std::unordered_map<uint64_t, uint32_t> row_of_;
  const Cancellation* cancellation_ = nullptr;
};

/// For loops over rows, once a row: looks whether work is to end once in 2^16 of them.
inline Status check_cancelled_at(size_t row, const Cancellation* cancellation) {
  constexpr size_t kRowsBetween = size_t{1} << 16;
  return cancellation != nullptr && row % kRowsBetween == 0 ? cancellation->check() : Status::OK();
}

}  // namespace linkwright
