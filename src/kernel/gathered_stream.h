#pragma once

#include <arrow/record_batch.h>
#include <arrow/type_fwd.h>

#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "base/status.h"
#include "kernel/operations.h"

namespace linkwright {

/// Rows that a GatheredStream waits for: each batch is given to the operation by itself.
inline constexpr int64_t kEachBatch = 1;

/// What an operation makes of some batches at a time, which have `rows_at_once` rows or more but for the last of them,
/// and of having seen all, when it is asked for, by the thread that asks. Where there are no rows it makes nothing.
class GatheredStream final : public arrow::RecordBatchReader {
 public:
  using Batches = std::vector<std::shared_ptr<arrow::RecordBatch>>;
  using Map = std::function<Result<Batches>(std::shared_ptr<arrow::Table> rows)>;
  using Finish = std::function<Result<Batches>()>;

  GatheredStream(std::shared_ptr<arrow::Schema> schema, RowStream rows, int64_t rows_at_once, Map map,
                 Finish finish = {});

  std::shared_ptr<arrow::Schema> schema() const override { return schema_; }
  Status ReadNext(std::shared_ptr<arrow::RecordBatch>* batch) override;

 private:
  Status make_ready();

  std::shared_ptr<arrow::Schema> schema_;
  RowStream rows_;
  int64_t rows_at_once_;
  Map map_;
  Finish finish_;
  std::deque<std::shared_ptr<arrow::RecordBatch>> ready_;
  bool has_rows_ = false;
  bool is_done_ = false;
};

}  // namespace linkwright
