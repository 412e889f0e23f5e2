#include "cli/engine_choice.h"

#include <CLI/CLI.hpp>

#include "cli/token_options.h"
#include "engine/embedded_engine.h"

#ifdef LINKWRIGHT_HAS_SPARK
#include "spark/linkage/spark_engine.h"
#include "spark/linkage/spark_options.h"
#endif

namespace linkwright {
namespace {

#ifdef LINKWRIGHT_HAS_SPARK
Result<RunReport> run_on_spark(const LinkageJob& job, const std::string& where, const EngineFlags& flags,
                               const RunOptions& options) {
  ARROW_ASSIGN_OR_RAISE(spark::SparkOptions spark, spark::read_spark_options(job.engine.spark_json, where));
  if (!flags.remote.empty()) spark.connection.remote = flags.remote;
  spark.tell = print_warning;
  return spark::run_job_on_spark(job, spark, options);
}
#else
Result<RunReport> run_on_spark(const LinkageJob&, const std::string& where, const EngineFlags&, const RunOptions&) {
  return Status::NotImplemented(where, ": this program was built without Spark (LINKWRIGHT_SPARK); use the engine ",
                                "\"embedded\"");
}
#endif

}  // namespace

void EngineFlags::add_to(CLI::App* command) {
  command->add_option("--engine", engine, "What runs the job: embedded or spark; default: the job's")
      ->check(CLI::IsMember({"embedded", "spark"}));
  command->add_option("--remote", remote, "The Spark Connect server to run on, such as sc://localhost:15002");
}

Result<RunReport> run_on_engine(LinkageJob job, const std::string& where, const EngineFlags& flags,
                                const RunOptions& options) {
  if (flags.engine == "embedded" && !flags.remote.empty()) {
    return Status::Invalid("--remote names a Spark server, and --engine embedded runs the job here; leave one out");
  }
  if (!flags.engine.empty()) {
    job.engine.kind = flags.engine;
  } else if (!flags.remote.empty()) {
    job.engine.kind = "spark";
  }
  if (job.engine.kind == "spark") return run_on_spark(job, where, flags, options);
  return run_job(job, options);
}

void tell_that_it_runs_here(const LinkageJob& job) {
  if (job.engine.kind != "spark") return;
  print_warning(
      "run, train and predict use the job's engine, Spark; this command works on this machine, and any time and memory "
      "that it tells are of a run here");
}

}  // namespace linkwright
