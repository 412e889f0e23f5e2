#include "spark/linkage/sql_run.h"

#include <algorithm>
#include <string>
#include <utility>

#include "spark/config/uuid.h"
#include "spark/linkage/sql_job.h"
#include "spark/linkage/sql_pairs.h"
#include "spark/linkage/sql_prediction.h"
#include "spark/linkage/sql_refusals.h"
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

Result<Rows> rows_of(const Session& session, const std::string& query) {
  ARROW_ASSIGN_OR_RAISE(DataFrame frame, session.sql(query));
  ARROW_ASSIGN_OR_RAISE(auto schema, frame.schema());
  return Rows{std::move(frame), std::move(schema)};
}

}  // namespace

Result<SqlNodes> sql_nodes(const Session& session, const LinkageJob& job, const Rows& records) {
  const std::string records_view = view_name("records");
  ARROW_ASSIGN_OR_RAISE(SqlJob sql, sql_job(job, *records.schema, records_view));
  for (const auto& [key, value] : kSettings) ARROW_RETURN_NOT_OK(session.set_config(key, value));
  ARROW_RETURN_NOT_OK(records.frame.create_or_replace_temp_view(records_view));
  ARROW_ASSIGN_OR_RAISE(Rows derived, rows_of(session, sql.records));
  ARROW_ASSIGN_OR_RAISE(Rows nodes, with_term_frequencies(derived, term_frequency_columns(job.model)));
  nodes.frame = nodes.frame.with_column(kSqlIdColumn, expr(sql.id));
  // Where nothing is kept, every rule reads the records again.
  Result<KeptRows> kept = KeptRows::cache(nodes.frame);
  const std::string nodes_view = view_name("nodes");
  ARROW_RETURN_NOT_OK(nodes.frame.create_or_replace_temp_view(nodes_view));
  return SqlNodes{std::move(derived), std::move(nodes), nodes_view, std::move(sql.columns),
                  kept.ok() ? std::optional(*std::move(kept)) : std::nullopt};
}

Result<ScoredRows> predict_in_sql(const Session& session, const LinkageJob& job, const SqlNodes& nodes) {
  SqlRefusals refusals;
  ARROW_ASSIGN_OR_RAISE(const SqlPrediction queries, sql_prediction(job, nodes.columns, nodes.view, &refusals));
  ARROW_RETURN_NOT_OK(refusals.status());
  ARROW_ASSIGN_OR_RAISE(Rows pairs, rows_of(session, queries.predictions));
  ScoredRows predictions{
      std::move(pairs.frame), std::move(pairs.schema), queries.is_kept, "count_if(" + queries.is_kept + ")", {}};
  const size_t rules = std::max<size_t>(job.model.blocking_rules.size(), 1);
  for (size_t rule = 0; rule < rules; ++rule) {
    predictions.pairs_compared.push_back("count_if(match_key = '" + std::to_string(rule) + "')");
  }
  return predictions;
}

}  // namespace linkwright::spark
