#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

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
  /// Errors: no id column, an id that is missing or repeated.
  static Result<RecordNumbers> make(const arrow::Table& records, const std::string& id_column,
                                    const std::string& source_column);

  /// Rows of the ids in the columns `<id><suffix>` and `<source><suffix>` of a table of pairs.
  Result<std::vector<uint32_t>> rows_of(const arrow::Table& pairs, const std::string& suffix,
                                        const std::string& what) const;

  bool has_sources() const { return !sources_.codes.empty(); }
  const std::vector<uint32_t>& source_of_row() const { return sources_.codes; }

 private:
  EncodedColumn ids_, sources_;
  std::unordered_map<uint64_t, uint32_t> row_of_;
};

}  // namespace linkwright
