#include "spark/linkage/cluster_prediction.h"

#include <arrow/type.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace linkwright::spark {

namespace {

// A file is a row of Spark's, several of which it has in memory.
constexpr int64_t kFileBytes = int64_t{32} << 20;

// Behind the pairs come rows that carry how many of them each rule had compared.
std::vector<std::string> compared_by_rule(const LinkageModel& model) {
  std::vector<std::string> sums;
  for (size_t rule = 0; rule < std::max<size_t>(model.blocking_rules.size(), 1); ++rule) {
    sums.push_back("sum(CASE WHEN lw_rule = " + std::to_string(rule) + " THEN lw_compared ELSE 0 END)");
  }
  return sums;
}

std::shared_ptr<arrow::Schema> without_counts(const arrow::Schema& schema) {
  arrow::FieldVector fields;
  for (const auto& field : schema.fields()) {
    if (field->name() != "lw_rule" && field->name() != "lw_compared") fields.push_back(field);
  }
  return arrow::schema(std::move(fields));
}

}  // namespace

Result<PredictionTotals> write_predictions(const JobRows& rows, Meetings& meetings, const NativeKernel& kernel,
                                           OutputTable* table, RunContext& context) {
  ARROW_ASSIGN_OR_RAISE(SpreadRows spread, meetings.of(rows.job));
  const Rows& parcels = spread.packed.parcels;
  ARROW_ASSIGN_OR_RAISE(Rows pairs, kernel.run("predict", spread.options, rows.job, parcels));
  ScoredRows scored{std::move(pairs.frame), without_counts(*pairs.schema), "lw_rule IS NULL",
                    "count_if(lw_rule IS NULL)", compared_by_rule(rows.job.model)};
  if (table->takes_files() && rows.num_rows > 0) {  // of no records there are no tasks, and so no file
    spread.options["file_bytes"] = kFileBytes;
    ARROW_ASSIGN_OR_RAISE(Rows files, kernel.run("predict", spread.options, rows.job, parcels));
    scored.frame = std::move(files.frame);
    scored.num_kept = "sum(lw_kept)";
    scored.files = "lw_file";
  }
  return write_scored(scored, table, context);
}

}  // namespace linkwright::spark
