#include "spark/linkage/sql_prediction.h"

#include <arrow/type.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "engine/prediction_table.h"
#include "model/match_weights.h"
#include "spark/linkage/sql_columns.h"
#include "spark/linkage/sql_pairs.h"
#include "spark/linkage/sql_refusals.h"
#include "spark/linkage/term_frequencies.h"
#include "train/em_session.h"

namespace linkwright::spark {
namespace {

void add_once(const std::string& name, std::vector<std::string>* names) {
  if (std::find(names->begin(), names->end(), name) == names->end()) names->push_back(name);
}

std::string numbered(const std::string& name, size_t comparison) { return name + std::to_string(comparison); }

// Numbers of derived columns are as wide as the embedded engine's.
std::string widened(const SqlColumns::Typed& value) {
  if (value.type.kind == ValueKind::kInteger) return "CAST(" + value.sql + " AS BIGINT)";
  if (value.type.kind == ValueKind::kDouble) return "CAST(" + value.sql + " AS DOUBLE)";
  return value.sql;
}

class PredictionQueries {
 public:
  PredictionQueries(const LinkageJob& job, const arrow::Schema& records) : job_(job), columns_(records) {}

  Result<SqlPrediction> make(const std::string& records_view, const std::string& nodes_view) {
    ARROW_RETURN_NOT_OK(need(job_.model.unique_id_column_name));
    if (job_.model.has_sources()) ARROW_RETURN_NOT_OK(need(job_.model.source_dataset_column_name));
    SqlPrediction queries;
    ARROW_ASSIGN_OR_RAISE(const std::string derived, derived_records(records_view));
    for (size_t c = 0; c < job_.model.comparisons.size(); ++c) ARROW_RETURN_NOT_OK(add_comparison(c));
    ARROW_RETURN_NOT_OK(add_frequencies());
    ARROW_ASSIGN_OR_RAISE(const std::string select, output_columns());
    ARROW_ASSIGN_OR_RAISE(const std::string pairs, sql_pairs(job_.model, columns_, nodes_view, carried_, &refusals_));
    ARROW_RETURN_NOT_OK(refusals_.status());
    queries.records = "SELECT * FROM " + derived;
    queries.id = id();
    queries.predictions = "WITH lw_pairs AS (\n" + pairs + "),\nlw_levels AS (SELECT *" + gammas_ +
                          "\nFROM lw_pairs),\nlw_weights AS (SELECT *" + weights_ +
                          "\nFROM lw_levels),\nlw_scored AS (SELECT *, " + total_weight() +
                          " AS lw_weight\nFROM lw_weights)\nSELECT " + select + "\nFROM lw_scored";
    queries.is_kept = threshold();
    return queries;
  }

 private:
  Status need(const std::string& name) const {
    return columns_.has(name) ? Status::OK() : Status::Invalid("the records have no column '", name, "'");
  }

  // --- records

  Result<std::string> derived_records(const std::string& records_view) {
    std::string rows = records_view;
    for (const DeriveSpec& derived : job_.derive) {
      const std::string place = "derived column '" + derived.column + "'";
      if (columns_.has(derived.column) && columns_.name_in_data(derived.column) == derived.column) {
        return Status::Invalid(place, " has the name of a column that exists already");
      }
      Result<SqlColumns::Typed> value = columns_.of_record(derived.sql);
      ARROW_ASSIGN_OR_RAISE(const std::string sql,
                            refusals_.note(value.ok() ? Result<std::string>(widened(*value)) : value.status(), place));
      rows = "(SELECT *, " + sql + " AS " + sql_name(derived.column) + " FROM " + rows + ")";
      columns_.add(derived.column, value.ok() ? value->type : ValueType{});
    }
    return rows;
  }

  std::string id() const {
    const std::string own = sql_name(job_.model.unique_id_column_name);
    return job_.model.has_sources()
               ? "concat(" + sql_name(job_.model.source_dataset_column_name) + ", '-__-', " + own + ")"
               : own;
  }

  // --- comparisons

  Status add_comparison(size_t c) {
    const Comparison& comparison = job_.model.comparisons[c];
    std::string conditions;
    std::string otherwise = "NULL";
    for (size_t l = 0; l < comparison.levels.size(); ++l) {
      const ComparisonLevel& level = comparison.levels[l];
      if (level.is_else()) {
        otherwise = std::to_string(comparison.gamma(l));
        break;
      }
      const std::string place =
          "comparison '" + comparison.output_column_name + "', level '" + level.label_for_charts + "'";
      ARROW_ASSIGN_OR_RAISE(const std::string sql,
                            refusals_.note(columns_.of_pair(level.sql_condition, &carried_), place));
      conditions += "\n  WHEN " + sql + " THEN " + std::to_string(comparison.gamma(l));
    }
    gammas_ += ",\n  CASE" + conditions + " ELSE " + otherwise + " END AS " + numbered("lw_gamma_", c);
    return add_weights(c);
  }

  // The weight of the level, and what term frequencies add to it.
  Status add_weights(size_t c) {
    const Comparison& comparison = job_.model.comparisons[c];
    const std::string gamma = numbered("lw_gamma_", c);
    std::string of_level;
    std::string adjustment;
    for (size_t l = 0; l < comparison.levels.size(); ++l) {
      const std::string when = " WHEN " + std::to_string(comparison.gamma(l)) + " THEN ";
      of_level += when + sql_number(match_weight(comparison, l));
      ARROW_ASSIGN_OR_RAISE(const auto wanted, term_frequency_adjustment(comparison, l));
      if (wanted) adjustment += when + adjusted(*wanted);
      if (!comparison.levels[l].tf_adjustment_column.empty()) adjusts_.push_back(c);
    }
    weights_ += ",\n  CASE " + gamma + of_level + " END AS " + numbered("lw_mw_", c);
    if (adjusts(c)) {
      weights_ += ",\n  " + (adjustment.empty() ? "0D" : "CASE " + gamma + adjustment + " ELSE 0D END") + " AS " +
                  numbered("lw_adjustment_", c);
    }
    return Status::OK();
  }

