#include "kernel/pair_task.h"

#include <arrow/type.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/column_name.h"
#include "base/nearest_name.h"
#include "engine/job_columns.h"
#include "expr/expression.h"

namespace linkwright {

namespace {

// Blocks are cut as [[hash, parts], ...].
Status read_spread(JsonObject& options, PairTask* task) {
  constexpr int64_t kMostPartitions = 1'000'000;
  ARROW_ASSIGN_OR_RAISE(const int64_t partitions, options.whole_or("partitions", 1, 1, kMostPartitions));
  task->partitions = static_cast<uint32_t>(partitions);
  ARROW_ASSIGN_OR_RAISE(const auto blocks, options.list_or_empty("cut_blocks"));
  for (const auto* block : blocks) {
    const bool is_block = block->is_array() && block->size() == 2 && (*block)[0].is_number_unsigned() &&
                          (*block)[1].is_number_unsigned() && (*block)[1].get<uint64_t>() <= kMostPartitions;
    if (!is_block) return options.error("cut_blocks", "has " + shown(*block) + "; expected [hash, parts]");
    task->cut_blocks.push_back({(*block)[0].get<uint64_t>(), (*block)[1].get<uint32_t>()});
  }
  return Status::OK();
}

}  // namespace

Result<PairTask> PairTask::read(KernelTask& task) {
  PairTask read;
  ARROW_ASSIGN_OR_RAISE(read.job, task.job());
  if (!task.options().has("rules")) {
    ARROW_ASSIGN_OR_RAISE(read.rules, blocking_rules(read.job.model));
  } else {
    ARROW_ASSIGN_OR_RAISE(const std::vector<std::string> rules, task.options().names_or_empty("rules"));
    for (const std::string& sql : rules) {
      ARROW_ASSIGN_OR_RAISE(read.rules.emplace_back(), BlockingRule::parse(sql));
    }
  }
  if (read.rules.empty()) {  // as CandidatePairs has it: every record meets every other
    ARROW_ASSIGN_OR_RAISE(read.rules.emplace_back(), BlockingRule::parse("1 = 1"));
  }
  ARROW_RETURN_NOT_OK(read_spread(task.options(), &read));
  return read;
}

std::vector<PairTask::Arm> PairTask::arms() const {
  std::vector<Arm> arms;
  for (const BlockingRule& rule : rules) {
    for (const RuleArm& arm : rule.arms) arms.push_back({&rule, &arm});
  }
  return arms;
}

Status PairTask::check_frequencies(const arrow::Schema& rows, const std::vector<Comparison>& comparisons) {
  if (rows.GetFieldIndex(kPartitionColumn) < 0) return Status::OK();
  const std::vector<std::string> names = rows.field_names();
  for (const Comparison& comparison : comparisons) {
    for (const ComparisonLevel& level : comparison.levels) {
      if (level.tf_adjustment_column.empty()) continue;
      const std::string name = kFrequencyPrefix + level.tf_adjustment_column;
      if (column_meant_by(name, names) != nullptr) continue;
      return Status::Invalid("the kernel's rows have no column '", name, "'; comparison '",
                             comparison.output_column_name, "' adjusts for the term frequency of '",
                             level.tf_adjustment_column, "' among all records, which rows of a partition cannot tell");
    }
  }
  return Status::OK();
}

Result<RecordTableOptions> PairTask::encoding(const arrow::Schema& rows, std::vector<std::string> columns) const {
  ARROW_ASSIGN_OR_RAISE(RecordTableOptions options, record_table_options(job));
  for (const std::string& column : {options.unique_id_column, options.source_dataset_column}) {
    if (column == options.source_dataset_column && !options.has_sources) continue;
    if (rows.GetFieldIndex(column) >= 0) continue;
    return Status::Invalid("the kernel's rows have no column '", column, "'", suggestion(column, rows.field_names()),
                           "; records need their id, and their dataset where the job links several");
  }
  std::erase_if(options.derived, [&](const DerivedColumn& derived) { return rows.GetFieldIndex(derived.name) >= 0; });
  const auto is_read = [&](const DerivedColumn& derived) {
    return std::find(columns.begin(), columns.end(), derived.name) != columns.end();
  };
  if (std::none_of(options.derived.begin(), options.derived.end(), is_read)) options.derived.clear();
  for (const DerivedColumn& derived : options.derived) {
    ARROW_ASSIGN_OR_RAISE(const Expression expression, Expression::parse(derived.sql));
    for (const ColumnReference& column : expression.columns()) columns.push_back(column.name);
  }
  options.encoded = std::move(columns);
  return options;
}

Result<RecordTableOptions> PairTask::encoding_in_order(const arrow::Schema& rows,
                                                       std::vector<std::string> columns) const {
  ARROW_ASSIGN_OR_RAISE(RecordTableOptions options, encoding(rows, std::move(columns)));
  options.by_id = false;
  options.has_sources = false;
  return options;
}

}  // namespace linkwright
