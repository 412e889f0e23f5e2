#include "spark/linkage/sql_job.h"

#include <arrow/type.h>

#include <vector>

#include "block/blocking_rule.h"
#include "engine/training.h"
#include "expr/arrow_values.h"
#include "spark/linkage/column_types.h"
#include "spark/linkage/sql_pairs.h"
#include "spark/linkage/sql_patterns.h"
#include "spark/linkage/sql_prediction.h"
#include "spark/linkage/sql_refusals.h"
#include "spark/linkage/term_frequencies.h"
#include "train/em_session.h"

namespace linkwright::spark {
namespace {

// Numbers of derived columns are as wide as the embedded engine's, and moments have no time zone.
Result<std::string> typed(const Result<SqlColumns::Typed>& value) {
  ARROW_RETURN_NOT_OK(value.status());
  const ValueKind kind = value->type.kind;
  if (kind != ValueKind::kInteger && kind != ValueKind::kDouble && kind != ValueKind::kTimestamp) return value->sql;
  ARROW_ASSIGN_OR_RAISE(const auto type, arrow_type(value->type));
  ARROW_ASSIGN_OR_RAISE(const std::string name, ddl_of(*type));
  return "CAST(" + value->sql + " AS " + name + ")";
}

Result<std::string> derived_records(const std::vector<DeriveSpec>& derive, const std::string& records_view,
                                    SqlColumns* columns, SqlRefusals* refusals) {
  std::string rows = records_view;
  for (const DeriveSpec& derived : derive) {
    const std::string place = "derived column '" + derived.column + "'";
    if (columns->has(derived.column) && columns->name_in_data(derived.column) == derived.column) {
      return Status::Invalid(place, " has the name of a column that exists already");
    }
    const Result<SqlColumns::Typed> value = columns->of_record(derived.sql);
    ARROW_ASSIGN_OR_RAISE(const std::string sql, refusals->note(typed(value), place));
    rows = "(SELECT *, " + sql + " AS " + sql_name(derived.column) + " FROM " + rows + ")";
    columns->add(derived.column, value.ok() ? value->type : ValueType{});
  }
  return "SELECT * FROM " + rows;
}

std::string id_of(const LinkageModel& model) {
  const std::string own = sql_name(model.unique_id_column_name);
  return model.has_sources() ? "concat(" + sql_name(model.source_dataset_column_name) + ", '-__-', " + own + ")" : own;
}

// What training will ask. A rule that leaves nothing to estimate is training's own error.
Result<std::vector<PatternQuestion>> questions(const LinkageJob& job) {
  std::vector<PatternQuestion> asked;
  if (job.training.m_from_label_column)
    asked.push_back(label_column_question(job.model, *job.training.m_from_label_column));
  for (const EmTraining& em : job.training.em) {
    ARROW_ASSIGN_OR_RAISE(const BlockingRule rule, BlockingRule::parse(em.rule));
    const auto plan = plan_em_session(job.model, rule.columns());
    if (plan.ok()) asked.push_back({em.rule, plan->active, !em.without_term_frequencies});
  }
  return asked;
}

Status look_at_queries(const LinkageJob& job, const SqlColumns& columns, SqlRefusals* refusals) {
  if (job.training.prior) {
    ARROW_RETURN_NOT_OK(sql_pair_count(job.model, job.training.prior->rules, columns, "lw_nodes", refusals).status());
  }
  ARROW_ASSIGN_OR_RAISE(const std::vector<PatternQuestion> asked, questions(job));
  for (const PatternQuestion& question : asked) {
    ARROW_RETURN_NOT_OK(sql_pattern_counts(job.model, question, columns, "lw_nodes", refusals).status());
  }
  if (!job.predict) return Status::OK();
  // Rules before what is shown of them, so that errors are told of the rule.
  ARROW_RETURN_NOT_OK(sql_pairs(job.model, columns, "lw_nodes", {}, refusals).status());
  return sql_prediction(job, columns, "lw_nodes", refusals).status();
}

}  // namespace

Result<SqlJob> sql_job(const LinkageJob& job, const arrow::Schema& records, const std::string& records_view) {
  SqlJob sql{"", id_of(job.model), SqlColumns(records)};
  ARROW_RETURN_NOT_OK(sql.columns.need(job.model.unique_id_column_name));
  if (job.model.has_sources()) ARROW_RETURN_NOT_OK(sql.columns.need(job.model.source_dataset_column_name));
  SqlRefusals refusals;
  ARROW_ASSIGN_OR_RAISE(sql.records, derived_records(job.derive, records_view, &sql.columns, &refusals));
  for (const std::string& column : term_frequency_columns(job.model)) ARROW_RETURN_NOT_OK(sql.columns.need(column));
  ARROW_RETURN_NOT_OK(look_at_queries(job, sql.columns, &refusals));
  ARROW_RETURN_NOT_OK(refusals.status());
  return sql;
}

}  // namespace linkwright::spark
