// A cluster of the fake Spark in tests/fixtures/fake_spark: real processes and ports, up in a second.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "base/cancellation.h"
#include "base/test_environment.h"
#include "linkwright/spark_cluster.h"
#include "spark/cluster/cluster_state.h"
#include "spark/cluster/loopback.h"
#include "spark/cluster/own_cluster.h"
#include "spark/cluster/processes.h"

namespace linkwright::spark {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class LocalCluster : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::string fake = std::string(LINKWRIGHT_SOURCE_DIR) + "/tests/fixtures/fake_spark";
    environment_.set("JAVA_HOME", fake + "/java");
    folder_ = fs::path(::testing::TempDir()) / ("local_cluster." + std::to_string(getpid()) + "." +
                                                ::testing::UnitTest::GetInstance()->current_test_info()->name());
    options_.folder = folder_;
    options_.spark_home = fake;
    options_.start_timeout = std::chrono::seconds(60);
  }
  void TearDown() override {
    EXPECT_TRUE(stop_cluster(folder_).ok());
    fs::remove_all(folder_);
  }

  ClusterStatus started() const { return start_cluster(options_).ValueOrDie(); }
  std::string error_of() const { return start_cluster(options_).status().message(); }
  ClusterState state() const { return read_state(folder_).ValueOrDie().value(); }
  /// How often the server was started from this folder.
  size_t server_starts() const {
    std::ifstream file(folder_ / "server-started");
    return std::string(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()).size();
  }

  test::ScopedEnvironment environment_;
  fs::path folder_;
  ClusterOptions options_;
};

TEST_F(LocalCluster, StartsMasterWorkersAndServerAndIsFoundAgain) {
  options_.workers = 3;
  const ClusterStatus status = started();
  EXPECT_TRUE(status.is_running());
  EXPECT_EQ(status.processes.size(), 5u);
  EXPECT_THAT(status.master, HasSubstr("spark://127.0.0.1:"));
  EXPECT_TRUE(accepts_connections(state().places.server_port));
  const ClusterStatus found = find_cluster(folder_).ValueOrDie().value();
  EXPECT_EQ(found.address, status.address);
  EXPECT_TRUE(found.is_running());
}

TEST_F(LocalCluster, StartsOnlyAServerForAMasterThatIsNamed) {
  options_.master = "local[*]";
  const ClusterStatus status = started();
  ASSERT_EQ(status.processes.size(), 1u);
  EXPECT_EQ(status.processes[0].role, "connect server");
}

TEST_F(LocalCluster, StartsNothingWhenItRunsAlready) {
  const ClusterStatus first = started(), second = started();
  EXPECT_EQ(first.address, second.address);
  for (size_t i = 0; i < first.processes.size(); ++i) EXPECT_EQ(first.processes[i].pid, second.processes[i].pid);
  EXPECT_EQ(server_starts(), 1u);
}

TEST_F(LocalCluster, StartsAgainWhatHasDied) {
  const ClusterStatus first = started();
  ASSERT_EQ(first.processes[1].role, "worker 1");
  end_process(first.processes[1].pid, state().places.mark, std::chrono::seconds(10));
  EXPECT_FALSE(find_cluster(folder_).ValueOrDie()->is_running());
  const ClusterStatus mended = started();
  EXPECT_TRUE(mended.is_running());
  EXPECT_NE(mended.processes[1].pid, first.processes[1].pid);
  EXPECT_EQ(mended.processes[0].pid, first.processes[0].pid);
  EXPECT_EQ(server_starts(), 1u);
}

TEST_F(LocalCluster, StartsAllAnewWhenTheMasterHasDied) {
  const ClusterStatus first = started();
  const std::string mark = state().places.mark;
  end_process(first.processes[0].pid, mark, std::chrono::seconds(10));
  EXPECT_TRUE(started().is_running());
  EXPECT_TRUE(processes_with(mark).empty());
}

TEST_F(LocalCluster, RefusesOtherSettingsWhileItRuns) {
  started();
  options_.workers = 3;
  EXPECT_THAT(error_of(), AllOf(HasSubstr("other settings"), HasSubstr("linkwright spark down")));
}

