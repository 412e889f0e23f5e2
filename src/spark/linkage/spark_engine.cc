#include "spark/linkage/spark_engine.h"

#include <arrow/type.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "base/column_name.h"
#include "engine/job_columns.h"
#include "engine/output_files.h"
#include "engine/run_context.h"
#include "engine/training.h"
#include "io/file_publisher.h"
#include "io/kept_inputs.h"
#include "io/output_folder.h"
#include "io/pending_file.h"
#include "linkwright/spark.h"
#include "linkwright/spark_cluster.h"
#include "spark/linkage/block_notes.h"
#include "spark/linkage/cluster_prediction.h"
#include "spark/linkage/job_clusters.h"
#include "spark/linkage/job_rows.h"
#include "spark/linkage/kernel_counts.h"
#include "spark/linkage/meetings.h"
#include "spark/linkage/native_kernel.h"
#include "spark/linkage/output_table.h"
#include "spark/linkage/query_progress.h"
#include "spark/linkage/sql_counts.h"
#include "spark/linkage/sql_run.h"

namespace linkwright::spark {
namespace {

// A forest of the edges in each partition.
Result<DataFrame> contracted(const DataFrame& edges, const JobRows& rows, const NativeKernel& kernel) {
  ARROW_ASSIGN_OR_RAISE(auto schema, edges.schema());
  ARROW_ASSIGN_OR_RAISE(Rows forest, kernel.run("forest", nlohmann::ordered_json::object(), rows.job, {edges, schema}));
  return std::move(forest.frame);
}

// How the cluster makes pairs: with the kernel, where records meet; or in SQL, where Spark brings them together.
struct PairMaking {
  std::optional<NativeKernel> kernel;
  std::optional<Meetings> meetings;
  std::optional<SqlNodes> sql;
};

class SparkRun {
 public:
  SparkRun(const LinkageJob& job, const SparkOptions& spark, const RunOptions& options)
      : job_(job),
        spark_(spark),
        options_(options),
        resources_(job.engine, options, job.output.directory),
        context_(resources_.context()) {}

  Result<RunReport> run();

 private:
  Status check_output() const;
  Status keep_inputs_of_run() const;
  OutputPlace output_place(const std::string& table) const;
  Status mind_case(const Session& session, const JobRows& rows) const;
  OutputTable& new_table(const std::string& name, const std::string& table);

  Result<Session> connect();
  Status run_in(const Session& session);
  Result<std::optional<NativeKernel>> send_kernel(const Session& session);
  Status prepare_pairs(const Session& session, JobRows* rows, PairMaking* making);
  Status train(const Session& session, PairMaking& making, JobRows* rows);
  Result<PredictionTotals> predict(const Session& session, PairMaking& making, const JobRows& rows, OutputTable* table);
  Status predict_and_cluster(const Session& session, PairMaking& making, const JobRows& rows);
  Status write_file(const std::string& name, const std::string& content);

