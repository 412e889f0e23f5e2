#include "spark/linkage/cluster_prediction.h"

#include <arrow/type.h>

#include <nlohmann/json.hpp>
#include <string>

#include "spark/linkage/grouped_rows.h"
#include "spark/linkage/term_frequencies.h"

namespace linkwright::spark {

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
  // Rows that carry counts pass by with the pairs.
  ScoredRows pairs{scored.frame, arrow::schema(std::move(fields)), "lw_rule IS NULL", {}};
  for (size_t rule = 0; rule < rules; ++rule) {
    pairs.pairs_compared.push_back("sum(CASE WHEN lw_rule = " + std::to_string(rule) + " THEN lw_compared ELSE 0 END)");
  }
  return write_scored(pairs, table, context);
}

}  // namespace linkwright::spark
