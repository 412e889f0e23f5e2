#include "spark/linkage/sql_counts.h"

#include <arrow/array.h>
#include <arrow/builder.h>
#include <arrow/record_batch.h>
#include <arrow/table.h>
#include <arrow/type.h>

#include <set>
#include <string_view>
#include <utility>

#include "engine/u_sample.h"
#include "spark/linkage/batch_columns.h"
#include "spark/linkage/column_types.h"
#include "spark/linkage/query_progress.h"
#include "spark/linkage/sql_patterns.h"
#include "spark/linkage/sql_refusals.h"

namespace linkwright::spark {

Result<uint64_t> SqlCounts::pairs_of(const LinkageModel& model, const std::vector<std::string>& rules) {
  SqlRefusals refusals;
  ARROW_ASSIGN_OR_RAISE(const std::string query, sql_pair_count(model, rules, nodes_.columns, nodes_.view, &refusals));
  ARROW_RETURN_NOT_OK(refusals.status());
  ARROW_ASSIGN_OR_RAISE(const DataFrame counted, session().sql(query));
  return read_total(counted);
}

Result<PatternCounts> SqlCounts::patterns(const LinkageModel& model, const PatternQuestion& question) {
  SqlRefusals refusals;
  ARROW_ASSIGN_OR_RAISE(const std::string query,
                        sql_pattern_counts(model, question, nodes_.columns, nodes_.view, &refusals));
  ARROW_RETURN_NOT_OK(refusals.status());
  ARROW_ASSIGN_OR_RAISE(const DataFrame counted, session().sql(query));
  return read_patterns(counted);
}

Result<DataFrame> SqlCounts::sample(const LinkageJob& job, double proportion, uint64_t seed) {
  const DataFrame& records = rows().working.frame;
  const Column id = named(job.model.unique_id_column_name).cast("string");
  ARROW_ASSIGN_OR_RAISE(const auto batches, records.select({id.alias("lw_id")}).to_batches(query_options(context())));
  std::set<std::string, std::less<>> chosen;  // datasets may share ids
  for (;;) {
    ARROW_ASSIGN_OR_RAISE(const auto batch, batches->Next());
    if (batch == nullptr) break;
    const auto& ids = column_of<arrow::StringArray>(*batch, "lw_id");
    for (int64_t row = 0; row < ids.length(); ++row) {
      const std::string_view text = ids.GetView(row);
      if (is_in_u_sample(text, seed, proportion)) chosen.emplace(text);
    }
  }
  arrow::StringBuilder builder;
  for (const std::string& text : chosen) ARROW_RETURN_NOT_OK(builder.Append(text));
  ARROW_ASSIGN_OR_RAISE(auto column, builder.Finish());
  ARROW_ASSIGN_OR_RAISE(const DataFrame sent, session().create_data_frame(arrow::Table::Make(
                                                  arrow::schema({arrow::field("lw_id", arrow::utf8())}),
                                                  arrow::ArrayVector{std::move(column)})));
  return records.join(sent, id == col("lw_id"), JoinType::kLeftSemi);
}

}  // namespace linkwright::spark
