// Against a real cluster with three workers, which tests/spark/with_cluster starts. The last test ends its server.

#include <arrow/array.h>
#include <arrow/record_batch.h>
#include <arrow/table.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "linkwright/spark.h"
#include "linkwright/spark_cluster.h"
#include "linkwright/spark_error.h"
#include "nginx_front.h"
#include "spark/cluster/cluster_state.h"
#include "spark/cluster/processes.h"
#include "spark/config/uuid.h"
#include "spark/fake/cutting_proxy.h"

namespace linkwright::spark {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using Table = std::shared_ptr<arrow::Table>;

std::string variable(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe)
  return value == nullptr ? "" : value;
}
Connection server() { return parse_connection_string(variable("SPARK_REMOTE")).ValueOrDie(); }
Session session() { return Session::connect(server()).ValueOrDie(); }
std::string folder(const std::string& name) { return variable("SPARK_TEST_FOLDER") + "/" + name; }
ClusterState cluster() { return read_state(variable("SPARK_TEST_FOLDER")).ValueOrDie().value(); }

std::vector<int64_t> numbers(const Table& table) {
  std::vector<int64_t> result;
  for (const auto& chunk : table->column(0)->chunks()) {
    const auto& array = dynamic_cast<const arrow::Int64Array&>(*chunk);
    for (int64_t i = 0; i < array.length(); ++i) result.push_back(array.Value(i));
  }
  return result;
}
std::vector<int64_t> numbers(const DataFrame& frame) { return numbers(frame.to_arrow().ValueOrDie()); }

/// Whether a result has every number below `rows` once.
void expect_all_once(const std::shared_ptr<arrow::RecordBatchReader>& reader, int64_t rows) {
  std::vector<bool> seen(static_cast<size_t>(rows));
  int64_t count = 0;
  for (;;) {
    const auto batch = reader->Next().ValueOrDie();
    if (batch == nullptr) break;
    const auto& ids = dynamic_cast<const arrow::Int64Array&>(*batch->column(0));
    for (int64_t i = 0; i < ids.length(); ++i, ++count) seen[static_cast<size_t>(ids.Value(i))] = true;
  }
  EXPECT_EQ(count, rows);
  EXPECT_EQ(std::count(seen.begin(), seen.end(), true), rows);
}

/// One front for all tests behind it; skips them where nginx is not installed.
class BehindAFront : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto started = NginxFront::start(server().port, folder("front"));
    problem_ = started.status();
    if (started.ok()) front_ = *std::move(started);
  }
  static void TearDownTestSuite() { front_.reset(); }
  void SetUp() override {
    if (problem_.IsNotImplemented()) GTEST_SKIP() << problem_.message() << "; scripts/setup test installs nginx";
    ASSERT_TRUE(problem_.ok()) << problem_;
  }

  static Connection through_front(const std::string& token = NginxFront::kToken,
                                  const std::string& cluster_id = NginxFront::kCluster) {
    Connection connection = parse_connection_string("sc://localhost:" + std::to_string(front_->port()) +
                                                    "/;token=" + token + ";x-databricks-cluster-id=" + cluster_id)
                                .ValueOrDie();
    connection.ca_file = front_->ca_file();
    return connection;
  }
  static std::string error_of(const Connection& connection) { return Session::connect(connection).status().message(); }

  inline static std::unique_ptr<NginxFront> front_;
  inline static Status problem_;
};

TEST_F(BehindAFront, QueriesResultsArtifactsAndFunctionsPass) {
  const Session spark = Session::connect(through_front()).ValueOrDie();
  expect_all_once(spark.range(0, 2'000'000).to_batches().ValueOrDie(), 2'000'000);
  std::ofstream(folder("large.bin"), std::ios::binary) << std::string(3'000'000, 'x');
  const std::string file = spark.add_file(folder("large.bin")).ValueOrDie();
  const std::string source =
      "def sizes(batches):\n"
      "    import os, pyarrow as pa\n"
      "    from pyspark.core.files import SparkFiles\n"
      "    for batch in batches:\n"
      "        size = os.path.getsize(SparkFiles.get('" +
      file +
      "'))\n"
      "        yield pa.RecordBatch.from_arrays([pa.array([size] * batch.num_rows)], names=['n'])\n";
  const DataFrame sizes = spark.range(0, 2, 1, 2).map_in_arrow({"sizes", source, "sizes", "n bigint"}).ValueOrDie();
  EXPECT_THAT(numbers(sizes), ElementsAre(3'000'000, 3'000'000));
}

TEST_F(BehindAFront, AnExpiredTokenIsCalledSo) {
  const std::string error = error_of(through_front("dapi-expired"));
  EXPECT_THAT(error, AllOf(HasSubstr("authentication failed at sc://localhost"), HasSubstr("has expired"),
                           Not(HasSubstr("dapi-expired"))));
}