  bool adjusts(size_t c) const { return std::find(adjusts_.begin(), adjusts_.end(), c) != adjusts_.end(); }

  // greatest() passes over a null, and is null where both frequencies are.
  std::string adjusted(const TermFrequencyAdjustment& wanted) {
    const std::string column = frequency_column(wanted.column);
    std::string most = "greatest(" + sql_name(column + "_l") + ", " + sql_name(column + "_r") + ")";
    if (wanted.minimum_u > 0) {
      most = "CASE WHEN " + most + " IS NOT NULL THEN greatest(" + most + ", " + sql_number(wanted.minimum_u) + ") END";
    }
    return "coalesce(" + sql_number(wanted.weight) + " * (log2(" + sql_number(wanted.u_probability) + ") - log2(" +
           most + ")), 0D)";
  }

  // Frequencies that predictions show are there even where no level is adjusted.
  Status add_frequencies() {
    for (const std::string& column : term_frequency_columns(job_.model)) {
      ARROW_RETURN_NOT_OK(need(column));
      carried_.push_back(frequency_column(column));
    }
    return Status::OK();
  }

  // In the embedded engine's order of additions, so that weights are its to the last bit.
  std::string total_weight() const {
    std::string text = sql_number(probability_to_match_weight(job_.model.probability_two_random_records_match));
    for (size_t c = 0; c < job_.model.comparisons.size(); ++c) text += " + " + numbered("lw_mw_", c);
    for (size_t c = 0; c < job_.model.comparisons.size(); ++c) {
      if (adjusts(c)) text += " + " + numbered("lw_adjustment_", c);
    }
    return text;
  }

  std::string threshold() const {
    const std::optional<double> weight = job_.predict ? job_.predict->as_match_weight() : std::nullopt;
    return weight ? "match_weight >= " + sql_number(*weight) : "TRUE";
  }

  // --- output

  void show(const std::string& sql, const std::string& name) {
    if (std::find(shown_.begin(), shown_.end(), name) != shown_.end()) return;
    shown_.push_back(name);
    select_ += (select_.empty() ? "" : ",\n  ") + sql + " AS " + sql_name(name);
  }

  Status show_sides(const std::string& column) {
    ARROW_RETURN_NOT_OK(need(column));
    const std::string name = columns_.name_in_data(column);
    add_once(name, &carried_);
    for (const char* side : {"_l", "_r"}) show(sql_name(name + side), column + side);
    return Status::OK();
  }

  Status show_comparison(size_t c) {
    const LinkageModel& model = job_.model;
    const Comparison& comparison = model.comparisons[c];
    if (model.retain_matching_columns) {
      ARROW_ASSIGN_OR_RAISE(const std::vector<std::string> columns, columns_of(comparison));
      for (const std::string& column : columns) ARROW_RETURN_NOT_OK(show_sides(column));
      show(numbered("lw_gamma_", c), model.gamma_column(comparison));
    }
    if (!model.retain_intermediate_calculation_columns) return Status::OK();
    for (const ComparisonLevel& level : comparison.levels) {
      if (level.tf_adjustment_column.empty()) continue;
      for (const char* side : {"_l", "_r"}) {
        show(sql_name(frequency_column(level.tf_adjustment_column) + side),
             model.term_frequency_adjustment_column_prefix + level.tf_adjustment_column + side);
      }
    }
    show(numbered("lw_mw_", c), model.match_weight_column(comparison));
    if (adjusts(c)) show(numbered("lw_adjustment_", c), model.term_frequency_adjustment_column(comparison));
    return Status::OK();
  }

  Result<std::string> output_columns() {
    const LinkageModel& model = job_.model;
    show("lw_weight", "match_weight");
    show(
        "CASE WHEN lw_weight >= 0 THEN 1D / (1D + power(2D, -lw_weight)) "
        "ELSE power(2D, lw_weight) / (1D + power(2D, lw_weight)) END",
        "match_probability");
    if (job_.model.has_sources()) ARROW_RETURN_NOT_OK(show_sides(model.source_dataset_column_name));
    ARROW_RETURN_NOT_OK(show_sides(model.unique_id_column_name));
    for (size_t c = 0; c < model.comparisons.size(); ++c) ARROW_RETURN_NOT_OK(show_comparison(c));
    ARROW_ASSIGN_OR_RAISE(const std::vector<std::string> additional, additional_columns(model));
    for (const std::string& column : additional) ARROW_RETURN_NOT_OK(show_sides(column));
    show("CAST(lw_rule AS STRING)", "match_key");
    return select_;
  }

  const LinkageJob& job_;
  SqlColumns columns_;
  SqlRefusals refusals_;
  std::vector<std::string> carried_;  // columns of nodes that pairs have for both records
  std::vector<size_t> adjusts_;       // comparisons with a level that names such a column
  std::string gammas_;
  std::string weights_;
  std::vector<std::string> shown_;
  std::string select_;
};

}  // namespace

Result<SqlPrediction> sql_prediction(const LinkageJob& job, const arrow::Schema& records,
                                     const std::string& records_view, const std::string& nodes_view) {
  return PredictionQueries(job, records).make(records_view, nodes_view);
}

}  // namespace linkwright::spark
