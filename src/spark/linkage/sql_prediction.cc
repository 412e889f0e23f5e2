#include "spark/linkage/sql_prediction.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "base/add_once.h"
#include "engine/prediction_table.h"
#include "model/match_weights.h"
#include "spark/linkage/sql_levels.h"
#include "spark/linkage/sql_pairs.h"
#include "spark/linkage/term_frequencies.h"
#include "train/em_session.h"

namespace linkwright::spark {
namespace {

std::string numbered(const std::string& name, size_t comparison) { return name + std::to_string(comparison); }

class PredictionQueries {
 public:
  PredictionQueries(const LinkageJob& job, const SqlColumns& columns, SqlRefusals* refusals)
      : job_(job), columns_(columns), refusals_(refusals) {}

  Result<SqlPrediction> make(const std::string& nodes_view) {
    for (size_t c = 0; c < job_.model.comparisons.size(); ++c) ARROW_RETURN_NOT_OK(add_comparison(c));
    // Frequencies that predictions show are there even where no level is adjusted.
    for (const std::string& column : term_frequency_columns(job_.model)) carried_.push_back(frequency_column(column));
    ARROW_ASSIGN_OR_RAISE(const std::string select, output_columns());
    ARROW_ASSIGN_OR_RAISE(const std::string pairs, sql_pairs(job_.model, columns_, nodes_view, carried_, refusals_));
    return SqlPrediction{"WITH lw_pairs AS (\n" + pairs + "),\nlw_levels AS (SELECT *" + gammas_ +
                             "\nFROM lw_pairs),\nlw_weights AS (SELECT *" + weights_ +
                             "\nFROM lw_levels),\nlw_scored AS (SELECT *, " + total_weight() +
                             " AS lw_weight\nFROM lw_weights)\nSELECT " + select + "\nFROM lw_scored",
                         threshold()};
  }

 private:
  // The level, its weight, and what term frequencies add to it.
  Status add_comparison(size_t c) {
    const Comparison& comparison = job_.model.comparisons[c];
    const std::string gamma = numbered("lw_gamma_", c);
    const auto gamma_of = [&](size_t level) { return std::to_string(comparison.gamma(level)); };
    ARROW_ASSIGN_OR_RAISE(const std::string level,
                          sql_level(comparison, gamma_of, "NULL", columns_, &carried_, refusals_));
    gammas_ += ",\n  " + level + " AS " + gamma;
    std::string of_level;
    for (size_t l = 0; l < comparison.levels.size(); ++l) {
      of_level += " WHEN " + gamma_of(l) + " THEN " + sql_number(match_weight(comparison, l));
      if (!comparison.levels[l].tf_adjustment_column.empty()) adjusts_.push_back(c);
    }
    weights_ += ",\n  CASE " + gamma + of_level + " END AS " + numbered("lw_mw_", c);
    if (!adjusts(c)) return Status::OK();
    ARROW_ASSIGN_OR_RAISE(const std::string adjustment, sql_adjustment(comparison, gamma, gamma_of));
    weights_ += ",\n  " + (adjustment.empty() ? "0D" : "coalesce(" + adjustment + ", 0D)") + " AS " +
                numbered("lw_adjustment_", c);
    return Status::OK();
  }

  bool adjusts(size_t c) const { return std::find(adjusts_.begin(), adjusts_.end(), c) != adjusts_.end(); }

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
    ARROW_RETURN_NOT_OK(columns_.need(column));
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
  const SqlColumns& columns_;
  SqlRefusals* refusals_;
  std::vector<std::string> carried_;  // columns of nodes that pairs have for both records
  std::vector<size_t> adjusts_;       // comparisons with a level that names such a column
  std::string gammas_;
  std::string weights_;
  std::vector<std::string> shown_;
  std::string select_;
};

}  // namespace

Result<SqlPrediction> sql_prediction(const LinkageJob& job, const SqlColumns& columns, const std::string& nodes_view,
                                     SqlRefusals* refusals) {
  return PredictionQueries(job, columns, refusals).make(nodes_view);
}

}  // namespace linkwright::spark
