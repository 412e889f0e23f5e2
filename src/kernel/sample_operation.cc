#include <arrow/record_batch.h>
#include <arrow/table.h>
#include <arrow/type.h>

#include <memory>
#include <numeric>
#include <utility>
#include <vector>

#include "engine/u_sample.h"
#include "kernel/chosen_rows.h"
#include "kernel/gathered_stream.h"
#include "kernel/operations.h"
#include "kernel/pair_task.h"
#include "kernel/partition_pairs.h"

namespace linkwright {
namespace {

struct Sample {
  RecordTableOptions options;
  double proportion = 1;
  uint64_t seed = 1;

  Result<GatheredStream::Batches> map(const std::shared_ptr<arrow::Table>& rows) const {
    KernelRun run;
    ARROW_ASSIGN_OR_RAISE(const RecordTable records,
                          RecordTable::make({{"records", rows}}, options, run.context().pool));
    std::vector<uint32_t> places;
    for (uint32_t row = 0; row < records.num_rows(); ++row) {
      if (proportion >= 1 || is_in_u_sample(records.id_text(row), seed, proportion)) places.push_back(row);
    }
    if (places.empty()) return GatheredStream::Batches{};
    std::vector<int> columns(static_cast<size_t>(rows->num_columns()));
    std::iota(columns.begin(), columns.end(), 0);
    ARROW_ASSIGN_OR_RAISE(const auto batch, rows->CombineChunksToBatch());
    ARROW_ASSIGN_OR_RAISE(auto chosen, columns_at(*batch, columns, places));
    return GatheredStream::Batches{
        arrow::RecordBatch::Make(rows->schema(), static_cast<int64_t>(places.size()), std::move(chosen))};
  }
};

}  // namespace

Result<RowStream> sample_operation(KernelTask& options, RowStream rows) {
  ARROW_ASSIGN_OR_RAISE(const PairTask task, PairTask::read(options));
  Sample sample;
  ARROW_ASSIGN_OR_RAISE(sample.proportion, options.options().number("proportion"));
  constexpr int64_t kMostSeed = int64_t{1} << 53;
  ARROW_ASSIGN_OR_RAISE(const int64_t seed, options.options().whole_or("seed", 1, 0, kMostSeed));
  ARROW_RETURN_NOT_OK(options.options().check_unknown_keys());
  sample.seed = static_cast<uint64_t>(seed);
  ARROW_ASSIGN_OR_RAISE(sample.options, task.encoding_in_order(*rows->schema(), {}));
  auto schema = rows->schema();
  return std::make_shared<GatheredStream>(std::move(schema), std::move(rows), kEachBatch,
                                          [sample](const auto& table) { return sample.map(table); });
}

}  // namespace linkwright
