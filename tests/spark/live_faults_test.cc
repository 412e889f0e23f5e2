// Against a cluster with two workers of its own, which tests/spark/with_cluster starts. The last test ends its server.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <fstream>
#include <iterator>
#include <thread>

#include "live_spark.h"
#include "spark/cluster/processes.h"
#include "spark/config/uuid.h"

namespace linkwright::spark {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(OnACluster, ACrashOfNativeCodeFailsTheJobAndNotTheSession) {
  const Session spark = session();
  const PythonFunction crash = {"crash", "def f(batches):\n    import ctypes\n    ctypes.string_at(0)\n", "f",
                                "n bigint"};
  const Status status = spark.range(0, 4, 1, 1).map_in_arrow(crash).ValueOrDie().to_arrow().status();
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
    if (was_killed || progress.tasks_done < 5) return;  // of two at a time, so both executors have files of the shuffle
    const std::vector<int> running = executors();
    ASSERT_FALSE(running.empty());
    const int first = *std::min_element(running.begin(), running.end());  // no fork on its way to be Python
    was_killed = kill(first, SIGKILL) == 0;
  };
  // Sixteen tasks of a quarter of a second, and behind them a shuffle whose files die with the executor.
  const std::string source =
      "def slowly(batches):\n"
      "    import time\n"
      "    for batch in batches:\n"
      "        time.sleep(0.25)\n"
      "        yield batch\n";
  const DataFrame counted = spark.range(0, 16'000, 1, 16)
                                .map_in_arrow({"slowly", source, "slowly", "id bigint"})
                                .ValueOrDie()
                                .repartition(4, {col("id")})
                                .agg({expr("sum(id) AS s")});
  EXPECT_THAT(numbers(counted.to_arrow(options).ValueOrDie()), ElementsAre(int64_t{15'999} * 16'000 / 2));
  EXPECT_TRUE(was_killed);
}

/// An aggregation over so many rows; an executor does some fifty million a second.
DataFrame hashes_of(const Session& spark, int64_t rows) {
  return spark.range(0, rows).agg({expr("sum(hash(id)) AS s")});
}

// Several, since each comes at another moment. Of a second or two and not more: when an interruption comes while Spark
// prepares a stage, it calls the query cancelled and submits the stage all the same, whose tasks then keep the
// executors from what comes next until their end.
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

// Last: there is no server afterwards.
TEST(WhenTheServerDies, TheErrorOfARunningQuerySaysSoWithinItsTime) {
  SessionOptions session_options;
  session_options.max_retry_time = std::chrono::seconds(2);
  const Session spark = Session::connect(server(), session_options).ValueOrDie();
  const ClusterState state = cluster();
  const auto at = std::find_if(state.processes.begin(), state.processes.end(),
                               [](const auto& process) { return process.role == "connect server"; });
  ASSERT_NE(at, state.processes.end());
  std::atomic<std::chrono::steady_clock::time_point> death{std::chrono::steady_clock::time_point()};
  QueryOptions options;
  // At its first word, and not when its tasks run: those of interrupted queries may keep the executors.
  options.on_progress = [&](const ExecutionProgress&) {
    if (death.load() != std::chrono::steady_clock::time_point()) return;
    EXPECT_EQ(kill(at->pid, SIGKILL), 0);
    death = std::chrono::steady_clock::now();
  };
  const Status status = hashes_of(spark, 1'000'000'000).to_arrow(options).status();
  // Two seconds, were the machine quiet; twenty minutes, were they not heeded.
  EXPECT_LT(std::chrono::steady_clock::now() - death.load(), std::chrono::minutes(5));
  EXPECT_THAT(status.message(), AllOf(HasSubstr(server().address()), HasSubstr("linkwright spark up")));
  EXPECT_FALSE(find_cluster(variable("SPARK_FOLDER")).ValueOrDie()->is_running());
}

}  // namespace
}  // namespace linkwright::spark
