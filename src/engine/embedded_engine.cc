#include "engine/embedded_engine.h"

#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "block/candidate_pairs.h"
#include "engine/cluster_table.h"
#include "engine/edge_clusters.h"
#include "engine/embedded_counts.h"
#include "engine/even_batches.h"
#include "engine/job_columns.h"
#include "engine/job_records.h"
#include "engine/large_blocks.h"
#include "engine/memory_limit.h"
#include "engine/output_files.h"
#include "engine/prediction.h"
#include "engine/prediction_table.h"
#include "io/file_publisher.h"
#include "io/output_folder.h"
#include "io/pending_file.h"
#include "io/table_writer.h"

namespace linkwright {
namespace {

constexpr size_t kBatchPairs = size_t{1} << 15;

class Run {
 public:
  Run(const LinkageJob& job, const RunOptions& options)
      : job_(job),
        options_(options),
        model_(job.model),
        resources_(job.engine, options, job.output.directory),
        context_(resources_.context()) {}

  Result<RunReport> run();

 private:
  Status predict_and_cluster(const RecordTable& records, const ComparisonProgram& program);
  Status write_clusters_of(EdgeClusters edges, const RecordTable& records);
  Status write_model();

  const LinkageJob& job_;
  const RunOptions& options_;
  LinkageModel model_;
  RunResources resources_;
  RunContext& context_;
  std::optional<OutputFolder> folder_;
  FilePublisher publisher_;  // goes before the folder, which then is empty
  RunReport report_;
};

Status Run::predict_and_cluster(const RecordTable& records, const ComparisonProgram& program) {
  StageTimer blocking(context_, "block", "rules");
  ARROW_ASSIGN_OR_RAISE(std::vector<BlockingRule> rules, blocking_rules(model_));
  ARROW_ASSIGN_OR_RAISE(const CandidatePairs pairs,
                        CandidatePairs::make(std::move(rules), records, {model_.links_only(), evaluation_options(job_)},
                                             context_.pool, context_.cancellation));
  ARROW_ASSIGN_OR_RAISE(const std::vector<LargeBlock> large,
                        find_large_blocks(pairs, records, evaluation_options(job_)));
  for (const LargeBlock& block : large) report_.notes.push_back(block.to_text());
  const ComparisonProgram::Choice comparisons = program.all();
  ARROW_ASSIGN_OR_RAISE(const MatchScorer scorer,
                        MatchScorer::make(model_.comparisons, model_.probability_two_random_records_match,
                                          comparisons.patterns, records));
  ARROW_ASSIGN_OR_RAISE(const PredictionTable table, PredictionTable::make(model_, records, scorer, program));
  blocking.finish(pairs.num_rules());

  const std::string path = output_file(job_, "predictions");
  ARROW_ASSIGN_OR_RAISE(
      std::unique_ptr<TableWriter> file,
      TableWriter::open(path, file_format(job_.output.format), table.schema(),
                        {.threads = context_.pool.threads(), .text_repeats = false, .publisher = &publisher_}));
  EvenBatches batches(table, kBatchPairs, [&](const std::shared_ptr<arrow::RecordBatch>& batch) -> Status {
    ARROW_RETURN_NOT_OK(context_.check_cancelled());
    return file->write(*batch);
  });
  std::optional<EdgeClusters> clusters;
  if (job_.cluster) {
    ARROW_ASSIGN_OR_RAISE(clusters, EdgeClusters::make(*job_.cluster, records, context_));
  }

  StageTimer predicting(context_, "predict", "pairs", pairs.num_pairs_before_exclusion());
  ARROW_ASSIGN_OR_RAISE(const PredictionCounts counts, predict_pairs(
                                                           pairs, comparisons, scorer, job_.predict->as_match_weight(),
                                                           [&](std::span<const ScoredPair> scored) -> Status {
                                                             if (clusters) ARROW_RETURN_NOT_OK(clusters->add(scored));
                                                             return batches.add(scored);
                                                           },
                                                           context_));
  report_.compared_by_rule = counts.compared_by_rule;
  report_.pairs_compared = counts.compared;
  report_.predictions = counts.kept;
  predicting.finish(counts.compared);

  StageTimer writing(context_, "write", "predictions");
  ARROW_RETURN_NOT_OK(batches.finish());
  ARROW_RETURN_NOT_OK(file->finish());
  report_.files.push_back(path);
  writing.finish(counts.kept);
  return clusters ? write_clusters_of(*std::move(clusters), records) : Status::OK();
}

Status Run::write_clusters_of(EdgeClusters edges, const RecordTable& records) {
  StageTimer clustering(context_, "cluster", "records");
  ARROW_ASSIGN_OR_RAISE(const std::vector<ClusterColumn> columns, edges.finish(context_.cancellation));
  const std::string path = output_file(job_, "clusters");
  ARROW_RETURN_NOT_OK(write_clusters(columns, records, model_, path, file_format(job_.output.format), context_.pool,
                                     publisher_, {.cancellation = context_.cancellation}));
  report_.files.push_back(path);
  report_.clusters = count_clusters(columns[0]);
  clustering.finish(records.num_rows());
  return Status::OK();
}

Status Run::write_model() {
  const std::string path = output_path(job_, "model.json");
  ARROW_RETURN_NOT_OK(write_file_atomically(path, model_.to_json().dump(2) + "\n", &publisher_));
  report_.files.push_back(path);
  return Status::OK();
}

Result<RunReport> Run::run() {
  const auto began = std::chrono::steady_clock::now();
  ARROW_RETURN_NOT_OK(keep_inputs_of(job_, options_.rejects_path));
  ARROW_ASSIGN_OR_RAISE(MemoryLimit memory_limit, MemoryLimit::check(job_, context_));
  ARROW_ASSIGN_OR_RAISE(OutputFolder folder, OutputFolder::make(job_.output.directory));
  folder_.emplace(std::move(folder));
  ARROW_ASSIGN_OR_RAISE(const RecordTable records, read_records(job_, options_, context_, &report_, &publisher_));
  ARROW_RETURN_NOT_OK(memory_limit.check_pairs(job_, records, context_));
  StageTimer compiling(context_, "compile", "comparisons");
  ARROW_ASSIGN_OR_RAISE(const auto program,
                        ComparisonProgram::compile(model_.comparisons, records, evaluation_options(job_)));
  compiling.finish(model_.comparisons.size());
  ARROW_RETURN_NOT_OK(context_.check_cancelled());
  if (!job_.training.empty()) {
    EmbeddedCounts counts(records, *program, evaluation_options(job_), context_);
    ARROW_ASSIGN_OR_RAISE(report_.training, train_model(job_.training, counts, &model_, context_));
  }
  ARROW_RETURN_NOT_OK(write_model());
  if (job_.predict) ARROW_RETURN_NOT_OK(predict_and_cluster(records, *program));
  report_.complete(job_, context_, began);
  const std::string path = output_path(job_, "report.json");
  report_.files.push_back(path);
  ARROW_RETURN_NOT_OK(write_file_atomically(path, report_.to_json(), &publisher_));
  ARROW_RETURN_NOT_OK(publisher_.finish(context_.cancellation));
  folder_->keep();
  return std::move(report_);
}

}  // namespace

Result<RunReport> run_job(const LinkageJob& job, const RunOptions& options) { return Run(job, options).run(); }

}  // namespace linkwright
