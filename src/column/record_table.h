#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/cancellation.h"
#include "base/status.h"
#include "column/encoded_column.h"

namespace arrow {
class Array;
class ChunkedArray;
class Table;
}  // namespace arrow

namespace linkwright {

class ThreadPool;

/// One input dataset and the name its records carry as `source_dataset`.
struct SourceTable {
  std::string name;
  std::shared_ptr<arrow::Table> table;
};

/// A column to compute when records are made, from columns that are read or were derived before it.
struct DerivedColumn {
  std::string name;
  std::string sql;
};

struct RecordTableOptions {
  std::string unique_id_column = "unique_id";
  std::string source_dataset_column = "source_dataset";
  bool has_sources = false;          // the records come from named datasets (every link type but dedupe_only)
  std::vector<std::string> encoded;  // columns that rules, comparisons and outputs work on
  std::vector<DerivedColumn> derived;
  EvaluationOptions evaluation;
  const Cancellation* cancellation = nullptr;
  bool repeated_records = false;  // records may come several times, and are kept once
  bool by_id = true;              // false: rows stay as they come, for work on single records; ids may be missing
  std::string frequency_prefix;   // columns <prefix><column> hold term frequencies; "": they are counted
};

/// All records of a run, numbered in order of id.
///
/// Row numbers ARE the order of ids: row i < row j means id i < id j, so "left" is simply the smaller number and a
/// cluster's id is its smallest row. The order is Splink's: integers by value and text by bytes in a single dataset;
/// with several, by the text `<source_dataset>-__-<unique_id>`, records of one dataset together.
/// Immutable once made; safe to read from any thread.
class RecordTable {
 public:
  /// Errors: a missing column (with the nearest name), a null or repeated id (with its rows), datasets whose columns
  /// differ from the first one's; Cancelled.
  static Result<RecordTable> make(std::vector<SourceTable> sources, const RecordTableOptions& options,
                                  ThreadPool& pool);

  size_t num_rows() const { return num_rows_; }

  /// The id of every row, int64 or text as in the input.
  const std::shared_ptr<arrow::Array>& ids() const { return ids_; }
  std::string id_text(uint32_t row) const;

  bool has_sources() const { return has_sources_; }
  const std::vector<std::string>& source_names() const { return source_names_; }
  /// Index into `source_names` for every row, ascending; empty for a single dataset.
  std::span<const uint16_t> source_of_row() const { return source_of_row_; }

  /// An encoded or derived column; the error names the nearest.
  Result<const EncodedColumn*> column(std::string_view name) const;
  bool has_column(std::string_view name) const;
  Result<ValueType> column_type(std::string_view name) const;
  std::vector<std::string> column_names() const;  // in input order, derived ones last

  /// The other columns of the input, as read, in input order; `input_row` gives the place of every row there.
  const std::shared_ptr<arrow::Table>& unencoded() const { return unencoded_; }
  /// Row of every input record; empty when the input was in order of id already, each record once.
  std::span<const uint32_t> row_of_input() const { return row_of_input_; }

 private:
  size_t num_rows_ = 0;
  bool has_sources_ = false;
  std::shared_ptr<arrow::Array> ids_;
  std::vector<std::string> source_names_;
  std::vector<uint16_t> source_of_row_;
  std::vector<std::string> names_;
  std::map<std::string, EncodedColumn, std::less<>> encoded_;
  std::shared_ptr<arrow::Table> unencoded_;
  std::vector<uint32_t> row_of_input_;
};

/// An expression over any number of columns, row by row.
Result<DerivedCodes> derive_codes_of_rows(const RecordTable& records, const Evaluator& evaluator);

}  // namespace linkwright
