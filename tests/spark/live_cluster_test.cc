// Against a cluster with three workers, which tests/spark/with_cluster starts and other tests share.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>

#include "live_spark.h"
#include "nginx_front.h"
#include "spark/cluster/processes.h"
#include "spark/fake/cutting_proxy.h"

namespace linkwright::spark {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

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
  /// Of the first attempt: were there others, they would go on for an hour.
  static std::string error_of(const Connection& connection) {
    SessionOptions options;
    options.max_connect_time = options.max_retry_time = std::chrono::hours(1);
    return Session::connect(connection, options).status().message();
  }

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
  EXPECT_THAT(error_of(connection), AllOf(HasSubstr("certificate is not trusted by"), HasSubstr("other.pem")));
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

TEST(OnACluster, CachedBlocksAreKnownByTheirNames) {
  const auto status = session().artifact_status({"cache/0123"}).ValueOrDie();
  EXPECT_FALSE(status.at("cache/0123"));
}

/// The jar of Spark that has what functions in Java are made of. With all of them javac would read for seconds.
std::string jar_of_interfaces() {
  for (const auto& jar : fs::directory_iterator(cluster().settings.at("spark_home").get<std::string>() + "/jars")) {
    if (jar.path().filename().string().rfind("spark-sql-api_", 0) == 0) return jar.path();
  }
  return "there is no spark-sql-api_*.jar";
}

TEST(OnACluster, JavaFunctionsOfAJarAreCalled) {
  if (find_program("javac").empty() || find_program("jar").empty())
    GTEST_SKIP() << "no javac: the JRE alone runs Spark";
  const std::string classes = folder("java");
  fs::create_directories(classes);
  std::ofstream(classes + "/Twice.java") << "public class Twice implements org.apache.spark.sql.api.java.UDF1<Long, "
                                            "Long> { public Long call(Long n) { return 2 * n; } }";
  const auto compiled = output_of({"javac", "-cp", jar_of_interfaces(), "-d", classes, classes + "/Twice.java"});
  ASSERT_TRUE(compiled.ok()) << compiled.status();
  const auto packed = output_of({"jar", "cf", classes + "/twice.jar", "-C", classes, "Twice.class"});
  ASSERT_TRUE(packed.ok()) << packed.status();
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

}  // namespace
}  // namespace linkwright::spark
