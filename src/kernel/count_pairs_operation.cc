#include <arrow/builder.h>
#include <arrow/record_batch.h>
#include <arrow/table.h>
#include <arrow/type.h>

#include <memory>
#include <utility>
#include <vector>

#include "engine/pattern_counts.h"
#include "kernel/operations.h"
#include "kernel/pair_task.h"
#include "kernel/partition_pairs.h"
#include "kernel/partition_stream.h"

namespace linkwright {
namespace {

Status count(const PairTask& task, const std::shared_ptr<arrow::Schema>& schema, std::shared_ptr<arrow::Table> rows,
             const BackgroundBatches::Put& put, const Cancellation& cancellation) {
  KernelRun run(&cancellation);
  ARROW_ASSIGN_OR_RAISE(const PartitionPairs partition, PartitionPairs::make(task, {}, std::move(rows), run.context()));
  ARROW_ASSIGN_OR_RAISE(const std::vector<uint64_t> counts, count_pairs_by_rule(partition.pairs, run.context()));
  arrow::Int32Builder rules;
  arrow::Int64Builder pairs;
  for (size_t rule = 0; rule < counts.size(); ++rule) {
    ARROW_RETURN_NOT_OK(rules.Append(static_cast<int32_t>(rule)));
    ARROW_RETURN_NOT_OK(pairs.Append(static_cast<int64_t>(counts[rule])));
  }
  arrow::ArrayVector columns(2);
  ARROW_RETURN_NOT_OK(rules.Finish(columns.data()));
  ARROW_RETURN_NOT_OK(pairs.Finish(&columns[1]));
  return put(arrow::RecordBatch::Make(schema, static_cast<int64_t>(counts.size()), std::move(columns)));
}

}  // namespace

Result<RowStream> count_pairs_operation(KernelTask& options, RowStream rows) {
  ARROW_ASSIGN_OR_RAISE(PairTask task, PairTask::read(options));
  ARROW_RETURN_NOT_OK(options.options().check_unknown_keys());
  KernelRun run;
  ARROW_RETURN_NOT_OK(PartitionPairs::without_rows(task, {}, *rows, run.context()).status());
  auto schema = arrow::schema({arrow::field("lw_rule", arrow::int32()), arrow::field("lw_pairs", arrow::int64())});
  return std::make_shared<PartitionStream>(
      schema, std::move(rows),
      [task = std::move(task), schema](auto partition, const auto& put, const auto& cancellation) {
        return count(task, schema, std::move(partition), put, cancellation);
      });
}

}  // namespace linkwright
