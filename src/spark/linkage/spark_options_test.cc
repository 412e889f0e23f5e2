#include "spark/linkage/spark_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace linkwright::spark {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

TEST(SparkOptions, AreEmptyWithoutAnObject) {
  const SparkOptions options = read_spark_options("", "job.json").ValueOrDie();
  EXPECT_EQ(options.connection.remote, std::nullopt);
  EXPECT_EQ(options.partitions, std::nullopt);
  EXPECT_EQ(options.native, NativeUse::kAuto);
}

TEST(SparkOptions, DescribesAServerToStart) {
  const SparkOptions options =
      read_spark_options(R"({"master": "yarn", "spark_home": "/opt/spark", "executor_memory": "12g",
                             "driver_memory": "4g", "num_executors": 20, "executor_cores": 4,
                             "shuffle_partitions": 400, "local_dir": "/fast"})",
                         "job.json")
          .ValueOrDie();
  EXPECT_EQ(options.local.master, "yarn");
  EXPECT_EQ(options.local.spark_home, "/opt/spark");
  EXPECT_EQ(options.local.executor_memory, "12g");
  EXPECT_EQ(options.local.driver_memory, "4g");
  EXPECT_EQ(options.local.num_executors, 20);
  EXPECT_EQ(options.local.executor_cores, 4);
  EXPECT_EQ(options.local.shuffle_partitions, 400);
  EXPECT_EQ(options.local.local_dir, "/fast");
}

TEST(SparkOptions, ReadsEveryKey) {
  const SparkOptions options =
      read_spark_options(R"({"remote": "sc://host:15002", "profile": "dev", "cluster_id": "0101-abc", "partitions": 64,
                             "conf": {"spark.sql.shuffle.partitions": 64, "spark.x": true, "spark.y": "z"},
                             "kernel": "/opt/kernel.so", "native": "never", "output": "s3://bucket/run"})",
                         "job.json")
          .ValueOrDie();
  EXPECT_EQ(options.connection.remote, "sc://host:15002");
  EXPECT_EQ(options.connection.profile, "dev");
  EXPECT_EQ(options.connection.cluster_id, "0101-abc");
  EXPECT_EQ(options.partitions, 64);
  EXPECT_THAT(options.conf,
              ElementsAre(Pair("spark.sql.shuffle.partitions", "64"), Pair("spark.x", "true"), Pair("spark.y", "z")));
  EXPECT_EQ(options.kernel, "/opt/kernel.so");
  EXPECT_EQ(options.native, NativeUse::kNever);
  EXPECT_EQ(options.output.folder, "s3://bucket/run");
  EXPECT_TRUE(options.output.is_of_files());
}

TEST(SparkOptions, NameTablesToWrite) {
  const SparkOptions options =
      read_spark_options(R"({"output": {"dir": "dbfs:/run", "format": "delta", "predictions": "main.crm.links",
                                        "clusters": "main.crm.people_clusters"}})",
                         "job.json")
          .ValueOrDie();
  EXPECT_EQ(options.output.folder, "dbfs:/run");
  EXPECT_TRUE(options.output.is_delta);
  EXPECT_EQ(options.output.predictions_table, "main.crm.links");
  EXPECT_EQ(options.output.clusters_table, "main.crm.people_clusters");
  EXPECT_FALSE(options.output.is_of_files());
}

struct Mistake {
  const char* json;
  const char* message;

  friend std::ostream& operator<<(std::ostream& out, const Mistake& mistake) { return out << mistake.json; }
};
class SparkOptionMistakes : public testing::TestWithParam<Mistake> {};

INSTANTIATE_TEST_SUITE_P(
    Keys, SparkOptionMistakes,
    testing::Values(Mistake{R"({"remot": "sc://h"})", "job.json: engine.spark.remot"},
                    Mistake{R"({"remot": "sc://h"})", "remote"}, Mistake{R"({"remote": ""})", "engine.spark.remote"},
                    Mistake{R"({"partitions": 0})", "engine.spark.partitions: expected a whole number from 1 to"},
                    Mistake{R"({"native": "no"})", "engine.spark.native: 'no' is not one of the choices"},
                    Mistake{R"({"conf": {"a": [1]}})", "engine.spark.conf.a: expected a text, a number"},
                    Mistake{R"({"conf": "a"})", "engine.spark.conf: expected an object"}));

TEST_P(SparkOptionMistakes, AreNamedWithTheirPlace) {
  EXPECT_THAT(read_spark_options(GetParam().json, "job.json").status().message(), HasSubstr(GetParam().message));
}

}  // namespace
}  // namespace linkwright::spark
