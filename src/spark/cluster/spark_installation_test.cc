#include "spark/cluster/spark_installation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "base/test_environment.h"

namespace linkwright::spark {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;

/// An environment of its own, with a Java and a Spark that are scripts.
class SparkInstallationTest : public ::testing::Test {
 protected:
  void SetUp() override {
    fake_ = std::string(LINKWRIGHT_SOURCE_DIR) + "/tests/fixtures/fake_spark";
    environment_["JAVA_HOME"] = fake_ + "/java";
    folder_ = fs::path(::testing::TempDir()) / ("spark_installation." + std::to_string(getpid()) + "." +
                                                ::testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::create_directories(folder_ / "bin");
  }
  void TearDown() override { fs::remove_all(folder_); }

  /// A program that prints a text, as a Python that is asked for pyspark or a Java that is asked for its version does.
  std::string script(const std::string& name, const std::string& output) {
    const fs::path path = folder_ / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path) << "#!/bin/sh\necho '" << output << "'\n";
    fs::permissions(path, fs::perms::owner_all);
    return path;
  }
  arrow::Result<SparkInstallation> find(const std::string& spark_home = {}) const {
    const auto environment = [this](const std::string& name) -> std::optional<std::string> {
      const auto at = environment_.find(name);
      return at == environment_.end() ? std::nullopt : std::make_optional(at->second);
    };
    return find_spark(spark_home, {environment, (folder_ / "release").string()});
  }
  std::string error_of(const std::string& spark_home = {}) const { return find(spark_home).status().message(); }

  std::string fake_;
  fs::path folder_;
  std::map<std::string, std::string> environment_;
};

TEST_F(SparkInstallationTest, PrefersWhatTheCallerNamesThenSparkHome) {
  environment_["SPARK_HOME"] = "/nowhere";
  EXPECT_EQ(find(fake_)->home, fake_);
  EXPECT_THAT(error_of(), AllOf(HasSubstr("SPARK_HOME: /nowhere"), HasSubstr("no bin/spark-submit")));
  environment_["SPARK_HOME"] = fake_;
  EXPECT_EQ(find()->home, fake_);
}

TEST_F(SparkInstallationTest, AsksThePythonThatIsNamed) {
  environment_["LINKWRIGHT_SPARK_PYTHON"] = script("python", fake_);
  EXPECT_EQ(find()->home, fake_);
  EXPECT_EQ(find()->python, environment_["LINKWRIGHT_SPARK_PYTHON"]);
  EXPECT_EQ(find()->python_version, "");
  script("python", fake_ + "\n3.12");
  EXPECT_EQ(find()->home, fake_);
  EXPECT_EQ(find()->python_version, "3.12");
  environment_["PYSPARK_PYTHON"] = "/for/executors";
  EXPECT_EQ(find()->python, "/for/executors");
  EXPECT_EQ(find()->python_version, "") << "of another Python";
  environment_["LINKWRIGHT_SPARK_PYTHON"] = script("python", "");
  EXPECT_THAT(error_of(), AllOf(HasSubstr("LINKWRIGHT_SPARK_PYTHON"), HasSubstr("has no pyspark")));
}

TEST_F(SparkInstallationTest, RefusesASparkWithoutConnect) {
  fs::create_directories(folder_ / "old" / "jars");
  fs::create_directories(folder_ / "old" / "bin");
  std::ofstream(folder_ / "old" / "bin" / "spark-submit") << "";
  EXPECT_THAT(error_of((folder_ / "old").string()), HasSubstr("older than Spark 4"));
}

TEST_F(SparkInstallationTest, SaysHowToGetJava) {
  environment_["JAVA_HOME"] = "/nowhere";
  EXPECT_THAT(error_of(fake_), AllOf(HasSubstr("JAVA_HOME has no working bin/java"), HasSubstr("openjdk-17")));
  script("java/bin/java", "java version \"1.8.0_292\"");
  environment_["JAVA_HOME"] = (folder_ / "java").string();
  EXPECT_THAT(error_of(fake_), AllOf(HasSubstr("is version 1."), HasSubstr("Java 17 or newer")));
}

TEST_F(SparkInstallationTest, FindsTheOneBesideTheProgramOrSaysWhereItLooked) {
  test::ScopedEnvironment environment;
  environment.set("PATH", "/nowhere");  // no python3 along it
  const std::string error = error_of();
  script("spark-python/bin/python", fake_);
  const auto found = find();
  EXPECT_THAT(error, AllOf(HasSubstr("pip install"), HasSubstr("python3: there is no such program"),
                           HasSubstr("spark-python/bin/python")));
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->home, fake_);
}

}  // namespace
}  // namespace linkwright::spark
