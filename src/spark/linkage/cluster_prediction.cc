#include "spark/linkage/cluster_prediction.h"

#include <arrow/type.h>

#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "spark/linkage/column_types.h"
#include "spark/linkage/grouped_rows.h"
#include "spark/linkage/query_progress.h"
#include "spark/linkage/term_frequencies.h"

namespace linkwright::spark {
namespace {

constexpr const char* kObservation = "linkwright";
constexpr const char* kKept = "kept";

std::string compared_by(size_t rule) { return "rule_" + std::to_string(rule); }

// Rows that carry counts pass by with the pairs; they are summed on the way.
DataFrame observed(const DataFrame& predictions, size_t rules) {
  std::vector<Column> sums = {expr(std::string("count_if(lw_rule IS NULL) AS ") + kKept)};
  for (size_t rule = 0; rule < rules; ++rule) {
    sums.push_back(expr("sum(CASE WHEN lw_rule = " + std::to_string(rule) + " THEN lw_compared ELSE 0 END) AS " +
                        compared_by(rule)));
  }
  return predictions.observe(kObservation, sums);
}

uint64_t count_in(const std::map<std::string, Value>& metrics, const std::string& name) {
  const auto found = metrics.find(name);
  const auto* count = found == metrics.end() ? nullptr : std::get_if<int64_t>(&found->second);
  return count == nullptr ? 0 : static_cast<uint64_t>(*count);
}

}  // namespace

Result<PredictionTotals> write_predictions(const JobRows& rows, const NativeKernel& kernel, int partitions,
                                           OutputTable* table, RunContext& context) {
  ARROW_ASSIGN_OR_RAISE(const Rows records, rows_for(rows.job, rows.working));
  ARROW_ASSIGN_OR_RAISE(const Rows with_frequencies,
                        with_term_frequencies(records, term_frequency_columns(rows.job.model)));
  ARROW_ASSIGN_OR_RAISE(const Rows grouped, grouped_rows(with_frequencies, rows.job, kernel, partitions));
  ARROW_ASSIGN_OR_RAISE(const Rows scored, kernel.run("predict", nlohmann::ordered_json::object(), rows.job, grouped));
  const size_t rules = std::max<size_t>(rows.job.model.blocking_rules.size(), 1);
  arrow::FieldVector fields;
  for (const auto& field : scored.schema->fields()) {
    if (field->name() != "lw_rule" && field->name() != "lw_compared") fields.push_back(field);
  }
  PredictionTotals totals;
  totals.schema = arrow::schema(std::move(fields));
  QueryOptions query = query_options(context, "predict");
  query.on_metrics = [&](const std::string& name, const std::map<std::string, Value>& metrics) {
    if (name != kObservation) return;
    totals.kept = count_in(metrics, kKept);
    totals.compared_by_rule.clear();
    for (size_t rule = 0; rule < rules; ++rule) {
      totals.compared_by_rule.push_back(count_in(metrics, compared_by(rule)));
    }
  };
  const DataFrame pairs =
      observed(scored.frame, rules).filter(col("lw_rule").is_null()).drop({"lw_rule", "lw_compared"});
  ARROW_RETURN_NOT_OK(table->write({pairs, totals.schema}, query));
  return totals;
}

}  // namespace linkwright::spark
