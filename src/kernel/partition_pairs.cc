#include "kernel/partition_pairs.h"

#include <arrow/array.h>
#include <arrow/record_batch.h>
#include <arrow/table.h>
#include <arrow/type.h>

#include <algorithm>
#include <filesystem>
#include <utility>
#include <vector>

#include "engine/job_columns.h"
#include "kernel/lonely_rows.h"

namespace linkwright {
namespace {

// Calls `take(row, value)` for every row of a column of integers.
template <typename Type, typename Take>
Status for_each_integer(const arrow::Table& rows, const std::string& name, const Take& take) {
  const auto column = rows.GetColumnByName(name);
  if (column == nullptr) {
    return Status::Invalid("the kernel's rows have '", kArmColumn, "' but no column '", name,
                           "'; rows that are sent to meet others need it");
  }
  if (column->type()->id() != Type::type_id) {
    return Status::TypeError("column '", name, "' of the kernel's rows is ", column->type()->ToString(), ", not ",
                             Type::type_name());
  }
  size_t row = 0;
  for (const auto& chunk : column->chunks()) {
    const auto& values = static_cast<const typename arrow::TypeTraits<Type>::ArrayType&>(*chunk);
    for (int64_t i = 0; i < values.length(); ++i, ++row) {
      if (values.IsNull(i)) return Status::Invalid("column '", name, "' of the kernel's rows is null in row ", row + 1);
      ARROW_RETURN_NOT_OK(take(row, values.Value(i)));
    }
  }
  return Status::OK();
}

// Where each row was sent; which record it is, is not known yet.
Result<std::vector<SentRow>> read_sent_rows(const arrow::Table& rows) {
  std::vector<SentRow> sent(static_cast<size_t>(rows.num_rows()));
  ARROW_RETURN_NOT_OK(for_each_integer<arrow::Int32Type>(rows, kArmColumn, [&](size_t row, int32_t arm) {
    sent[row].arm = static_cast<uint32_t>(arm);  // a negative one is beyond all arms
    return Status::OK();
  }));
  ARROW_RETURN_NOT_OK(for_each_integer<arrow::Int64Type>(rows, "lw_block", [&](size_t row, int64_t block) {
    sent[row].hash = static_cast<uint64_t>(block);
    return Status::OK();
  }));
  if (rows.GetColumnByName("lw_tile") == nullptr) return sent;
  ARROW_RETURN_NOT_OK(for_each_integer<arrow::Int64Type>(rows, "lw_tile", [&](size_t row, int64_t tile) {
    sent[row].tile = tile;
    return Status::OK();
  }));
  ARROW_RETURN_NOT_OK(for_each_integer<arrow::Int8Type>(rows, "lw_side", [&](size_t row, int8_t side) {
    if (side < 0 || side > 2) {
      return Status::Invalid("column 'lw_side' of the kernel's rows is ", int{side}, " in row ", row + 1,
                             "; 0, 1 and 2 are sides");
    }
    sent[row].side = static_cast<SentRow::Side>(side);
    return Status::OK();
  }));
  return sent;
}

std::string temporary_folder() {
  std::error_code failure;
  const std::filesystem::path folder = std::filesystem::temp_directory_path(failure);
  return failure ? "." : folder.string();
}

}  // namespace

KernelRun::KernelRun(const Cancellation* cancellation) : resources_(/*threads=*/1, cancellation, temporary_folder()) {}

Result<PartitionPairs> PartitionPairs::make(const PairTask& task, std::shared_ptr<arrow::Table> rows,
                                            RunContext& context) {
  ARROW_ASSIGN_OR_RAISE(std::vector<std::string> columns, working_columns(task.job));
  for (const DeriveSpec& derived : task.job.derive) columns.push_back(derived.column);
  for (const BlockingRule& rule : task.rules) {
    for (const std::string& column : rule.columns()) columns.push_back(column);
  }
  ARROW_ASSIGN_OR_RAISE(RecordTableOptions options, task.encoding(*rows->schema(), std::move(columns)));
  options.cancellation = context.cancellation;
  options.repeated_records = true;
  options.frequency_prefix = kFrequencyPrefix;
  const bool are_sent = rows->GetColumnByName(kArmColumn) != nullptr;
  std::vector<SentRow> sent;
  if (are_sent) {
    ARROW_ASSIGN_OR_RAISE(sent, read_sent_rows(*rows));
    ARROW_ASSIGN_OR_RAISE(rows, without_lonely_rows(rows, &sent));
  }
  ARROW_ASSIGN_OR_RAISE(RecordTable made, RecordTable::make({{"records", std::move(rows)}}, options, context.pool));
  auto records = std::make_unique<const RecordTable>(std::move(made));

  CandidatePairs::Options pair_options{task.job.model.links_only(), evaluation_options(task.job)};
  if (are_sent) {
    const std::span<const uint32_t> row_of_input = records->row_of_input();
    for (size_t i = 0; i < sent.size(); ++i) {
      sent[i].row = row_of_input.empty() ? static_cast<uint32_t>(i) : row_of_input[i];
    }
    pair_options.sent = sent;
  }
  ARROW_ASSIGN_OR_RAISE(CandidatePairs pairs,
                        CandidatePairs::make(task.rules, *records, pair_options, context.pool, context.cancellation));
  return PartitionPairs{std::move(records), std::move(pairs)};
}

Result<PartitionPairs> PartitionPairs::without_rows(const PairTask& task, const arrow::RecordBatchReader& rows,
                                                    RunContext& context) {
  ARROW_ASSIGN_OR_RAISE(auto none, arrow::Table::MakeEmpty(rows.schema()));
  return make(task, std::move(none), context);
}

}  // namespace linkwright
