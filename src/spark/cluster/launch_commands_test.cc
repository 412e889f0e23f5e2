#include "spark/cluster/launch_commands.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

namespace linkwright::spark {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;

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
  unsetenv("HADOOP_CONF_DIR");  // NOLINT(concurrency-mt-unsafe)
  unsetenv("YARN_CONF_DIR");    // NOLINT(concurrency-mt-unsafe)
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