  const LinkageJob& job_;
  const SparkOptions& spark_;
  const RunOptions& options_;
  RunResources resources_;
  RunContext& context_;
  std::optional<OutputFolder> folder_;
  FilePublisher publisher_;  // goes before the folder, which then is empty, and so do tables
  std::vector<std::unique_ptr<OutputTable>> tables_;
  RunReport report_;
};

Result<Session> SparkRun::connect() {
  StageTimer connecting(context_, "connect", "sessions");
  SessionOptions session_options;
  session_options.cancellation = options_.cancellation;
  ClusterOptions local = spark_.local;
  local.cancellation = options_.cancellation;
  const bool starts_server = !local.master.empty();
  if (starts_server) local.conf = spark_.conf;
  ARROW_ASSIGN_OR_RAISE(Session session, open_session(spark_.connection, local, session_options));
  // Moments are read and written in UTC, as the embedded engine does.
  ARROW_RETURN_NOT_OK(session.set_config("spark.sql.session.timeZone", "UTC"));
  // Parcels have millions of bytes each, so that batches of thousands of rows would be too large.
  ARROW_RETURN_NOT_OK(session.set_config("spark.sql.execution.arrow.maxBytesPerBatch", "67108864"));
  if (!starts_server) {
    for (const auto& [key, value] : spark_.conf) ARROW_RETURN_NOT_OK(session.set_config(key, value));
  }
  connecting.finish(1);
  return session;
}

// No command writes over what it reads, and what is no file has no format of files.
Status SparkRun::check_output() const {
  if (job_.output.format != OutputFormat::kParquet && !spark_.output.is_of_files()) {
    return Status::Invalid("output.format asks for ", job_.output.format == OutputFormat::kCsv ? "CSV" : "NDJSON",
                           ", and engine.spark.output for tables or Delta; leave one of them out");
  }
  const std::string& predictions = spark_.output.predictions_table;
  const std::string& clusters = spark_.output.clusters_table;
  for (const std::string& table : {predictions, clusters}) {
    for (const InputSpec& input : job_.inputs) {
      if (table.empty() || !is_same_but_for_case(table, input.table)) continue;
      return Status::Invalid("engine.spark.output: the table '", table, "' is an input of the job; give another name");
    }
  }
  if (predictions.empty() || !is_same_but_for_case(predictions, clusters)) return Status::OK();
  return Status::Invalid("engine.spark.output: predictions and clusters are one table, '", clusters,
                         "'; give each its own");
}

// The same of files and folders: Spark reads while the run goes on, and what it has written takes its place at the end.
Status SparkRun::keep_inputs_of_run() const {
  const std::vector<std::string> tables = {path_in(output_place(spark_.output.predictions_table), "predictions"),
                                           path_in(output_place(spark_.output.clusters_table), "clusters")};
  std::vector<std::string> outputs = {output_path(job_, "model.json"), output_path(job_, "report.json"),
                                      options_.rejects_path};
  outputs.insert(outputs.end(), tables.begin(), tables.end());
  for (const InputSpec& input : job_.inputs) {
    ARROW_RETURN_NOT_OK(keep_inputs(input.paths, outputs));
    for (const std::string& path : input.paths) {  // a folder, or a place that only the cluster has
      if (std::find(tables.begin(), tables.end(), path) == tables.end()) continue;
      return Status::Invalid(path, " is an input and would be written over; choose another output");
    }
  }
  const std::optional<MFromPairwiseLabels>& labels = job_.training.m_from_pairwise_labels;
  return labels ? keep_inputs(labels->labels.paths, outputs) : Status::OK();
}

// Results may have columns SURNAME_l and surname_l, since columns are named as the job names them. Spark tells them
// apart when it is told to; but then a catalog's tables are no longer found whatever their case, so it seldom is.
Status SparkRun::mind_case(const Session& session, const JobRows& rows) const {
  ARROW_ASSIGN_OR_RAISE(std::vector<std::string> names, working_columns(job_));
  for (const std::string& name : rows.all.schema->field_names()) names.push_back(name);
  return differ_in_case_only(names) ? session.set_config("spark.sql.caseSensitive", "true") : Status::OK();
}

OutputPlace SparkRun::output_place(const std::string& table) const {
  const std::string& folder = spark_.output.folder.empty() ? job_.output.directory : spark_.output.folder;
  return {folder, job_.output.format, spark_.output.is_delta, table};
}

OutputTable& SparkRun::new_table(const std::string& name, const std::string& table) {
  return *tables_.emplace_back(std::make_unique<OutputTable>(output_place(table), name));
}

Status SparkRun::write_file(const std::string& name, const std::string& content) {
  const std::string path = output_path(job_, name);
  ARROW_RETURN_NOT_OK(write_file_atomically(path, content, &publisher_));
  report_.files.push_back(path);
  return Status::OK();
}

// None: the cluster forbids native code, or the job does, and the job runs as Spark SQL.
Result<std::optional<NativeKernel>> SparkRun::send_kernel(const Session& session) {
  StageTimer sending(context_, "send kernel", "files");
  std::string reason = "engine.spark.native is \"never\"";
  if (spark_.native != NativeUse::kNever) {
    Result<NativeKernel> kernel = NativeKernel::send(session, spark_.kernel);
    if (kernel.ok()) {
      sending.finish(1);
      report_.engine = "spark (native kernel)";
      return std::optional(*std::move(kernel));
    }
    if (!kernel.status().IsNotImplemented() || spark_.native == NativeUse::kRequired) return kernel.status();
    reason = kernel.status().message().substr(0, kernel.status().message().find('\n'));
  }
  sending.finish(0);
  report_.engine = "spark (SQL)";
  report_.notes.push_back("the job ran as Spark SQL, without native code: " + reason);
  if (spark_.tell) spark_.tell("the job runs as Spark SQL, without native code: " + reason);
  return std::nullopt;
}

Status SparkRun::prepare_pairs(const Session& session, JobRows* rows, PairMaking* making) {
  if (making->kernel) {
    ARROW_ASSIGN_OR_RAISE(const int partitions, number_of_partitions(spark_.partitions, *rows, job_, session));
    making->meetings.emplace(job_, *rows, session, *making->kernel, partitions);
    return Status::OK();
  }
  ARROW_ASSIGN_OR_RAISE(making->sql, sql_nodes(session, job_, rows->all));
  rows->all = making->sql->records;
  ARROW_ASSIGN_OR_RAISE(rows->working, rows_for(job_, making->sql->nodes));
  rows->job.derive.clear();
  return Status::OK();
}

Status SparkRun::train(const Session& session, PairMaking& making, JobRows* rows) {
  std::unique_ptr<ClusterCounts> counts;
  if (making.kernel) {
    // A trial with all columns of the records: what is missing is told beside what there is.
    const NativeKernel& kernel = *making.kernel;
    ARROW_RETURN_NOT_OK(kernel.run("count_patterns", nlohmann::ordered_json::object(), rows->job, rows->all).status());
    counts = std::make_unique<KernelCounts>(*rows, *making.meetings, session, kernel, context_);
  } else {
    counts = std::make_unique<SqlCounts>(*rows, *making.sql, session, context_);
  }
  return train_model(job_.training, *counts, &rows->job.model, context_).Value(&report_.training);
}

Result<PredictionTotals> SparkRun::predict(const Session& session, PairMaking& making, const JobRows& rows,
                                           OutputTable* table) {
  if (making.kernel) return write_predictions(rows, *making.meetings, *making.kernel, table, context_);
  ARROW_ASSIGN_OR_RAISE(const ScoredRows predictions, predict_in_sql(session, rows.job, *making.sql));
  return write_scored(predictions, table, context_);
}

Status SparkRun::predict_and_cluster(const Session& session, PairMaking& making, const JobRows& rows) {
  StageTimer predicting(context_, "predict", "pairs");
  const std::optional<NativeKernel>& kernel = making.kernel;
  if (kernel) {  // the same trial
    ARROW_RETURN_NOT_OK(kernel->run("predict", nlohmann::ordered_json::object(), rows.job, rows.all).status());
  }
  OutputTable& predictions = new_table("predictions", spark_.output.predictions_table);
  ARROW_ASSIGN_OR_RAISE(const PredictionTotals totals, predict(session, making, rows, &predictions));
  report_.compared_by_rule = totals.compared_by_rule;
  for (const uint64_t compared : totals.compared_by_rule) report_.pairs_compared += compared;
  report_.predictions = totals.kept;
  report_.files.push_back(predictions.path());
  if (kernel) {
    ARROW_ASSIGN_OR_RAISE(const auto notes, block_notes(rows, report_.pairs_compared, *kernel, context_));
    report_.notes.insert(report_.notes.end(), notes.begin(), notes.end());
  }
  predicting.finish(report_.pairs_compared);
  if (!job_.cluster) return Status::OK();

  StageTimer clustering(context_, "cluster", "records");
  OutputTable& clusters = new_table("clusters", spark_.output.clusters_table);
  ARROW_ASSIGN_OR_RAISE(const DataFrame links, predictions.read(session, *totals.schema));
  ComponentOptions components;
  if (kernel) components.contract = [&](const DataFrame& edges) { return contracted(edges, rows, *kernel); };
  components.num_edges = static_cast<int64_t>(totals.kept);
  components.query_options = [this] { return query_options(context_); };
  ARROW_ASSIGN_OR_RAISE(report_.clusters, write_clusters(rows, links, session, components, &clusters, context_));
  report_.files.push_back(clusters.path());
  clustering.finish(rows.num_rows);
  return Status::OK();
}

Status SparkRun::run_in(const Session& session) {
  PairMaking making;
  ARROW_ASSIGN_OR_RAISE(making.kernel, send_kernel(session));
  ARROW_ASSIGN_OR_RAISE(JobRows rows, read_job_rows(job_, session, making.kernel ? &*making.kernel : nullptr, options_,
                                                    context_, &report_));
  ARROW_RETURN_NOT_OK(mind_case(session, rows));
  ARROW_RETURN_NOT_OK(prepare_pairs(session, &rows, &making));
  if (!job_.training.empty()) ARROW_RETURN_NOT_OK(train(session, making, &rows));
  ARROW_RETURN_NOT_OK(write_file("model.json", rows.job.model.to_json().dump(2) + "\n"));
  return job_.predict ? predict_and_cluster(session, making, rows) : Status::OK();
}

Result<RunReport> SparkRun::run() {
  const auto began = std::chrono::steady_clock::now();
  ARROW_RETURN_NOT_OK(check_output());
  ARROW_RETURN_NOT_OK(keep_inputs_of_run());
  ARROW_ASSIGN_OR_RAISE(OutputFolder folder, OutputFolder::make(job_.output.directory));
  folder_.emplace(std::move(folder));
  ARROW_ASSIGN_OR_RAISE(const Session session, connect());
  const Status done = run_in(session);
  const Status stopped = session.stop();
  ARROW_RETURN_NOT_OK(readable(done));
  ARROW_RETURN_NOT_OK(stopped);
  report_.complete(job_, context_, began);
  const std::string path = output_path(job_, "report.json");
  report_.files.push_back(path);
  ARROW_RETURN_NOT_OK(write_file_atomically(path, report_.to_json(), &publisher_));
  ARROW_RETURN_NOT_OK(context_.check_cancelled());
  for (const auto& table : tables_) ARROW_RETURN_NOT_OK(table->publish());
  ARROW_RETURN_NOT_OK(publisher_.finish(options_.cancellation));
  folder_->keep();
  return std::move(report_);
}

}  // namespace

Result<RunReport> run_job_on_spark(const LinkageJob& job, const SparkOptions& spark, const RunOptions& options) {
  return SparkRun(job, spark, options).run();
}

}  // namespace linkwright::spark