TEST_F(BehindAFront, AnotherClusterIsNamed) {
  const std::string error = error_of(through_front(NginxFront::kToken, "0202-xyz"));
  EXPECT_THAT(error, AllOf(HasSubstr("access denied"), HasSubstr("there is no cluster '0202-xyz'"),
                           Not(HasSubstr(NginxFront::kToken))));
}

TEST_F(BehindAFront, ACertificateOfAnotherAuthorityIsRefusedAtOnce) {
  Connection connection = through_front();
  connection.ca_file = front_->other_ca_file();
  const auto start = std::chrono::steady_clock::now();
  EXPECT_THAT(error_of(connection), AllOf(HasSubstr("certificate is not trusted by"), HasSubstr("other.pem")));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
  connection.ca_file = "";
  EXPECT_THAT(error_of(connection), HasSubstr("give the file of its authority's certificates"));
}

TEST_F(BehindAFront, ResultsGoOnWhereABrokenLineLeftThem) {
  CuttingProxy proxy(front_->port(), {6'000'000, 2'000'000});
  Connection connection = through_front();
  connection.port = proxy.port();
  const Session spark = Session::connect(connection).ValueOrDie();
  expect_all_once(spark.range(0, 2'000'000).to_batches().ValueOrDie(), 2'000'000);
  EXPECT_EQ(proxy.cuts(), 2);
}

TEST(OnACluster, ACrashOfNativeCodeFailsTheJobAndNotTheSession) {
  const Session spark = session();
  const PythonFunction crash = {"crash", "def f(batches):\n    import ctypes\n    ctypes.string_at(0)\n", "f",
                                "n bigint"};
  const Status status = spark.range(0, 4).map_in_arrow(crash).ValueOrDie().to_arrow().status();
  EXPECT_THAT(status.message(), HasSubstr("Python worker exited unexpectedly (crashed)"));
  EXPECT_EQ(spark.range(0, 3).count().ValueOrDie(), 3);
}

