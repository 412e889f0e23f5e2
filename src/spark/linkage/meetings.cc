#include "spark/linkage/meetings.h"

#include <arrow/array.h>
#include <arrow/record_batch.h>
#include <arrow/table.h>

#include <algorithm>

namespace linkwright::spark {
namespace {

// Records that one task is given: some 300 bytes each, with their indexes and pairs under way.
constexpr uint64_t kRowsPerPartition = 2'000'000;

// The partitions that Spark makes of what has none: as many as it runs tasks at a time.
Result<int64_t> tasks_at_a_time(const Session& session) {
  constexpr int64_t kManyRows = 100'000;
  const DataFrame partitions = session.range(0, kManyRows)
                                   .select({expr("spark_partition_id() AS lw_partition")})
                                   .agg({expr("CAST(max(lw_partition) + 1 AS BIGINT) AS lw_partitions")});
  ARROW_ASSIGN_OR_RAISE(const auto table, partitions.to_arrow());
  ARROW_ASSIGN_OR_RAISE(const auto batch, table->CombineChunksToBatch());
  if (batch->num_rows() != 1) return Status::IOError("Spark sent no count of partitions");
  return static_cast<const arrow::Int64Array&>(*batch->column(0)).Value(0);
}

}  // namespace

Result<SpreadRows> Meetings::of(const LinkageJob& job) {
  if (!is_shared_) {
    LinkageJob rules = job;
    if (rules.model.blocking_rules.empty()) rules.model.blocking_rules.emplace_back().sql = "1 = 1";
    return spread_rows(rows_.surveyed, rules, kernel_, partitions_);
  }
  if (!of_all_rules_) {
    ARROW_ASSIGN_OR_RAISE(SpreadRows spread, spread_rows(rows_.surveyed, all_rules_, kernel_, partitions_));
    ARROW_ASSIGN_OR_RAISE(DataFrame plan, named_plan(spread.packed.parcels.frame, session_));
    ARROW_ASSIGN_OR_RAISE(kept_, KeptRows::cache(std::move(plan)));
    spread.packed.parcels.frame = kept_->rows();
    of_all_rules_ = std::move(spread);
  }
  return *of_all_rules_;
}

Result<int> number_of_partitions(std::optional<int> wanted, const JobRows& rows, const LinkageJob& job,
                                 const Session& session) {
  if (wanted) return *wanted;
  ARROW_ASSIGN_OR_RAISE(const int64_t tasks, tasks_at_a_time(session));
  // A record is in as many partitions as there are rules, where there are so many.
  const uint64_t rules = std::max<size_t>(1, with_all_rules(job).model.blocking_rules.size());
  uint64_t partitions = std::max<uint64_t>(1, static_cast<uint64_t>(tasks));
  const uint64_t needed = rows.num_rows * rules / kRowsPerPartition + 1;
  if (rows.num_rows > kRowsPerPartition) partitions = std::max(partitions, needed);
  constexpr uint64_t kMost = 100'000;
  return static_cast<int>(std::min(partitions, kMost));
}

}  // namespace linkwright::spark
