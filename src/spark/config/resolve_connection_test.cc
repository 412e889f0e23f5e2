#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "linkwright/spark_connection.h"

namespace linkwright::spark {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;

/// A home folder with the files of the Databricks tools, and an environment of its own.
class ResolveConnection : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ =
        std::filesystem::path(::testing::TempDir()) / ("resolve_connection." + std::to_string(getpid()) + "." +
                                                       ::testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::create_directories(folder_);
    write("databrickscfg",
          "# of the Databricks command line\n"
          "[DEFAULT]\nhost = https://default.example.com/\ntoken = default-token\ncluster_id = default-cluster\n"
          "[dev]\nhost=https://dev.example.com/?o=1\ntoken=dev-token\ncluster_id=dev-cluster\n"
          "[bare]\nhost = https://bare.example.com\n");
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void write(const std::string& name, const std::string& text) { std::ofstream(folder_ / name) << text; }

  ConnectionSources sources() const {
    return {[this](const std::string& name) -> std::optional<std::string> {
              const auto at = environment_.find(name);
              return at == environment_.end() ? std::nullopt : std::make_optional(at->second);
            },
            folder_ / "env", folder_ / "databrickscfg"};
  }
  arrow::Result<std::optional<Connection>> resolve(const ConnectionRequest& request = {}) const {
    return resolve_connection(request, sources());
  }
  Connection resolved(const ConnectionRequest& request = {}) const { return resolve(request).ValueOrDie().value(); }
  std::string error_of(const ConnectionRequest& request = {}) const { return resolve(request).status().message(); }

  std::filesystem::path folder_;
  std::map<std::string, std::string> environment_;
};

TEST_F(ResolveConnection, TakesTheDefaultProfileWhenNothingElseIsSaid) {
  const Connection connection = resolved();
  EXPECT_EQ(connection.address(), "sc://default.example.com:443");
  EXPECT_TRUE(connection.use_tls);
  EXPECT_EQ(connection.token.reveal(), "default-token");
  EXPECT_THAT(connection.headers, ElementsAre(Pair("x-databricks-cluster-id", "default-cluster")));
}

TEST_F(ResolveConnection, IsLocalWhenNothingNamesAServer) {
  std::filesystem::remove(folder_ / "databrickscfg");
  EXPECT_FALSE(resolve().ValueOrDie().has_value());
}

TEST_F(ResolveConnection, IsLocalOnRequestWhateverElseIsSaid) {
  environment_["SPARK_REMOTE"] = "sc://far";
  EXPECT_FALSE(resolve({.force_local = true}).ValueOrDie().has_value());
}

TEST_F(ResolveConnection, IsLocalWhereTheEnvironmentTurnsConnectOff) {
  environment_["USE_SPARK_CONNECT"] = "False";
  EXPECT_FALSE(resolve().ValueOrDie().has_value());
  EXPECT_EQ(resolved({.profile = "dev"}).host, "dev.example.com") << "what the caller names is meant";
  environment_["USE_SPARK_CONNECT"] = "perhaps";
  EXPECT_THAT(error_of(), HasSubstr("USE_SPARK_CONNECT: expected true or false"));
}

// The order of the issue: argument, environment, .env, profile.
TEST_F(ResolveConnection, PrefersArgumentThenEnvironmentThenDotenvThenProfile) {
  EXPECT_EQ(resolved({.profile = "dev"}).token.reveal(), "dev-token");
  write("env", "DATABRICKS_TOKEN='dotenv token' # mine\nexport DATABRICKS_PROFILE=\"dev\"\n");
  EXPECT_EQ(resolved().token.reveal(), "dotenv token");
  EXPECT_EQ(resolved().host, "dev.example.com");
  environment_["DATABRICKS_TOKEN"] = "environment-token";
  EXPECT_EQ(resolved().token.reveal(), "environment-token");
  EXPECT_EQ(resolved({.token = "argument-token"}).token.reveal(), "argument-token");
  EXPECT_EQ(resolved({.cluster_id = "mine"}).headers.front().second, "mine");
}

TEST_F(ResolveConnection, TakesAConnectionStringFromTheSameOrAStrongerPlace) {
  environment_["SPARK_REMOTE"] = "sc://remote:1";
  EXPECT_EQ(resolved().host, "remote");
  environment_["DATABRICKS_HOST"] = "workspace.example.com";
  EXPECT_EQ(resolved().host, "remote");
  EXPECT_EQ(resolved({.host = "other.example.com"}).host, "other.example.com");
  EXPECT_EQ(resolved({.remote = "sc://argument"}).host, "argument");
}

TEST_F(ResolveConnection, SuggestsTheProfileThatWasMeant) {
  EXPECT_THAT(error_of({.profile = "devv"}), AllOf(HasSubstr("'devv'"), HasSubstr("did you mean 'dev'")));
}

TEST_F(ResolveConnection, SaysWhatIsMissingAndWhereItMayBeSaid) {
  EXPECT_THAT(error_of({.profile = "bare"}), AllOf(HasSubstr("no access token"), HasSubstr("DATABRICKS_TOKEN")));
  EXPECT_THAT(error_of({.profile = "bare", .token = "t"}), HasSubstr("no cluster id"));
  std::filesystem::remove(folder_ / "databrickscfg");
  EXPECT_THAT(error_of({.token = "t"}), HasSubstr("no workspace host"));
  EXPECT_THAT(error_of({.profile = "dev"}), HasSubstr("databricks configure --profile dev"));
}

// gRPC ends the process over such a header, with the header in its last words.
TEST_F(ResolveConnection, RefusesATokenThatNoHeaderTakesAndDoesNotShowIt) {
  for (const std::string tail : {"\r", "\n", "\xc3\xb6", "\t"}) {
    environment_["DATABRICKS_TOKEN"] = "sesame" + tail;
    EXPECT_THAT(error_of(),
                AllOf(HasSubstr("access token (DATABRICKS_TOKEN"), HasSubstr("line break"), Not(HasSubstr("sesame"))));
  }
  environment_.clear();
  EXPECT_THAT(error_of({.cluster_id = "0123\r"}), HasSubstr("a cluster id (SPARK_CONNECT_CLUSTER_ID"));
}

TEST_F(ResolveConnection, TakesTheHostOutOfAnAddressAndRefusesWhatIsNone) {
  for (const std::string host : {"https://a.example.com", "a.example.com/", "http://a.example.com:443/?o=1"}) {
    EXPECT_EQ(resolved({.host = host}).address(), "sc://a.example.com:443") << host;
  }
  for (const std::string host :
       {"ftp://a.example.com", "a.example.com:8443", "user@a.example.com", "a b", "https://"}) {
    EXPECT_THAT(error_of({.host = host}), HasSubstr("expected the address of a workspace")) << host;
  }
}

TEST_F(ResolveConnection, NamesTheLineOfAMalformedFileAndNoValueOfIt) {
  write("env", "A=1\n\nsesame\n");
  EXPECT_THAT(error_of(), AllOf(HasSubstr("env line 3: expected NAME=value"), Not(HasSubstr("sesame"))));
  write("env", "A=\"sesame\n");
  EXPECT_THAT(error_of(), AllOf(HasSubstr("env line 1: expected a closing \""), Not(HasSubstr("sesame"))));
  write("env", "");
  write("databrickscfg", "token = sesame\n");
  EXPECT_THAT(error_of(), AllOf(HasSubstr("line 1: expected a section"), Not(HasSubstr("sesame"))));
}

}  // namespace
}  // namespace linkwright::spark
