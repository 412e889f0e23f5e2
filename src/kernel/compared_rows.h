#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "base/status.h"

namespace arrow {
class RecordBatch;
class Schema;
}  // namespace arrow

namespace linkwright {

/// Rows of two kinds in one stream: results, and behind them rows that have nothing but `lw_rule` and `lw_compared`,
/// how many pairs each rule had compared. Immutable; thread-safe.
class ComparedRows {
 public:
  explicit ComparedRows(std::shared_ptr<arrow::Schema> results);

  /// The columns of the results, and behind them the two of the counts.
  const std::shared_ptr<arrow::Schema>& schema() const { return schema_; }

  Result<std::shared_ptr<arrow::RecordBatch>> of_results(const arrow::RecordBatch& results) const;
  /// A row for each rule that had pairs; none of them where there were no pairs.
  Result<std::shared_ptr<arrow::RecordBatch>> of_counts(std::span<const uint64_t> compared_by_rule) const;

 private:
  std::shared_ptr<arrow::Schema> results_;
  std::shared_ptr<arrow::Schema> schema_;
};

}  // namespace linkwright
