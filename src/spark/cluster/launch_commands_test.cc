#include "spark/cluster/launch_commands.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>

#include "base/test_environment.h"

namespace linkwright::spark {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;
using ::testing::StartsWith;

const ClusterPlaces kPlaces = {"/c", "spark://127.0.0.1:7077", 7077, 8080, 15002, "0123456789"};
const SparkInstallation kSpark = {"/spark", "/venv/bin/python"};

TEST(LaunchCommands, GiveExecutorsTheMemoryOfTheirWorker) {
  ClusterOptions options;
  options.memory = "3g";
  EXPECT_THAT(server_settings(kPlaces, options), HasSubstr("spark.executor.memory=3g\n"));
  options.executor_memory = "2g";
  EXPECT_THAT(server_settings(kPlaces, options), AllOf(HasSubstr("memory=2g\n"), Not(HasSubstr("memory=3g\n"))));
  options.master = "local[2]";
  options.executor_memory = "";
  EXPECT_THAT(server_settings(kPlaces, options), Not(HasSubstr("spark.executor.memory")));
}

TEST(LaunchCommands, TurnOptionsIntoSettings) {
  ClusterOptions options;
  options.master = "yarn";
  options.driver_memory = "5g";
  options.num_executors = 7;
  options.executor_cores = 4;
  options.shuffle_partitions = 64;
  options.local_dir = "/fast disk";
  const std::string settings = server_settings(kPlaces, options);
  EXPECT_THAT(settings, AllOf(HasSubstr("spark.driver.memory=5g\n"), HasSubstr("spark.executor.instances=7\n"),
                              HasSubstr("spark.executor.cores=4\n"), HasSubstr("spark.sql.shuffle.partitions=64\n"),
                              HasSubstr("spark.local.dir=/fast\\ disk\n")));
  EXPECT_THAT(settings, Not(HasSubstr("spark.cores.max"))) << "YARN counts executors";
}

std::string java_options_of_server(const std::string& master) {
  ClusterOptions options;
  options.master = master;
  for (const auto& [name, value] : server_launch(kSpark, kPlaces, options).environment) {
    if (name == "SPARK_SUBMIT_OPTS") return value;
  }
  return "";
}

TEST(LaunchCommands, LetJavaOfThisMachineCompileLater) {
  test::ScopedEnvironment environment;
  environment.set("SPARK_SUBMIT_OPTS", "-Da=b");
  for (const char* master : {"", "local", "local[2]", "local[*]"}) {
    EXPECT_THAT(java_options_of_server(master), AllOf(StartsWith("-XX:Tier4"), EndsWith(" -Da=b"))) << master;
  }
  for (const char* master : {"spark://host:7077", "yarn"}) EXPECT_EQ(java_options_of_server(master), "-Da=b");
  environment.unset("SPARK_SUBMIT_OPTS");
  EXPECT_EQ(java_options_of_server("yarn"), "");
}

TEST(LaunchCommands, ShipPySparkToYarnAlone) {
  ClusterOptions options;
  for (const char* master : {"", "local[*]", "spark://host:7077"}) {
    options.master = master;
    EXPECT_THAT(server_settings(kPlaces, options), Not(HasSubstr("spark.yarn"))) << master;
  }
  options.master = "yarn";
  options.conf = {{"spark.yarn.isPython", "false"}};
  const std::string settings = server_settings(kPlaces, options);
  EXPECT_LT(settings.find("spark.yarn.isPython=true\n"), settings.find("spark.yarn.isPython=false\n"));
}

TEST(LaunchCommands, LetYarnFindAPythonThatIsUnpackedInItsContainers) {
  ClusterOptions options;
  options.master = "yarn";
  test::ScopedEnvironment environment;
  environment.set("PYSPARK_PYTHON", "./env/bin/python");
  EXPECT_THAT(server_launch(kSpark, kPlaces, options).environment, Contains(Pair("PYSPARK_PYTHON", "python")));
  EXPECT_THAT(server_settings(kPlaces, options),
              HasSubstr("spark.executorEnv.PATH={{PWD}}/env/bin\\:/usr/local/bin\\:"));
  options.master = "spark://head:7077";
  EXPECT_THAT(server_settings(kPlaces, options), Not(HasSubstr("PATH")));
  options.master = "yarn";
  for (const char* python : {"/opt/python/bin/python3", "python3"}) {
    environment.set("PYSPARK_PYTHON", python);
    EXPECT_THAT(server_launch(kSpark, kPlaces, options).environment,
                Not(Contains(Pair("PYSPARK_PYTHON", ::testing::_))));
    EXPECT_THAT(server_settings(kPlaces, options), Not(HasSubstr("PATH")));
  }
}

TEST(LaunchCommands, LeaveTablesOfOtherClustersWhereThoseHaveThem) {
  ClusterOptions options;
  for (const char* master : {"", "local[*]"}) {
    options.master = master;
    EXPECT_THAT(server_settings(kPlaces, options), HasSubstr("spark.sql.warehouse.dir=/c/warehouse-01234567\n"));
  }
  for (const char* master : {"spark://host:7077", "yarn"}) {
    options.master = master;
    EXPECT_THAT(server_settings(kPlaces, options), Not(HasSubstr("spark.sql.warehouse.dir"))) << master;
  }
}

TEST(LaunchCommands, GiveArrowThePoolOfTheSystemWhereEnvironmentsAreOthers) {
  ClusterOptions options;
  EXPECT_THAT(server_settings(kPlaces, options), Not(HasSubstr("ARROW"))) << "processes here have it of this program";
  options.master = "yarn";
  EXPECT_THAT(server_settings(kPlaces, options), HasSubstr("spark.executorEnv.ARROW_DEFAULT_MEMORY_POOL=system\n"));
}

TEST(LaunchCommands, CountCoresForAStandaloneMaster) {
  ClusterOptions options;
  options.master = "spark://host:7077";
  options.num_executors = 3;
  options.executor_cores = 4;
  EXPECT_THAT(server_settings(kPlaces, options), HasSubstr("spark.cores.max=12\n"));
}

TEST(LaunchCommands, LetExtraSettingsWin) {
  ClusterOptions options;
  options.shuffle_partitions = 64;
  options.conf = {{"spark.sql.shuffle.partitions", "8"}, {"spark.x", "a=b\\c\nd"}};
  const std::string settings = server_settings(kPlaces, options);
  EXPECT_LT(settings.find("partitions=64"), settings.find("partitions=8"));
  EXPECT_THAT(settings, HasSubstr("spark.x=a\\=b\\\\c\\nd\n")) << "as java.util.Properties wants it";
}

TEST(LaunchCommands, StayOnThisMachineUnlessExecutorsAreElsewhere) {
  ClusterOptions options;
  const auto environment = [&](const std::string& master) {
    options.master = master;
    return server_launch(kSpark, kPlaces, options).environment;
  };
  for (const char* master : {"", "local[*]"}) {
    EXPECT_THAT(environment(master), Contains(Pair("SPARK_LOCAL_IP", "127.0.0.1"))) << master;
    EXPECT_THAT(environment(master), Contains(Pair("PYSPARK_PYTHON", "/venv/bin/python"))) << master;
  }
  for (const char* master : {"spark://far:7077", "yarn"}) {
    EXPECT_THAT(environment(master), Not(Contains(Pair("SPARK_LOCAL_IP", ::testing::_)))) << master;
    EXPECT_THAT(environment(master), Not(Contains(Pair("PYSPARK_PYTHON", ::testing::_)))) << master;
  }
}

struct Mistake {
  std::function<void(ClusterOptions*)> make;
  std::string message;
};

TEST(LaunchCommands, RefuseOptionsThatMeanNothing) {
  test::ScopedEnvironment environment;
  environment.unset("HADOOP_CONF_DIR");
  environment.unset("YARN_CONF_DIR");
  const std::vector<Mistake> mistakes = {
      {[](auto* it) { it->workers = 0; }, "workers: expected a whole number from 1"},
      {[](auto* it) { it->cores = -1; }, "cores: expected a whole number from 1"},
      {[](auto* it) { it->memory = "1gb!"; }, "memory: expected a size such as 512m or 4g, got '1gb!'"},
      {[](auto* it) { it->memory = "12"; }, "memory: expected a size"},
      {[](auto* it) { it->executor_memory = "0g"; }, "executor_memory: expected a size"},
      {[](auto* it) { it->driver_memory = "g"; }, "driver_memory: expected a size"},
      {[](auto* it) { it->port = 65536; }, "port: expected a whole number from 1 to 65535, got 65536"},
      {[](auto* it) { it->shuffle_partitions = 0; }, "shuffle_partitions: expected"},
      {[](auto* it) { it->master = "mesos://h"; }, "master 'mesos://h': expected local[*]"},
      {[](auto* it) { it->master = "sc://h"; }, "give it as --remote"},
      {[](auto* it) { it->master = "yarn"; }, "HADOOP_CONF_DIR"},
      {[](auto* it) {
         it->master = "local[*]";
         it->executor_memory = "2g";
       },
       "has no executors: give driver_memory"},
      {[](auto* it) {
         it->conf = {{"", "x"}};
       },
       "conf: expected NAME=VALUE"},
  };
  for (const Mistake& mistake : mistakes) {
    ClusterOptions options;
    mistake.make(&options);
    EXPECT_THAT(check_options(options).message(), HasSubstr(mistake.message));
  }
  EXPECT_TRUE(check_options({}).ok());
}

TEST(LaunchCommands, WantTheFilesThatNameYarn) {
  const std::string folder = ::testing::TempDir() + "/hadoop";
  std::filesystem::create_directories(folder);
  test::ScopedEnvironment environment;
  environment.unset("YARN_CONF_DIR");
  environment.set("HADOOP_CONF_DIR", folder);
  ClusterOptions options;
  options.master = "yarn";
  EXPECT_THAT(check_options(options).message(), HasSubstr("HADOOP_CONF_DIR=" + folder + " has no yarn-site.xml"));
  std::ofstream(folder + "/yarn-site.xml") << "<configuration/>";
  EXPECT_TRUE(check_options(options).ok());
  environment.set("YARN_CONF_DIR", folder);
  environment.unset("HADOOP_CONF_DIR");
  EXPECT_TRUE(check_options(options).ok());
  std::filesystem::remove_all(folder);
}

TEST(LaunchCommands, KnowThePythonOfExecutorsThatRunTheInstallations) {
  const SparkInstallation spark = {"/spark", "/venv/bin/python", "3.11"};
  ClusterOptions options;
  EXPECT_EQ(executors_python_version(spark, options), "3.11");
  options.master = "local[2]";
  EXPECT_EQ(executors_python_version(spark, options), "3.11");
  options.conf = {{"spark.executorEnv.PYSPARK_PYTHON", "python3"}};
  EXPECT_EQ(executors_python_version(spark, options), "");
  options.conf = {};
  options.master = "spark://head:7077";
  EXPECT_EQ(executors_python_version(spark, options), "");
}

}  // namespace
}  // namespace linkwright::spark