TEST_F(LocalCluster, EndsAllOfItsProcessesAndNoOther) {
  const int stranger = start_detached({{"sleep", "600"}, {}, "/", "/dev/null"}).ValueOrDie();
  options_.workers = 1;
  started();
  const std::string mark = state().places.mark;
  // Master, worker, server, and the helper that the server has started in a session of its own.
  EXPECT_EQ(processes_with(mark).size(), 4u);
  EXPECT_EQ(stop_cluster(folder_).ValueOrDie(), 4);
  EXPECT_TRUE(processes_with(mark).empty());
  EXPECT_EQ(kill(stranger, 0), 0);
  kill(stranger, SIGKILL);
  EXPECT_FALSE(find_cluster(folder_).ValueOrDie().has_value());
  EXPECT_EQ(stop_cluster(folder_).ValueOrDie(), 0) << "a second time";
  EXPECT_TRUE(fs::exists(folder_ / "logs" / "connect-server.log")) << "logs stay";
}

TEST_F(LocalCluster, EndsWhatDoesNotListenToAsking) {
  options_.master = "local[1]";
  options_.conf = {{"spark.fake.stubborn", "true"}};
  started();
  const ClusterState running = state();
  end_process(running.processes[0].pid, running.places.mark, std::chrono::milliseconds(10));
  EXPECT_TRUE(end_processes(running.places.mark, std::chrono::milliseconds(10)).ok());
  EXPECT_TRUE(processes_with(running.places.mark).empty());
}

// A machine that restarts hands out old pids again.
TEST_F(LocalCluster, DoesNotTakeAProcessForItsOwnByItsNumber) {
  started();
  ClusterState stale = state();
  const std::string mark = stale.places.mark;
  ASSERT_TRUE(end_processes(mark, std::chrono::seconds(10)).ok());
  for (auto& process : stale.processes) process.pid = getpid();
  ASSERT_TRUE(write_state(stale).ok());
  EXPECT_FALSE(find_cluster(folder_).ValueOrDie()->is_running());
  EXPECT_EQ(stop_cluster(folder_).ValueOrDie(), 0);
}

TEST_F(LocalCluster, LeavesNothingOfAStartThatFailedAndTellsWhatTheLogSays) {
  options_.driver_memory = "666m";
  EXPECT_THAT(error_of(),
              AllOf(HasSubstr("Spark's connect server ended while it started"), HasSubstr("out of luck"),
                    HasSubstr("connect-server.log"), Not(HasSubstr("all is well")), Not(HasSubstr("at somewhere"))));
  EXPECT_FALSE(find_cluster(folder_).ValueOrDie().has_value());
  options_.driver_memory = "";
  EXPECT_TRUE(started().is_running());
}

TEST_F(LocalCluster, NamesTheWorkerThatFails) {
  options_.memory = "666m";
  EXPECT_THAT(error_of(), AllOf(HasSubstr("Spark's worker"), HasSubstr("out of luck")));
}

TEST_F(LocalCluster, EndsAStartThatIsCancelled) {
  Cancellation cancellation;
  cancellation.request();
  options_.cancellation = &cancellation;
  EXPECT_TRUE(start_cluster(options_).status().IsCancelled());
  EXPECT_FALSE(find_cluster(folder_).ValueOrDie().has_value());
}

TEST_F(LocalCluster, RefusesAPortThatIsTaken) {
  options_.master = "local[1]";
  started();
  ClusterOptions second = options_;
  second.folder = (folder_ / "second").string();
  second.port = state().places.server_port;
  EXPECT_THAT(start_cluster(second).status().message(), HasSubstr("is taken"));
  second.port.reset();
  const ClusterStatus other = start_cluster(second).ValueOrDie();
  EXPECT_NE(other.address, find_cluster(folder_).ValueOrDie()->address);
  EXPECT_EQ(stop_cluster(second.folder).ValueOrDie(), 2);
}

// Two clusters that start at the same time find the same port free.
TEST_F(LocalCluster, TakesAnotherPortWhenItsOwnIsTakenWhileItStarts) {
  options_.master = "local[1]";
  options_.conf = {{"spark.fake.rivals", "3"}};
  EXPECT_TRUE(started().is_running());
  EXPECT_EQ(server_starts(), 4u);
  const ClusterState running = state();
  EXPECT_TRUE(listens(running.processes[0].pid, running.places.server_port));
}

