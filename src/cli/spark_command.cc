#include "cli/spark_command.h"

#include <arrow/array/array_binary.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "cli/spark_archive.h"
#include "io/row_text.h"
#include "linkwright/spark_cluster.h"

namespace linkwright {
namespace {

struct UpOptions {
  spark::ClusterOptions cluster;
  std::vector<std::string> conf;
  bool quiet = false;
};

struct SqlOptions {
  std::string query, folder;
  spark::ConnectionRequest connection;
  int rows = 20;
  bool wide = false, json = false, csv = false;
};

Status up(UpOptions options, const Cancellation& cancellation) {
  for (const std::string& text : options.conf) {
    const size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0) return Status::Invalid("--conf '", text, "': expected NAME=VALUE");
    options.cluster.conf.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  options.cluster.cancellation = &cancellation;
  ARROW_ASSIGN_OR_RAISE(const spark::ClusterStatus status, spark::start_cluster(options.cluster));
  if (options.quiet) {
    std::printf("%s\n", status.address.c_str());
    return Status::OK();
  }
  std::printf("Spark runs at %s (master %s); logs are in %s/logs\n", status.address.c_str(), status.master.c_str(),
              status.folder.c_str());
  std::printf("try: linkwright spark sql \"SELECT count(*) FROM range(1000000)\"\n");
  return Status::OK();
}

Status show_status(const std::string& folder) {
  ARROW_ASSIGN_OR_RAISE(const auto status, spark::find_cluster(folder));
  if (!status) return Status::Invalid("no Spark cluster was started here; `linkwright spark up` starts one");
  std::printf("%s, master %s\n", status->address.c_str(), status->master.c_str());
  for (const spark::ClusterProcess& process : status->processes) {
    std::printf("%-15s pid %-8d %-8s %s\n", process.role.c_str(), process.pid, process.is_running ? "running" : "ended",
                process.log.c_str());
  }
  if (status->is_running()) return Status::OK();
  return Status::Invalid(
      "a part of the Spark cluster has ended; `linkwright spark up` with the same options starts it ",
      "again, and its log says why it ended");
}

Status down(const std::string& folder) {
  ARROW_ASSIGN_OR_RAISE(const int ended, spark::stop_cluster(folder));
  if (ended > 0) {
    std::printf("ended %d processes of Spark\n", ended);
  } else {
    std::printf("no Spark cluster ran here\n");
  }
  return Status::OK();
}

/// Prints the one column of text that a query gives, a line a row, as the rows arrive.
Status print_lines(const spark::DataFrame& lines) {
  ARROW_ASSIGN_OR_RAISE(const auto reader, lines.to_batches());
  for (;;) {
    ARROW_ASSIGN_OR_RAISE(const auto batch, reader->Next());
    if (batch == nullptr) return Status::OK();
    const auto& column = dynamic_cast<const arrow::StringArray&>(*batch->column(0));
    for (int64_t i = 0; i < column.length(); ++i) {
      const std::string_view line = column.IsNull(i) ? std::string_view() : column.GetView(i);
      std::printf("%.*s\n", static_cast<int>(line.size()), line.data());
    }
  }
}

Status print_csv(const spark::DataFrame& rows, const arrow::Schema& schema) {
  std::string header;
  append_csv_header(schema, &header);
  std::fputs(header.c_str(), stdout);
  return print_lines(rows.select({spark::expr("to_csv(struct(*), map('escape', '\"')) AS line")}));
}

Status sql(const SqlOptions& options, const Cancellation& cancellation) {
  spark::SessionOptions session_options;
  session_options.cancellation = &cancellation;
  spark::ClusterOptions local;
  local.folder = options.folder;
  ARROW_ASSIGN_OR_RAISE(const spark::Session session, spark::open_session(options.connection, local, session_options));
  ARROW_ASSIGN_OR_RAISE(const spark::DataFrame rows, session.sql(options.query));
  ARROW_ASSIGN_OR_RAISE(const auto schema, rows.schema());
  if (schema->num_fields() == 0) return session.stop();  // of a command that leaves nothing to show
  if (options.json) {
    ARROW_RETURN_NOT_OK(
        print_lines(rows.select({spark::expr("to_json(struct(*), map('ignoreNullFields', 'false')) AS line")})));
  } else if (options.csv) {
    ARROW_RETURN_NOT_OK(print_csv(rows, *schema));
  } else {
    ARROW_ASSIGN_OR_RAISE(const std::string table, rows.show_string(options.rows, options.wide ? 0 : 40));
    std::printf("%s", table.c_str());
  }
  return session.stop();
}

void add_folder(CLI::App* command, std::string* folder) {
  command->add_option("--folder", *folder, "Folder of the cluster; default: " + spark::default_cluster_folder());
}

void add_up(CLI::App* parent, const Cancellation& cancellation, Status* outcome) {
  auto options = std::make_shared<UpOptions>();
  spark::ClusterOptions& cluster = options->cluster;
  CLI::App* command = parent->add_subcommand("up", "Start Spark on this machine; prints the address to use");
  auto* workers = command->add_option("--workers", cluster.workers, "Workers of a standalone cluster of its own");
  auto* cores = command->add_option("--cores", cluster.cores, "Processors of each worker");
  auto* memory = command->add_option("--memory", cluster.memory, "Memory of each worker");
  for (CLI::Option* option : {workers, cores, memory}) option->capture_default_str();
  auto* master = command->add_option("--master", cluster.master,
                                     "Start only a Connect server, for this master: local[*], spark://HOST:PORT, yarn");
  for (CLI::Option* option : {workers, cores, memory}) option->excludes(master);
  command->add_option("--port", cluster.port, "Port of the Connect server; default: 15002, or a free one");
  add_folder(command, &cluster.folder);
  command->add_option("--spark-home", cluster.spark_home,
                      "Spark to use; default: SPARK_HOME, or a Python with pyspark");
  command->add_option("--executor-memory", cluster.executor_memory, "Memory of an executor, as in 4g");
  command->add_option("--driver-memory", cluster.driver_memory, "Memory of the Connect server, as in 4g");
  command->add_option("--num-executors", cluster.num_executors, "How many executors");
  command->add_option("--executor-cores", cluster.executor_cores, "Tasks that an executor runs at a time");
  command->add_option("--shuffle-partitions", cluster.shuffle_partitions, "Partitions behind joins and aggregates");
  command->add_option("--local-dir", cluster.local_dir, "Folder for shuffle files, on a fast disk with room");
  command->add_option("--conf", options->conf, "Any other setting of Spark, NAME=VALUE; may be given again");
  command->add_flag("-q,--quiet", options->quiet, "Print the address only");
  command->callback([options, &cancellation, outcome] { *outcome = up(*options, cancellation); });
}

void add_archive(CLI::App* parent, const Cancellation& cancellation, Status* outcome) {
  auto spark_home = std::make_shared<std::string>();
  CLI::App* command = parent->add_subcommand(
      "archive", "Once for an installation: keep Spark's classes as Java has loaded them, for faster starts");
  command->add_option("--spark-home", *spark_home, "Spark to use; default: SPARK_HOME, or a Python with pyspark");
  command->callback(
      [spark_home, &cancellation, outcome] { *outcome = archive_spark_classes(*spark_home, cancellation); });
}

void add_status_and_down(CLI::App* parent, Status* outcome) {
  auto folder = std::make_shared<std::string>();
  CLI::App* status = parent->add_subcommand("status", "Show the processes of the cluster; exit code 0 when all run");
  add_folder(status, folder.get());
  status->callback([folder, outcome] { *outcome = show_status(*folder); });
  CLI::App* end = parent->add_subcommand("down", "End the cluster");
  add_folder(end, folder.get());
  end->callback([folder, outcome] { *outcome = down(*folder); });
}

void add_sql(CLI::App* parent, const Cancellation& cancellation, Status* outcome) {
  auto options = std::make_shared<SqlOptions>();
  CLI::App* command = parent->add_subcommand("sql", "Run a query and print its rows");
  command->add_option("QUERY", options->query, "Spark SQL")->required();
  command->add_option("--remote", options->connection.remote, "Connection string, sc://HOST:PORT/;NAME=VALUE");
  command->add_option("--profile", options->connection.profile, "Section of ~/.databrickscfg");
  command->add_option("--cluster-id", options->connection.cluster_id, "Cluster of a Databricks workspace");
  add_folder(command, &options->folder);
  command->add_option("--rows", options->rows, "Rows of the table")
      ->capture_default_str()
      ->check(CLI::Range(1, 1 << 30));
  command->add_flag("--wide", options->wide, "Do not cut long values");
  auto* json = command->add_flag("--json", options->json, "All rows, a JSON object a line");
  command->add_flag("--csv", options->csv, "All rows as CSV with a header")->excludes(json);
  command->callback([options, &cancellation, outcome] { *outcome = sql(*options, cancellation); });
}

}  // namespace

void add_spark_commands(CLI::App& app, const Cancellation& cancellation, Status* outcome) {
  CLI::App* command = app.add_subcommand("spark", "Start Spark on this machine, and query it anywhere (docs/spark.md)");
  command->require_subcommand(1);
  add_up(command, cancellation, outcome);
  add_status_and_down(command, outcome);
  add_sql(command, cancellation, outcome);
  add_archive(command, cancellation, outcome);
}

}  // namespace linkwright
