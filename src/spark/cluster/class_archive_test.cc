#include "spark/cluster/class_archive.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>

#include "base/test_environment.h"
#include "spark/cluster/launch_commands.h"

namespace linkwright::spark {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Key;
using ::testing::Not;
using ::testing::Pair;

class ClassArchive : public ::testing::Test {
 protected:
  void SetUp() override {
    variables_.unset("SPARK_SUBMIT_OPTS");
    folder_ = fs::path(::testing::TempDir()) / ("class archive." + std::to_string(getpid()) + "." +
                                                ::testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::create_directories(folder_ / "jars");
    spark_ = {folder_.string(), "/python", "3.11", "17.0.15+6"};
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string write(const std::string& name, size_t bytes) const {
    std::ofstream(folder_ / name) << std::string(bytes, 'x');
    return (folder_ / name).string();
  }
  Environment environment() const {
    ClusterOptions elsewhere;
    elsewhere.master = "spark://head:7077";
    return server_launch(spark_, {"/c", elsewhere.master, 0, 0, 15002, "0123456789"}, elsewhere).environment;
  }

  test::ScopedEnvironment variables_;
  fs::path folder_;
  SparkInstallation spark_;
};

TEST_F(ClassArchive, IsOneOfThisJavaThatIsWhole) {
  EXPECT_EQ(find_class_archive(spark_), "");
  write("linkwright-classes-17.0.14+7-10.jsa", 10);         // of another Java
  write("linkwright-classes-17.0.15+6-11.jsa", 10);         // cut short: a JVM would crash
  write("linkwright-classes-17.0.15+6-0123abcd.part", 10);  // still being made
  EXPECT_EQ(find_class_archive(spark_), "");
  const std::string whole = write("linkwright-classes-17.0.15+6-12.jsa", 12);
  EXPECT_EQ(find_class_archive(spark_), whole);
  spark_.java_build = "";
  EXPECT_EQ(find_class_archive(spark_), "") << "a Java that does not say which it is";
}

TEST_F(ClassArchive, IsPassedOverOnceTheJarsHaveChanged) {
  const std::string archive = write("linkwright-classes-17.0.15+6-10.jsa", 10);
  fs::last_write_time(folder_ / "jars", fs::last_write_time(archive) + std::chrono::seconds(1));
  EXPECT_EQ(find_class_archive(spark_), "");
}

TEST_F(ClassArchive, GoesToTheServerInFrontOfTheUsersOptions) {
  EXPECT_THAT(environment(), Not(Contains(Key("SPARK_SUBMIT_OPTS"))));
  const std::string archive = write("linkwright-classes-17.0.15+6-10.jsa", 10);
  const std::string option = "-XX:SharedArchiveFile=\"" + archive + "\"";
  EXPECT_THAT(environment(), Contains(Pair("SPARK_SUBMIT_OPTS", option)));
  variables_.set("SPARK_SUBMIT_OPTS", "-Da=b");
  EXPECT_THAT(environment(), Contains(Pair("SPARK_SUBMIT_OPTS", option + " -Da=b")));
}

TEST_F(ClassArchive, IsQuotedAsSparkSplitsOptions) {
  EXPECT_EQ(class_archive_option("/a \"b\"/c\\d"), R"(-XX:SharedArchiveFile="/a \"b\"/c\\d")");
  EXPECT_EQ(class_archive_option(""), "");
}

/// The fake Spark in a folder of its own, which writes no archive, and a Java beside it.
class MakingClassArchive : public ClassArchive {
 protected:
  void SetUp() override {
    ClassArchive::SetUp();
    const std::string fake = std::string(LINKWRIGHT_SOURCE_DIR) + "/tests/fixtures/fake_spark";
    fs::copy(fake, folder_, fs::copy_options::recursive | fs::copy_options::overwrite_existing);
    const fs::path java = folder_ / "java" / "bin" / "java";
    fs::remove(java);
    std::ofstream(java) << "#!/bin/sh\necho 'openjdk version \"17.0.15\"\nOpenJDK (build 17.0.15+6, mixed)'\n";
    fs::permissions(java, fs::perms::owner_all);
    variables_.set("JAVA_HOME", folder_ / "java");
    options_.spark_home = folder_;
  }

  ClusterOptions options_;
};

TEST_F(MakingClassArchive, KeepsTheOneThatIsThere) {
  const std::string archive = write("linkwright-classes-17.0.15+6-10.jsa", 10);
  const auto unused = [](const std::string&, const std::string&) { return Status::Invalid("was used"); };
  const auto made = make_class_archive(options_, unused);
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_EQ(*made, archive);
}

TEST_F(MakingClassArchive, LeavesNothingOfAServerThatWritesNone) {
  int uses = 0;
  const auto use = [&](const std::string& address, const std::string&) {
    uses += address.rfind("sc://127.0.0.1:", 0) == 0 ? 1 : 0;
    return Status::OK();
  };
  EXPECT_THAT(make_class_archive(options_, use).status().message(), HasSubstr("made no archive"));
  EXPECT_EQ(uses, 1);
  const auto fails = [](const std::string&, const std::string&) { return Status::Invalid("out of luck"); };
  EXPECT_THAT(make_class_archive(options_, fails).status().message(), HasSubstr("out of luck"));
  for (const auto& entry : fs::directory_iterator(folder_)) {
    EXPECT_THAT(entry.path().string(), Not(HasSubstr("linkwright-classes"))) << "no half archive";
  }
}

}  // namespace
}  // namespace linkwright::spark
