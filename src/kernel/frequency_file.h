#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "column/encoded_column.h"
#include "column/value_dictionary.h"

namespace arrow {
class RecordBatch;
}  // namespace arrow

namespace linkwright {

/// The share that each value of some columns has among all records, which executors get as a file.
class TermFrequencies {
 public:
  /// Adds counts of a column's values, which may be of a part of the records: columns lw_value and lw_count.
  Status add_counts(const std::string& column, const arrow::RecordBatch& counts);

  std::string to_bytes() const;
  /// A file by its name beside the kernel's library, or by its path. Errors: it is not there, or was not written by
  /// `to_bytes`.
  static Result<TermFrequencies> read(const std::string& name);

  bool has(const std::string& column) const { return columns_.count(column) > 0; }

  /// Of each code; 0 for null. Errors: a value that was not counted.
  Result<std::vector<double>> of_codes(const EncodedColumn& column) const;

 private:
  struct Column {
    ByteStringDictionary keys;
    std::vector<int64_t> counts;
    int64_t total = 0;
  };
  std::map<std::string, Column> columns_;
};

}  // namespace linkwright
