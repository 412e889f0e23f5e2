#include "spark/linkage/sql_run.h"

#include <arrow/type.h>

#include <algorithm>
#include <string>
#include <utility>

#include "spark/config/uuid.h"
#include "spark/linkage/sql_pairs.h"
#include "spark/linkage/sql_prediction.h"
#include "spark/linkage/term_frequencies.h"

namespace linkwright::spark {
namespace {

// Dates become moments at midnight in the session's time zone: days must have 24 hours. Casts fail as DuckDB's do.
constexpr std::pair<const char*, const char*> kSettings[] = {{"spark.sql.session.timeZone", "UTC"},
                                                             {"spark.sql.ansi.enabled", "true"},
                                                             {"spark.sql.legacy.timeParserPolicy", "CORRECTED"}};

std::string view_name(const std::string& what) {
  std::string name = "lw_" + what + "_" + random_uuid();
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

}  // namespace

Result<SqlPredictions> predict_in_sql(const Session& session, const LinkageJob& job, const Rows& records) {
  const std::string records_view = view_name("records");
  const std::string nodes_view = view_name("nodes");
  ARROW_ASSIGN_OR_RAISE(const SqlPrediction queries, sql_prediction(job, *records.schema, records_view, nodes_view));
  for (const auto& [key, value] : kSettings) ARROW_RETURN_NOT_OK(session.set_config(key, value));
  ARROW_RETURN_NOT_OK(records.frame.create_or_replace_temp_view(records_view));
  const auto rows_of = [&](const std::string& query) -> Result<Rows> {
    ARROW_ASSIGN_OR_RAISE(DataFrame frame, session.sql(query));
    ARROW_ASSIGN_OR_RAISE(auto schema, frame.schema());
    return Rows{std::move(frame), std::move(schema)};
  };
  ARROW_ASSIGN_OR_RAISE(Rows derived, rows_of(queries.records));
  ARROW_ASSIGN_OR_RAISE(const Rows counted, with_term_frequencies(derived, term_frequency_columns(job.model)));
  const DataFrame nodes = counted.frame.with_column(kSqlIdColumn, expr(queries.id));
  // Where nothing is kept, every rule reads the records again.
  Result<KeptRows> kept = KeptRows::cache(nodes);
  ARROW_RETURN_NOT_OK(nodes.create_or_replace_temp_view(nodes_view));
  ARROW_ASSIGN_OR_RAISE(Rows pairs, rows_of(queries.predictions));
  ScoredRows predictions{
      std::move(pairs.frame), std::move(pairs.schema), queries.is_kept, "count_if(" + queries.is_kept + ")", {}};
  const size_t rules = std::max<size_t>(job.model.blocking_rules.size(), 1);
  for (size_t rule = 0; rule < rules; ++rule) {
    predictions.pairs_compared.push_back("count_if(match_key = '" + std::to_string(rule) + "')");
  }
  return SqlPredictions{std::move(derived), std::move(predictions),
                        kept.ok() ? std::optional(*std::move(kept)) : std::nullopt};
}

}  // namespace linkwright::spark
