#include "spark/linkage/cluster_counts.h"

#include <arrow/array.h>
#include <arrow/builder.h>
#include <arrow/record_batch.h>
#include <arrow/table.h>
#include <arrow/type.h>

#include <algorithm>
#include <numeric>
#include <set>
#include <tuple>
#include <utility>

#include "engine/embedded_counts.h"
#include "engine/job_columns.h"
#include "engine/label_patterns.h"
#include "engine/u_sample.h"
#include "spark/linkage/batch_columns.h"
#include "spark/linkage/column_types.h"
#include "spark/linkage/query_progress.h"

namespace linkwright::spark {
namespace {

std::vector<uint64_t> sizes(const JobRows& rows) {
  std::vector<uint64_t> counts;
  for (const auto& [name, count] : rows.sources) counts.push_back(count);
  return counts;
}

// Both ids of every label, each once, to be met with the records.
Result<std::shared_ptr<arrow::Table>> distinct_records(const LabelledIds& labels) {
  std::set<std::pair<std::string, std::string>> records;
  for (const auto& [left, right] : labels.pairs) {
    records.emplace(left.source, left.id);
    records.emplace(right.source, right.id);
  }
  arrow::StringBuilder sources;
  arrow::StringBuilder ids;
  for (const auto& [source, id] : records) {
    ARROW_RETURN_NOT_OK(sources.Append(source));
    ARROW_RETURN_NOT_OK(ids.Append(id));
  }
  ARROW_ASSIGN_OR_RAISE(auto source_column, sources.Finish());
  ARROW_ASSIGN_OR_RAISE(auto id_column, ids.Finish());
  return arrow::Table::Make(
      arrow::schema({arrow::field("lw_source", arrow::utf8()), arrow::field("lw_id", arrow::utf8())}),
      {std::move(source_column), std::move(id_column)});
}

}  // namespace

LinkageJob ClusterCounts::job_for(const LinkageModel& model, const std::vector<std::string>& rules) const {
  LinkageJob job = rows_.job;
  job.model = model;
  job.model.blocking_rules.clear();
  for (const std::string& rule : rules) job.model.blocking_rules.emplace_back().sql = rule;
  job.model.additional_columns_to_retain.clear();
  job.predict.reset();
  job.cluster.reset();
  return job;
}

Result<RecordTable> ClusterCounts::records_here(const LinkageJob& job, const DataFrame& rows) const {
  ARROW_ASSIGN_OR_RAISE(auto table, rows.to_arrow(query_options(context_)));
  ARROW_ASSIGN_OR_RAISE(RecordTableOptions options, record_table_options(job));
  options.cancellation = context_.cancellation;
  return RecordTable::make({{"records", std::move(table)}}, options, context_.pool);
}

Result<double> ClusterCounts::possible_pairs(const LinkageModel& model) {
  return cartesian_pairs(sizes(rows_), model.links_only());
}

Result<LevelsAmongSample> ClusterCounts::levels_among_sample(const LinkageModel& model, const UTraining& training) {
  const LinkageJob job = job_for(model, {});
  const double proportion = u_sample_proportion(training, sizes(rows_), model.links_only());
  DataFrame chosen = rows_.working.frame;
  if (proportion < 1) {
    ARROW_ASSIGN_OR_RAISE(chosen, sample(job, proportion, training.seed));
  }
  ARROW_ASSIGN_OR_RAISE(const RecordTable records, records_here(job, chosen));
  ARROW_ASSIGN_OR_RAISE(const auto program,
                        ComparisonProgram::compile(model.comparisons, records, evaluation_options(job)));
  std::vector<uint32_t> all(records.num_rows());
  std::iota(all.begin(), all.end(), 0U);
  return count_sample_levels(records, all, *program, model.links_only(), context_);
}

Result<uint64_t> ClusterCounts::read_total(const DataFrame& counted) const {
  ARROW_ASSIGN_OR_RAISE(const auto total, counted.to_arrow(query_options(context_)));
  ARROW_ASSIGN_OR_RAISE(const auto batch, total->CombineChunksToBatch());
  return static_cast<uint64_t>(column_of<arrow::Int64Array>(*batch, "lw_pairs").Value(0));
}

Result<PatternCounts> ClusterCounts::read_patterns(const DataFrame& counted) const {
  ARROW_ASSIGN_OR_RAISE(const auto batches, counted.to_batches(query_options(context_)));
  std::vector<PatternCount> counts;
  for (;;) {
    ARROW_ASSIGN_OR_RAISE(const auto batch, batches->Next());
    if (batch == nullptr) break;
    const auto& patterns = column_of<arrow::Int64Array>(*batch, "lw_pattern");
    const auto& adjusted = column_of<arrow::Int64Array>(*batch, "lw_adjusted");
    const auto& adjustments = column_of<arrow::DoubleArray>(*batch, "lw_adjustment");
    const auto& pairs = column_of<arrow::Int64Array>(*batch, "lw_pairs");
    for (int64_t row = 0; row < batch->num_rows(); ++row) {
      counts.push_back({static_cast<AgreementPattern>(patterns.Value(row)), static_cast<uint64_t>(adjusted.Value(row)),
                        adjustments.Value(row), static_cast<uint64_t>(pairs.Value(row))});
    }
  }
  std::sort(counts.begin(), counts.end(), [](const PatternCount& a, const PatternCount& b) {
    return std::tie(a.pattern, a.adjusted_comparisons, a.adjustment) <
           std::tie(b.pattern, b.adjusted_comparisons, b.adjustment);
  });
  return PatternCounts(std::move(counts));
}

Result<PatternCounts> ClusterCounts::patterns_of_labels(const LinkageModel& model, const InputSpec& labels) {
  const LinkageJob job = job_for(model, {});
  ARROW_ASSIGN_OR_RAISE(const LabelledIds ids, read_labelled_ids(labels, model, context_.pool));
  ARROW_ASSIGN_OR_RAISE(const auto wanted, distinct_records(ids));
  ARROW_ASSIGN_OR_RAISE(const DataFrame sent, session_.create_data_frame(wanted));
  Column same = named(model.unique_id_column_name).cast("string") == col("lw_id");
  if (model.has_sources()) same = same && named(model.source_dataset_column_name) == col("lw_source");
  ARROW_ASSIGN_OR_RAISE(const RecordTable records,
                        records_here(job, rows_.working.frame.join(sent, same, JoinType::kLeftSemi)));
  ARROW_ASSIGN_OR_RAISE(const auto program,
                        ComparisonProgram::compile(model.comparisons, records, evaluation_options(job)));
  return count_label_patterns(ids, labels, records, *program);
}

}  // namespace linkwright::spark
