#include "engine/job_columns.h"

#include <utility>

#include "base/add_once.h"
#include "engine/prediction_table.h"
#include "expr/expression.h"

namespace linkwright {
namespace {

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

Result<RecordTableOptions> record_table_options(const LinkageJob& job) {
  RecordTableOptions options;
  options.unique_id_column = job.model.unique_id_column_name;
  options.source_dataset_column = job.model.source_dataset_column_name;
  options.has_sources = job.model.has_sources();
  ARROW_ASSIGN_OR_RAISE(options.encoded, working_columns(job));
  for (const DeriveSpec& derived : job.derive) options.derived.push_back({derived.column, derived.sql});
  options.evaluation = evaluation_options(job);
  return options;
}

}  // namespace linkwright
