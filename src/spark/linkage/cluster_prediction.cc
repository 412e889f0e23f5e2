#include "spark/linkage/cluster_prediction.h"

#include <arrow/type.h>

#include <nlohmann/json.hpp>
#include <string>

namespace linkwright::spark {

Result<PredictionTotals> write_predictions(const JobRows& rows, Meetings& meetings, const NativeKernel& kernel,
                                           OutputTable* table, RunContext& context) {
  ARROW_ASSIGN_OR_RAISE(const SpreadRows spread, meetings.of(rows.job));
  ARROW_ASSIGN_OR_RAISE(const Rows scored, kernel.run("predict", spread.options, rows.job, spread.packed.parcels));
  const size_t rules = std::max<size_t>(rows.job.model.blocking_rules.size(), 1);
  arrow::FieldVector fields;
  for (const auto& field : scored.schema->fields()) {
    if (field->name() != "lw_rule" && field->name() != "lw_compared") fields.push_back(field);
  }
  // Rows that carry counts pass by with the pairs.
  ScoredRows pairs{scored.frame, arrow::schema(std::move(fields)), "lw_rule IS NULL", {}};
  for (size_t rule = 0; rule < rules; ++rule) {
    pairs.pairs_compared.push_back("sum(CASE WHEN lw_rule = " + std::to_string(rule) + " THEN lw_compared ELSE 0 END)");
  }
  return write_scored(pairs, table, context);
}

}  // namespace linkwright::spark
