#include "kernel/partition_pairs.h"

#include <arrow/array.h>
#include <arrow/record_batch.h>
#include <arrow/table.h>
#include <arrow/type.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <span>
#include <utility>

#include "engine/job_columns.h"
#include "kernel/record_keys.h"

namespace linkwright {
namespace {

// The partition that each row was sent to.
Result<std::vector<uint32_t>> read_partitions(const arrow::ChunkedArray& column, uint32_t partitions) {
  if (column.type()->id() != arrow::Type::INT32) {
    return Status::TypeError("column '", kPartitionColumn, "' of the kernel's rows is ", column.type()->ToString(),
                             ", not int32");
  }
  std::vector<uint32_t> of_row;
  of_row.reserve(static_cast<size_t>(column.length()));
  for (const auto& chunk : column.chunks()) {
    const auto& values = static_cast<const arrow::Int32Array&>(*chunk);
    for (int64_t i = 0; i < values.length(); ++i) {
      const auto partition = static_cast<uint32_t>(values.Value(i));
      if (values.IsNull(i) || partition >= partitions) {
        return Status::Invalid("row ", of_row.size() + 1, " of the kernel's rows was sent to partition ",
                               values.IsNull(i) ? "null" : std::to_string(values.Value(i)), " of ", partitions);
      }
      of_row.push_back(partition);
    }
  }
  return of_row;
}

std::vector<uint32_t> distinct(std::vector<uint32_t> numbers) {
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  return numbers;
}

// A record is sent to a partition once, so that one that is there twice is two records with one id.
Status check_ids(const RecordTable& records, std::span<const uint32_t> partition_of_input, const PairTask& task) {
  const std::span<const uint32_t> row_of_input = records.row_of_input();
  if (partition_of_input.size() == records.num_rows()) return Status::OK();
  std::vector<std::pair<uint32_t, uint32_t>> sent;  // row and partition
  sent.reserve(partition_of_input.size());
  for (size_t i = 0; i < partition_of_input.size(); ++i) sent.emplace_back(row_of_input[i], partition_of_input[i]);
  std::sort(sent.begin(), sent.end());
  const auto twice = std::adjacent_find(sent.begin(), sent.end());
  if (twice == sent.end()) return Status::OK();
  const auto times = std::upper_bound(twice, sent.end(), *twice) - twice;
  const uint32_t row = twice->first;
  const std::string where =
      records.has_sources() ? " of dataset '" + records.source_names()[records.source_of_row()[row]] + "'" : "";
  return Status::Invalid("column '", task.job.model.unique_id_column_name, "'", where, " must be unique, but ",
                         records.id_text(row), " is in ", times, " records; deduplicate the ids first");
}

std::string temporary_folder() {
  std::error_code failure;
  const std::filesystem::path folder = std::filesystem::temp_directory_path(failure);
  return failure ? "." : folder.string();
}

}  // namespace

KernelRun::KernelRun(const Cancellation* cancellation) : resources_(/*threads=*/1, cancellation, temporary_folder()) {}

Result<PartitionPairs> PartitionPairs::make(const PairTask& task, std::vector<std::string> columns,
                                            std::shared_ptr<arrow::Table> rows, RunContext& context) {
  for (const std::string& column : RecordKeys::columns(task)) columns.push_back(column);
  ARROW_ASSIGN_OR_RAISE(RecordTableOptions options, task.encoding(*rows->schema(), std::move(columns)));
  options.cancellation = context.cancellation;
  options.frequency_prefix = kFrequencyPrefix;
  std::vector<uint32_t> partition_of_input;
  std::optional<BlockShare> share;
  if (const auto column = rows->GetColumnByName(kPartitionColumn); column != nullptr) {
    ARROW_ASSIGN_OR_RAISE(partition_of_input, read_partitions(*column, task.partitions));
    share.emplace(task.partitions, task.cut_blocks, distinct(partition_of_input));
    options.repeated_records = true;
  }
  ARROW_ASSIGN_OR_RAISE(RecordTable made, RecordTable::make({{"records", std::move(rows)}}, options, context.pool));
  auto records = std::make_unique<const RecordTable>(std::move(made));
  if (share) ARROW_RETURN_NOT_OK(check_ids(*records, partition_of_input, task));

  const CandidatePairs::Options pair_options{task.job.model.links_only(), evaluation_options(task.job),
                                             share ? &*share : nullptr};
  ARROW_ASSIGN_OR_RAISE(CandidatePairs pairs,
                        CandidatePairs::make(task.rules, *records, pair_options, context.pool, context.cancellation));
  return PartitionPairs{std::move(records), std::move(pairs)};
}

Result<std::vector<std::string>> PartitionPairs::compared_columns(const PairTask& task) {
  ARROW_ASSIGN_OR_RAISE(std::vector<std::string> columns, working_columns(task.job));
  for (const DeriveSpec& derived : task.job.derive) columns.push_back(derived.column);
  return columns;
}

Result<PartitionPairs> PartitionPairs::without_rows(const PairTask& task, std::vector<std::string> columns,
                                                    const arrow::RecordBatchReader& rows, RunContext& context) {
  ARROW_ASSIGN_OR_RAISE(auto none, arrow::Table::MakeEmpty(rows.schema()));
  return make(task, std::move(columns), std::move(none), context);
}

}  // namespace linkwright
