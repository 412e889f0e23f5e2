// Which server a session is opened on: servers are fakes in this process, and errors tell where a real one was sought.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/test_environment.h"
#include "linkwright/spark_cluster.h"
#include "spark/fake/fake_server.h"

namespace linkwright::spark {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr const char* kVariables[] = {"SPARK_REMOTE",     "USE_SPARK_CONNECT",        "DATABRICKS_PROFILE",
                                      "DATABRICKS_HOST",  "SPARK_CONNECT_CLUSTER_ID", "DATABRICKS_CLUSTER_ID",
                                      "DATABRICKS_TOKEN", "DATABRICKS_CONFIG_PROFILE"};

/// A working folder and an environment that name nothing, a profile whose server does not answer, and two servers.
class OpenSession : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(::testing::TempDir()) / ("open_session." + std::to_string(getpid()) + "." +
                                                ::testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::create_directories(folder_ / "work");
    before_ = fs::current_path();
    fs::current_path(folder_ / "work");
    for (const char* name : kVariables) environment_.unset(name);
    write("databrickscfg", "[dev]\nhost = https://127.0.0.1\ntoken = dev-token\ncluster_id = dev-cluster\n");
    environment_.set("DATABRICKS_CONFIG_FILE", (folder_ / "databrickscfg").string());
    environment_.set("XDG_STATE_HOME", (folder_ / "state").string());
    // One attempt: the cluster of the fake Spark hangs up on who connects, which looks as if it would pass.
    options_.max_connect_time = options_.max_retry_time = std::chrono::milliseconds(1);
    options_.call_timeout = std::chrono::milliseconds(10'000);
  }
  void TearDown() override {
    EXPECT_TRUE(stop_cluster(local_cluster_folder()).ok());
    fs::current_path(before_);
    fs::remove_all(folder_);
  }

  void write(const std::string& name, const std::string& text) const { std::ofstream(folder_ / name) << text; }
  static std::string address(const FakeServer& server) { return "sc://127.0.0.1:" + std::to_string(server.port()); }

  std::string local_cluster_folder() const { return (folder_ / "state/linkwright/spark").string(); }
  /// The cluster of `spark up`, which listens and does not speak; gives its address.
  std::string start_local_cluster() {
    const std::string fake = std::string(LINKWRIGHT_SOURCE_DIR) + "/tests/fixtures/fake_spark";
    environment_.set("JAVA_HOME", fake + "/java");
    ClusterOptions options;
    options.spark_home = fake;
    options.master = "local[*]";
    options.start_timeout = std::chrono::seconds(60);
    return start_cluster(options).ValueOrDie().address;
  }

  std::string error_of(const ConnectionRequest& request) const {
    return open_session(request, {}, options_).status().message();
  }

  fs::path folder_;
  fs::path before_;
  test::ScopedEnvironment environment_;
  SessionOptions options_;
  FakeServer one_;
  FakeServer other_;
};

TEST_F(OpenSession, TakesTheArgumentBeforeTheEnvironment) {
  environment_.set("SPARK_REMOTE", address(other_));
  ConnectionRequest request;
  request.remote = address(one_);
  ASSERT_TRUE(open_session(request).ok());
  EXPECT_THAT(one_.calls(), Not(IsEmpty()));
  EXPECT_THAT(other_.calls(), IsEmpty());
}

TEST_F(OpenSession, TakesTheEnvironmentBeforeDotenv) {
  environment_.set("SPARK_REMOTE", address(one_));
  write("work/.env", "SPARK_REMOTE=" + address(other_) + "\n");
  ASSERT_TRUE(get_session().ok());
  EXPECT_THAT(one_.calls(), Not(IsEmpty()));
  EXPECT_THAT(other_.calls(), IsEmpty());
}

TEST_F(OpenSession, TakesDotenvBeforeTheDefaultProfile) {
  write("work/.env", "SPARK_REMOTE=" + address(one_) + "\n");
  write("databrickscfg", "[DEFAULT]\nhost = https://127.0.0.1\ntoken = t\ncluster_id = c\n");
  ASSERT_TRUE(get_session().ok());
  EXPECT_THAT(one_.calls(), Not(IsEmpty()));
}

TEST_F(OpenSession, TakesAProfileThatIsNamedBeforeTheEnvironment) {
  environment_.set("SPARK_REMOTE", address(other_));
  EXPECT_THAT(get_session("dev", false, options_).status().message(), HasSubstr("sc://127.0.0.1:443"));
  EXPECT_THAT(other_.calls(), IsEmpty());
}

TEST_F(OpenSession, TakesTheLocalClusterBeforeTheDefaultProfile) {
  write("databrickscfg", "[DEFAULT]\nhost = https://127.0.0.1\ntoken = t\ncluster_id = c\n");
  EXPECT_THAT(error_of({}), HasSubstr("sc://127.0.0.1:443"));
  const std::string local = start_local_cluster();
  EXPECT_THAT(error_of({}), AllOf(HasSubstr(local), Not(HasSubstr(":443"))));
}

TEST_F(OpenSession, GoesOnLocallyWhenTheConfigurationIsWrong) {
  environment_.set("SPARK_REMOTE", address(other_));
  EXPECT_THAT(get_session("dve", false, options_).status().message(),
              AllOf(HasSubstr("Databricks profile 'dve' is not in"), HasSubstr("dev")));
  const std::string local = start_local_cluster();
  ConnectionRequest request;
  request.force_local = true;
  EXPECT_THAT(error_of(request), HasSubstr(local));
  EXPECT_THAT(other_.calls(), IsEmpty()) << "nothing remote is asked";
}

TEST_F(OpenSession, OfDatabricksIsNeverLocal) {
  start_local_cluster();
  EXPECT_THAT(connect("cluster", std::nullopt, std::nullopt, std::nullopt, options_).status().message(),
              HasSubstr("no workspace host"));
  EXPECT_THAT(connect(std::nullopt, "dev", std::nullopt, std::nullopt, options_).status().message(),
              HasSubstr("sc://127.0.0.1:443"));
}

}  // namespace
}  // namespace linkwright::spark