/// The processes of executors: Java with this class.
std::vector<int> executors() {
  std::vector<int> found;
  for (const int pid : processes_with(cluster().places.mark)) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/cmdline");
    const std::string command((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    if (command.find("CoarseGrainedExecutorBackend") != std::string::npos) found.push_back(pid);
  }
  return found;
}

TEST(OnACluster, AJobCompletesWhenAnExecutorIsKilled) {
  const Session spark = session();
  bool was_killed = false;
  QueryOptions options;
  options.on_progress = [&](const ExecutionProgress& progress) {
    if (was_killed || progress.tasks_done < 3 || progress.tasks_running < 3) return;  // each has files of a shuffle
    const std::vector<int> running = executors();
    ASSERT_EQ(running.size(), 3u);
    was_killed = kill(running.front(), SIGKILL) == 0;
  };
  // Tasks of half a second, and behind them a shuffle whose files die with the executor.
  const std::string source =
      "def slowly(batches):\n"
      "    import time\n"
      "    for batch in batches:\n"
      "        time.sleep(0.5)\n"
      "        yield batch\n";
  const DataFrame counted = spark.range(0, 16'000, 1, 16)
                                .map_in_arrow({"slowly", source, "slowly", "id bigint"})
                                .ValueOrDie()
                                .repartition(4, {col("id")})
                                .agg({expr("sum(id) AS s")});
  EXPECT_THAT(numbers(counted.to_arrow(options).ValueOrDie()), ElementsAre(int64_t{15'999} * 16'000 / 2));
  EXPECT_TRUE(was_killed);
}

/// An aggregation over so many rows; executors do some fifty million a second.
DataFrame hashes_of(const Session& spark, int64_t rows) {
  return spark.range(0, rows).agg({expr("sum(hash(id)) AS s")});
}

// Several, since each comes at another moment. Of seconds and not more: when an interruption comes while Spark prepares
// a stage, it calls the query cancelled and submits the stage all the same, whose tasks then keep the executors from
// what comes next until their end.
TEST(OnACluster, AnInterruptionIsHeededHoweverEarlyItComes) {
  const Session spark = session();
  for (int i = 0; i < 4; ++i) {
    QueryOptions options;
    options.operation_id = random_uuid();
    options.timeout = std::chrono::milliseconds(300'000);
    Status status;
    std::atomic<bool> ended{false};
    std::thread query([&] {
      status = hashes_of(spark, 100'000'000).to_arrow(options).status();
      ended = true;
    });
    while (!ended && spark.interrupt_operation(options.operation_id).ValueOr({}).empty()) std::this_thread::yield();
    query.join();
    EXPECT_TRUE(status.IsCancelled()) << status;
    const auto states = spark.operation_states({options.operation_id}).ValueOrDie();
    EXPECT_NE(states.at(options.operation_id), OperationState::kRunning);
  }
}

TEST(OnACluster, CachedBlocksAreKnownByTheirNames) {
  const auto status = session().artifact_status({"cache/0123"}).ValueOrDie();
  EXPECT_FALSE(status.at("cache/0123"));
}

TEST(OnACluster, JavaFunctionsOfAJarAreCalled) {
  if (find_program("javac").empty() || find_program("jar").empty())
    GTEST_SKIP() << "no javac: the JRE alone runs Spark";
  const std::string classes = folder("java");
  fs::create_directories(classes);
  std::ofstream(classes + "/Twice.java") << "public class Twice implements org.apache.spark.sql.api.java.UDF1<Long, "
                                            "Long> { public Long call(Long n) { return 2 * n; } }";
  const std::string home = cluster().settings.at("spark_home");
  ASSERT_TRUE(output_of({"javac", "-cp", home + "/jars/*", "-d", classes, classes + "/Twice.java"}).ok());
  ASSERT_TRUE(output_of({"jar", "cf", classes + "/twice.jar", "-C", classes, "Twice.class"}).ok());
  const Session spark = session();
  ASSERT_TRUE(spark.add_jar(classes + "/twice.jar").ok());
  ASSERT_TRUE(spark.register_java_function("twice", "Twice", "bigint").ok());
  EXPECT_THAT(numbers(spark.sql("SELECT twice(21L) AS n").ValueOrDie()), ElementsAre(42));
}

TEST(OnDelta, TablesHaveVersionsGrowColumnsAndArePartitioned) {
  if (variable("SPARK_TEST_DELTA").empty()) GTEST_SKIP() << "Delta's jars cannot be fetched from Maven Central here";
  const Session spark = session();
  const std::string path = folder("delta");
  const DataFrame rows = spark.range(0, 10).with_column("p", col("id") % lit(2));
  ASSERT_TRUE(rows.write().format("delta").partition_by({"p"}).save(path).ok());
  EXPECT_TRUE(fs::exists(path + "/p=0"));
  const Table first_commit = spark.sql("DESCRIBE HISTORY delta.`" + path + "`")
                                 .ValueOrDie()
                                 .select({expr("CAST(timestamp AS STRING) AS t")})
                                 .to_arrow()
                                 .ValueOrDie();
  const auto& times = dynamic_cast<const arrow::StringArray&>(*first_commit->column(0)->chunk(0));
  const std::string first_time = times.GetString(0);
  const DataFrame wider = rows.with_column("colour", lit(std::string("red")));
  const Status refused = wider.write().format("delta").mode(SaveMode::kAppend).save(path);
  EXPECT_THAT(refused.message(), HasSubstr("schema"));
  const Status appended =
      wider.write().format("delta").mode(SaveMode::kAppend).option("mergeSchema", "true").save(path);
  ASSERT_TRUE(appended.ok()) << appended;
  EXPECT_EQ(spark.read().delta(path).filter(col("colour") == lit(std::string("red"))).count().ValueOrDie(), 10);
  EXPECT_EQ(spark.read().delta(path).count().ValueOrDie(), 20);
  EXPECT_EQ(spark.read().option("versionAsOf", "0").delta(path).count().ValueOrDie(), 10);
  EXPECT_EQ(spark.read().option("timestampAsOf", first_time).delta(path).count().ValueOrDie(), 10);
  ASSERT_TRUE(rows.write().format("delta").mode(SaveMode::kOverwrite).save_as_table("people_delta").ok());
  ASSERT_TRUE(rows.write().format("delta").mode(SaveMode::kAppend).save_as_table("people_delta").ok());
  EXPECT_EQ(spark.table("people_delta").count().ValueOrDie(), 20);
  const DataFrame first = spark.sql("SELECT * FROM people_delta VERSION AS OF 0").ValueOrDie();
  EXPECT_EQ(first.count().ValueOrDie(), 10);
  ASSERT_TRUE(spark.sql("DROP TABLE people_delta").ok());
}

// Last: there is no server afterwards.
TEST(WhenTheServerDies, TheErrorOfARunningQuerySaysSoWithinItsTime) {
  SessionOptions session_options;
  session_options.max_retry_time = std::chrono::milliseconds(3'000);
  const Session spark = Session::connect(server(), session_options).ValueOrDie();
  const ClusterState state = cluster();
  const auto at = std::find_if(state.processes.begin(), state.processes.end(),
                               [](const auto& process) { return process.role == "connect server"; });
  ASSERT_NE(at, state.processes.end());
  std::atomic<std::chrono::steady_clock::time_point> death{std::chrono::steady_clock::time_point()};
  QueryOptions options;
  options.on_progress = [&](const ExecutionProgress& progress) {
    if (progress.tasks_running == 0 || death.load() != std::chrono::steady_clock::time_point()) return;
    EXPECT_EQ(kill(at->pid, SIGKILL), 0);
    death = std::chrono::steady_clock::now();
  };
  const Status status = hashes_of(spark, 1'000'000'000).to_arrow(options).status();
  EXPECT_LT(std::chrono::steady_clock::now() - death.load(), std::chrono::seconds(15));
  EXPECT_THAT(status.message(), AllOf(HasSubstr(server().address()), HasSubstr("linkwright spark up")));
  EXPECT_FALSE(find_cluster(variable("SPARK_TEST_FOLDER")).ValueOrDie()->is_running());
}

}  // namespace
}  // namespace linkwright::spark
