#include "cli/spark_archive.h"

#include <cstdio>
#include <nlohmann/json.hpp>

#include "base/thread_pool.h"
#include "generate/people.h"
#include "generate/people_stream.h"
#include "io/table_writer.h"
#include "model/linkage_job.h"
#include "spark/cluster/class_archive.h"
#include "spark/linkage/spark_engine.h"

namespace linkwright {
namespace {

// All that a job does on Spark: Parquet read and written, training, predictions, clusters.
constexpr const char* kJob = R"({
  "inputs": [{"path": "people.parquet"}],
  "settings": {
    "link_type": "dedupe_only",
    "comparisons": [
      {"comparison": "ExactMatch", "column": "first_name"},
      {"comparison": "ExactMatch", "column": "surname", "term_frequency_adjustments": true},
      {"comparison": "ExactMatch", "column": "city"}],
    "blocking_rules_to_generate_predictions": [{"block_on": ["first_name", "surname"]}, {"block_on": "dob"}]},
  "training": {
    "prior": {"rules": ["l.first_name = r.first_name AND l.surname = r.surname AND l.dob = r.dob"], "recall": 0.8},
    "u": {"method": "sample", "max_pairs": 100000, "seed": 1},
    "em": [{"block_on": "dob"}]},
  "predict": {"threshold_match_probability": 0.2},
  "cluster": {"threshold_match_probability": 0.9}
})";

Status write_people(const std::string& path, const Cancellation& cancellation) {
  PeopleOptions options;
  options.num_rows = 5'000;
  ARROW_ASSIGN_OR_RAISE(const PeopleGenerator people, PeopleGenerator::make(options));
  ARROW_ASSIGN_OR_RAISE(const auto writer, TableWriter::open(path, FileFormat::kParquet, PeopleGenerator::schema()));
  ThreadPool pool(1);
  const auto write = [&](const arrow::RecordBatch& batch) { return writer->write(batch); };
  ARROW_RETURN_NOT_OK(stream_people(people, pool, write, nullptr, &cancellation));
  return writer->finish();
}

Status run_small_job(const std::string& address, const std::string& folder, const Cancellation& cancellation) {
  ARROW_RETURN_NOT_OK(write_people(folder + "/people.parquet", cancellation));
  ARROW_ASSIGN_OR_RAISE(LinkageJob job,
                        LinkageJob::from_json(nlohmann::ordered_json::parse(kJob), folder, "the small job"));
  job.output.directory = folder + "/out";
  spark::SparkOptions options;
  options.connection.remote = address;
  RunOptions run;
  run.cancellation = &cancellation;
  return spark::run_job_on_spark(job, options, run).status();
}

}  // namespace

Status archive_spark_classes(const std::string& spark_home, const Cancellation& cancellation) {
  spark::ClusterOptions options;
  options.spark_home = spark_home;
  options.cancellation = &cancellation;
  const auto use = [&](const std::string& address, const std::string& folder) {
    return run_small_job(address, folder, cancellation);
  };
  ARROW_ASSIGN_OR_RAISE(const std::string archive, spark::make_class_archive(options, use));
  std::printf("%s\n", archive.c_str());
  return Status::OK();
}

}  // namespace linkwright