TEST_F(LocalCluster, TakesOtherPortsWhenItsMastersAreTakenWhileItStarts) {
  environment_.set("FAKE_SPARK_RIVALS", "1");
  options_.workers = 1;
  EXPECT_TRUE(started().is_running());
  const ClusterState running = state();
  EXPECT_TRUE(listens(running.processes[0].pid, running.places.master_port));
  EXPECT_EQ(server_starts(), 1u) << "a server follows a master";
}

// A worker takes whichever port the system gives it, and comes before the server does.
TEST_F(LocalCluster, DoesNotTakeAWorkerForItsServer) {
  environment_.set("FAKE_SPARK_THIEVES", "1");
  options_.workers = 1;
  EXPECT_TRUE(started().is_running());
  const ClusterState running = state();
  ASSERT_EQ(running.processes.back().role, "connect server");
  EXPECT_TRUE(listens(running.processes.back().pid, running.places.server_port));
  EXPECT_EQ(server_starts(), 2u);
}

TEST_F(LocalCluster, GivesUpWhenAllOfItsPortsAreTaken) {
  options_.master = "local[1]";
  options_.conf = {{"spark.fake.rivals", "100"}};
  EXPECT_THAT(error_of(), HasSubstr("in use"));
  EXPECT_EQ(server_starts(), 4u);
}

// SPARK_REMOTE is of our own commands; Spark refuses a master beside it.
TEST_F(LocalCluster, StartsWhateverServerTheEnvironmentNames) {
  environment_.set("SPARK_REMOTE", "sc://127.0.0.1:1");
  const auto cluster = start_cluster(options_);
  EXPECT_TRUE(cluster.ok()) << cluster.status();
}

TEST_F(LocalCluster, SaysSoWhenAPortThatWasNamedIsTakenWhileItStarts) {
  options_.master = "local[1]";
  options_.port = free_port(0).ValueOrDie();
  options_.conf = {{"spark.fake.rivals", "1"}};
  EXPECT_THAT(error_of(), AllOf(HasSubstr("Spark's connect server ended while it started"), HasSubstr("in use")));
  EXPECT_EQ(server_starts(), 1u);
}

// Settings have keys of storage in them.
TEST_F(LocalCluster, ShowsSettingsToTheirOwnerOnly) {
  options_.conf = {{"spark.hadoop.fs.s3a.secret.key", "sesame"}};
  const ClusterStatus status = started();
  for (const char* name : {"cluster.json", "connect-server.conf"}) {
    struct stat about {};
    ASSERT_EQ(stat((folder_ / name).c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 0777, 0600u) << name;
  }
  std::ifstream file("/proc/" + std::to_string(status.processes.back().pid) + "/cmdline");
  const std::string command_line((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  EXPECT_THAT(command_line, AllOf(HasSubstr("properties-file"), Not(HasSubstr("sesame"))));
}

TEST_F(LocalCluster, OfAProgramThatIsKilledGoesWithIt) {
  options_.master = "local[*]";
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const pid_t program = fork();
  if (program == 0) {
    const auto cluster = OwnCluster::start(options_);
    const std::string folder = cluster.ok() ? (*cluster)->folder() : "";
    const bool told = write(ends[1], folder.data(), folder.size()) == static_cast<ssize_t>(folder.size());
    if (!told) _exit(1);
    for (;;) pause();
  }
  close(ends[1]);
  char name[4096];
  const ssize_t size = read(ends[0], name, sizeof(name));
  close(ends[0]);
  ASSERT_GT(size, 0);
  const std::string folder(name, static_cast<size_t>(size));
  const std::string mark = read_state(folder).ValueOrDie().value().places.mark;
  EXPECT_FALSE(processes_with(mark).empty());
  kill(program, SIGKILL);
  waitpid(program, nullptr, 0);
  for (int i = 0; i < 600 && fs::exists(folder); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_FALSE(fs::exists(folder));
  EXPECT_TRUE(processes_with(mark).empty());
}

// The system may give any other to a worker that takes whichever it gets, before the server comes for it.
TEST(FreePort, IsNoneThatTheSystemGivesUnasked) {
  int first = 0;
  std::ifstream("/proc/sys/net/ipv4/ip_local_port_range") >> first;
  if (first < 20'000) GTEST_SKIP() << "the system gives nearly all ports";
  for (int k = 0; k < 20; ++k) EXPECT_LT(free_port(0).ValueOrDie(), first);
}

}  // namespace
}  // namespace linkwright::spark
