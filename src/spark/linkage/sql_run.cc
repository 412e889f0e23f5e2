#include "spark/linkage/sql_run.h"

#include <arrow/type.h>

#include <algorithm>
#include <string>
#include <utility>

#include "spark/config/uuid.h"
#include "spark/linkage/sql_prediction.h"

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

Result<SqlPredictions> predict_in_sql(const Session& session, const LinkageJob& job, const DataFrame& records) {
  ARROW_ASSIGN_OR_RAISE(const auto schema, records.schema());
  const std::string records_view = view_name("records");
  const std::string nodes_view = view_name("nodes");
  ARROW_ASSIGN_OR_RAISE(const SqlPrediction queries, sql_prediction(job, *schema, records_view, nodes_view));
  for (const auto& [key, value] : kSettings) ARROW_RETURN_NOT_OK(session.set_config(key, value));
  ARROW_RETURN_NOT_OK(records.create_or_replace_temp_view(records_view));
  ARROW_ASSIGN_OR_RAISE(const DataFrame nodes, session.sql(queries.nodes));
  // Serverless clusters keep nothing: there every rule reads the records again.
  [[maybe_unused]] const Status kept = nodes.cache();
  ARROW_RETURN_NOT_OK(nodes.create_or_replace_temp_view(nodes_view));
  ARROW_ASSIGN_OR_RAISE(DataFrame derived, session.sql(queries.records));
  ARROW_ASSIGN_OR_RAISE(DataFrame predictions, session.sql(queries.predictions));
  return SqlPredictions{std::move(derived), std::move(predictions)};
}

}  // namespace linkwright::spark
