#include "spark/linkage/scored_rows.h"

#include <arrow/type.h>

#include <map>

#include "spark/linkage/column_types.h"
#include "spark/linkage/query_progress.h"

namespace linkwright::spark {
namespace {

constexpr const char* kObservation = "linkwright";
constexpr const char* kKept = "kept";

std::string compared_by(size_t rule) { return "rule_" + std::to_string(rule); }

uint64_t count_in(const std::map<std::string, Value>& metrics, const std::string& name) {
  const auto found = metrics.find(name);
  const auto* count = found == metrics.end() ? nullptr : std::get_if<int64_t>(&found->second);
  return count == nullptr ? 0 : static_cast<uint64_t>(*count);
}

}  // namespace

Result<PredictionTotals> write_scored(const ScoredRows& scored, OutputTable* table, RunContext& context) {
  const size_t rules = scored.pairs_compared.size();
  std::vector<Column> counts = {expr(scored.num_kept + " AS " + kKept)};
  for (size_t rule = 0; rule < rules; ++rule) {
    counts.push_back(expr(scored.pairs_compared[rule] + " AS " + compared_by(rule)));
  }
  PredictionTotals totals{scored.schema, {}, 0};
  QueryOptions query = query_options(context);
  query.on_metrics = [&](const std::string& name, const std::map<std::string, Value>& metrics) {
    if (name != kObservation) return;
    totals.kept = count_in(metrics, kKept);
    totals.compared_by_rule.clear();
    for (size_t rule = 0; rule < rules; ++rule) {
      totals.compared_by_rule.push_back(count_in(metrics, compared_by(rule)));
    }
  };
  const DataFrame kept = scored.frame.observe(kObservation, counts).filter(expr(scored.is_kept));
  if (!scored.files.empty()) {
    ARROW_RETURN_NOT_OK(table->write_files(kept, scored.files, query));
    return totals;
  }
  std::vector<Column> columns;
  for (const auto& field : scored.schema->fields()) columns.push_back(named(field->name()));
  ARROW_RETURN_NOT_OK(table->write({kept.select(columns), scored.schema}, query));
  return totals;
}

}  // namespace linkwright::spark
