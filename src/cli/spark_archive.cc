#include "cli/spark_archive.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
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

namespace fs = std::filesystem;

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

class TemporaryFolder {
 public:
  static Result<TemporaryFolder> make() {
    std::error_code error;
    std::string path = (fs::temp_directory_path(error) / "linkwright-archive.XXXXXX").string();
    if (mkdtemp(path.data()) == nullptr) return Status::IOError(path, ": cannot be made (", std::strerror(errno), ")");
    return TemporaryFolder(std::move(path));
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  TemporaryFolder(TemporaryFolder&& other) noexcept : path_(std::exchange(other.path_, "")) {}
  TemporaryFolder& operator=(TemporaryFolder&&) = delete;

  const std::string& path() const { return path_; }

 private:
  explicit TemporaryFolder(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

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

Status run_small_job(const std::string& address, const Cancellation& cancellation) {
  ARROW_ASSIGN_OR_RAISE(const TemporaryFolder folder, TemporaryFolder::make());
  ARROW_RETURN_NOT_OK(write_people(folder.path() + "/people.parquet", cancellation));
  ARROW_ASSIGN_OR_RAISE(LinkageJob job,
                        LinkageJob::from_json(nlohmann::ordered_json::parse(kJob), folder.path(), "the small job"));
  job.output.directory = folder.path() + "/out";
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
  const auto use = [&](const std::string& address) { return run_small_job(address, cancellation); };
  ARROW_ASSIGN_OR_RAISE(const std::string archive, spark::make_class_archive(options, use));
  std::printf("%s\n", archive.c_str());
  return Status::OK();
}

}  // namespace linkwright
