#include "engine/job_records.h"

#include <arrow/array/builder_primitive.h>
#include <arrow/chunked_array.h>
#include <arrow/table.h>
#include <arrow/type.h>

#include <algorithm>
#include <map>
#include <utility>

#include "engine/prediction_table.h"
#include "expr/expression.h"
#include "io/rejects.h"
#include "io/table_reader.h"

namespace linkwright {
namespace {

void add_once(const std::string& name, std::vector<std::string>* names) {
  if (std::find(names->begin(), names->end(), name) == names->end()) names->push_back(name);
}

Status add_rule_columns(const std::string& sql, std::vector<std::string>* names) {
  ARROW_ASSIGN_OR_RAISE(const BlockingRule rule, BlockingRule::parse(sql));
  for (const std::string& column : rule.columns()) add_once(column, names);
  return Status::OK();
}

// Level conditions name columns as x_l and x_r; whether `x` or `x_l` is the column is told once the inputs are read, so
// both are asked for. Names that are no column do no harm.
Status add_condition_columns(const LinkageModel& model, std::vector<std::string>* names) {
  for (const Comparison& comparison : model.comparisons) {
    for (const ComparisonLevel& level : comparison.levels) {
      if (level.is_else()) continue;
      auto condition = Expression::parse(level.sql_condition);
      if (!condition.ok()) {
        return condition.status().WithMessage("comparison '", comparison.output_column_name, "', level '",
                                              level.label_for_charts, "': ", condition.status().message());
      }
      for (const ColumnReference& column : condition->columns()) {
        add_once(column.name, names);
        if (column.name.size() > 2) add_once(column.name.substr(0, column.name.size() - 2), names);
      }
    }
  }
  return Status::OK();
}

// Records of data without an id are told apart by their place: a settings' unique_id_column_name of row_number means
// this, unless the data has a column of that name.
Result<std::shared_ptr<arrow::Table>> with_row_numbers(std::shared_ptr<arrow::Table> table, const std::string& id) {
  if (id != "row_number" || table->GetColumnByName(id) != nullptr) return table;
  arrow::Int64Builder numbers;
  ARROW_RETURN_NOT_OK(numbers.Reserve(table->num_rows()));
  for (int64_t row = 1; row <= table->num_rows(); ++row) numbers.UnsafeAppend(row);
  ARROW_ASSIGN_OR_RAISE(const std::shared_ptr<arrow::Array> column, numbers.Finish());
  return table->AddColumn(0, arrow::field(id, arrow::int64()), std::make_shared<arrow::ChunkedArray>(column));
}

}  // namespace

EvaluationOptions evaluation_options(const LinkageJob& job) {
  EvaluationOptions options;
  if (job.plain_jaro_winkler) options.jaro_winkler = JaroWinklerRounding::kPlain;
  return options;
}

Result<std::vector<BlockingRule>> blocking_rules(const LinkageModel& model) {
  std::vector<BlockingRule> rules;
  for (const BlockingRuleSettings& settings : model.blocking_rules) {
    ARROW_ASSIGN_OR_RAISE(auto rule, BlockingRule::parse(settings.sql, settings.arrays_to_explode));
    rules.push_back(std::move(rule));
  }
  return rules;
}

Result<std::vector<std::string>> working_columns(const LinkageJob& job) {
  std::vector<std::string> names;
  ARROW_RETURN_NOT_OK(add_condition_columns(job.model, &names));
  for (const BlockingRuleSettings& rule : job.model.blocking_rules) {
    ARROW_RETURN_NOT_OK(add_rule_columns(rule.sql, &names));
  }
  if (job.training.prior) {
    for (const std::string& rule : job.training.prior->rules) ARROW_RETURN_NOT_OK(add_rule_columns(rule, &names));
  }
  for (const EmTraining& em : job.training.em) ARROW_RETURN_NOT_OK(add_rule_columns(em.rule, &names));
  if (job.training.m_from_label_column) add_once(job.training.m_from_label_column->column, &names);
  ARROW_ASSIGN_OR_RAISE(const std::vector<std::string> retained, retained_columns(job.model));
  for (const std::string& column : retained) add_once(column, &names);
  for (const DeriveSpec& derived : job.derive) {
    auto expression = Expression::parse(derived.sql);
    if (!expression.ok()) {
      return expression.status().WithMessage("derived column '", derived.column, "': ", expression.status().message());
    }
    for (const ColumnReference& column : expression->columns()) add_once(column.name, &names);
  }
  return names;
}

ReadOptions read_options(const InputSpec& input, const Cancellation* cancellation) {
  ReadOptions options;
  options.cancellation = cancellation;
  for (const auto& [column, type] : input.types) {
    if (type == "text") options.text_columns.push_back(column);
  }
  return options;
}

Result<RecordTable> read_records(const LinkageJob& job, const RunOptions& options, RunContext& context,
                                 RunReport* report, FilePublisher* publisher) {
  StageTimer reading(context, "read", "rows");
  std::vector<SourceTable> sources;
  Rejects rejects(options.rejects_path, publisher);
  for (const InputSpec& input : job.inputs) {
    ReadOptions input_options = read_options(input, context.cancellation);
    if (!options.rejects_path.empty()) input_options.rejects = &rejects;
    ReadReport read;
    ARROW_ASSIGN_OR_RAISE(auto table, read_tables(input.paths, input_options, context.pool, &read));
    report->inputs.push_back({input.name, read.rows, read.rejected_lines});
    report->records += static_cast<uint64_t>(table->num_rows());
    ARROW_ASSIGN_OR_RAISE(table, with_row_numbers(std::move(table), job.model.unique_id_column_name));
    sources.push_back({input.name, std::move(table)});
  }
  ARROW_RETURN_NOT_OK(rejects.finish());
  reading.finish(report->records);

  StageTimer preparing(context, "prepare", "rows");
  RecordTableOptions table_options;
  table_options.unique_id_column = job.model.unique_id_column_name;
  table_options.source_dataset_column = job.model.source_dataset_column_name;
  table_options.has_sources = job.model.link_type != LinkType::kDedupeOnly;
  ARROW_ASSIGN_OR_RAISE(table_options.encoded, working_columns(job));
  for (const DeriveSpec& derived : job.derive) table_options.derived.push_back({derived.column, derived.sql});
  table_options.evaluation = evaluation_options(job);
  table_options.cancellation = context.cancellation;
  ARROW_ASSIGN_OR_RAISE(RecordTable records, RecordTable::make(std::move(sources), table_options, context.pool));
  preparing.finish(records.num_rows());
  if (job.model.link_type == LinkType::kLinkOnly && records.source_names().size() < 2) {
    return Status::Invalid("link_only links the records of two or more datasets, and all of these are of one",
                           records.source_names().empty() ? "" : " ('" + records.source_names()[0] + "')",
                           "; give the other dataset as a second input, or have a column '",
                           job.model.source_dataset_column_name,
                           "' that names each record's dataset; link_type dedupe_only is for records of one dataset");
  }
  return records;
}

}  // namespace linkwright
