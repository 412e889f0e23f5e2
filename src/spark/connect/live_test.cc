// Against a real Spark: scripts/with-spark starts one and names it in SPARK_REMOTE.

#include <arrow/array.h>
#include <arrow/builder.h>
#include <arrow/record_batch.h>
#include <arrow/table.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "linkwright/spark.h"
#include "linkwright/spark_error.h"
#include "spark/fake/cutting_proxy.h"

namespace linkwright::spark {
namespace {

using arrow::Status;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

using Table = std::shared_ptr<arrow::Table>;

Connection server() {
  const char* remote = std::getenv("SPARK_REMOTE");  // NOLINT(concurrency-mt-unsafe)
  return parse_connection_string(remote == nullptr ? "" : remote).ValueOrDie();
}

Session session() { return Session::connect(server()).ValueOrDie(); }

std::string folder(const std::string& name) {
  return std::string(std::getenv("SPARK_TEST_FOLDER")) + "/" + name;  // NOLINT(concurrency-mt-unsafe)
}

template <class ArrayType = arrow::Int64Array>
auto values(const Table& table, const std::string& column) {
  std::vector<std::decay_t<decltype(std::declval<ArrayType>().GetView(0))>> result;
  const auto chunks = table->GetColumnByName(column);
  for (const auto& chunk : chunks->chunks()) {
    const auto& array = dynamic_cast<const ArrayType&>(*chunk);
    for (int64_t i = 0; i < array.length(); ++i) result.push_back(array.GetView(i));
  }
  return result;
}

std::vector<std::string> texts(const Table& table, const std::string& column) {
  const auto views = values<arrow::StringArray>(table, column);
  return {views.begin(), views.end()};
}

/// The numbers from 0 to rows - 1 as a column n, beside texts of a kilobyte.
Table numbers(int64_t rows) {
  arrow::Int64Builder numbers;
  arrow::StringBuilder texts;
  for (int64_t i = 0; i < rows; ++i) {
    EXPECT_TRUE(numbers.Append(i).ok() && texts.Append(std::string(1'000, 'x')).ok());
  }
  return arrow::Table::Make(arrow::schema({arrow::field("n", arrow::int64()), arrow::field("text", arrow::utf8())}),
                            {numbers.Finish().ValueOrDie(), texts.Finish().ValueOrDie()});
}

TEST(LiveSpark, AnswersSqlWithParametersByNameAndByPosition) {
  const Session spark = session();
  EXPECT_EQ(spark.spark_version(), "4.2.1");
  const auto named = spark.sql("SELECT :name AS name, :age + 1 AS age",
                               std::map<std::string, Value>{{"name", std::string("O'Brien")}, {"age", int64_t{41}}});
  const Table table = named.ValueOrDie().to_arrow().ValueOrDie();
  EXPECT_THAT(texts(table, "name"), ElementsAre("O'Brien"));
  EXPECT_THAT(values(table, "age"), ElementsAre(42));
  const auto positional = spark.sql("SELECT ? AS x, ? AS y", std::vector<Value>{2.5, std::monostate()});
  const Table second = positional.ValueOrDie().to_arrow().ValueOrDie();
  EXPECT_THAT(values<arrow::DoubleArray>(second, "x"), ElementsAre(2.5));
  EXPECT_EQ(second->GetColumnByName("y")->null_count(), 1);
}

TEST(LiveSpark, RunsASqlCommandOnce) {
  const Session spark = session();
  const std::string path = folder("once");
  ASSERT_TRUE(spark.sql("DROP TABLE IF EXISTS once").ok());  // of a try that failed
  ASSERT_TRUE(spark.sql("CREATE TABLE once (n BIGINT) USING parquet LOCATION '" + path + "'").ok());
  const DataFrame inserted = spark.sql("INSERT INTO once VALUES (1)").ValueOrDie();
  ASSERT_TRUE(inserted.to_arrow().ok());
  EXPECT_EQ(spark.table("once").count().ValueOrDie(), 1);
  ASSERT_TRUE(spark.sql("DROP TABLE once").ok());
}

TEST(LiveSpark, SelectsFiltersJoinsGroupsAndSorts) {
  const Session spark = session();
  const DataFrame people =
      spark.range(0, 10).with_column("city", expr("concat('c', id % 3)")).filter(col("id") != lit(9));
  const DataFrame sizes = people.group_by({col("city")}).agg({expr("count(*) AS n"), expr("max(id) AS oldest")});
  const Table table = people.join(sizes, {"city"})
                          .filter(col("id") == col("oldest"))
                          .select({col("city"), col("n"), (col("oldest") * lit(2)).cast("bigint").alias("twice")})
                          .sort({col("twice").desc()})
                          .to_arrow()
                          .ValueOrDie();
  EXPECT_THAT(texts(table, "city"), ElementsAre("c2", "c1", "c0"));
  EXPECT_THAT(values(table, "n"), ElementsAre(3, 3, 3));
  EXPECT_THAT(values(table, "twice"), ElementsAre(16, 14, 12));
  EXPECT_EQ(people.union_all(people).distinct().count().ValueOrDie(), 9);
  EXPECT_EQ(people.join(sizes.filter(col("city") == lit(std::string("c0"))), {"city"}, JoinType::kLeftAnti)
                .count()
                .ValueOrDie(),
            6);
  EXPECT_EQ(people.repartition(4, {col("city")}).limit(5).count().ValueOrDie(), 5);
  EXPECT_THAT(people.explain().ValueOrDie(), HasSubstr("Physical Plan"));
}

TEST(LiveSpark, ConditionsMeanWhatSparksOwnDo) {
  const Session spark = session();
  const DataFrame ids = spark.range(0, 10);
  const std::vector<std::pair<Column, int64_t>> cases = {{col("id") < lit(3), 3},
                                                         {col("id") <= lit(3), 4},
                                                         {col("id") > lit(3), 6},
                                                         {col("id") >= lit(3), 7},
                                                         {!(col("id") == lit(3)), 9},
                                                         {col("id") > lit(3) && col("id") < lit(6), 2},
                                                         {col("id") < lit(3) || col("id") > lit(6), 6},
                                                         {(col("id") + lit(1)) % lit(2) == lit(0), 5},
                                                         {(col("id") - lit(1)) / lit(2) == lit(1), 1},
                                                         {col("id").isin({3, 5, int64_t{77}}), 2},
                                                         {col("id").cast("string").like("%3%"), 1},
                                                         {col("id").is_null(), 0},
                                                         {col("id").is_not_null(), 10},
                                                         {call_function("abs", {col("id") - lit(9)}) == lit(9), 1}};
  for (size_t i = 0; i < cases.size(); ++i) {
    EXPECT_EQ(ids.filter(cases[i].first).count().ValueOrDie(), cases[i].second) << "case " << i;
  }
}

TEST(LiveSpark, CollectsRowsValueByValue) {
  const DataFrame rows =
      session()
          .sql(
              "SELECT true, CAST(1 AS TINYINT), CAST(2 AS SMALLINT), 3, 4L, CAST(0.5 AS FLOAT), 0.25D, "
              "'x', CAST(NULL AS INT), DATE'2020-01-02', 1.50BD UNION ALL SELECT null, null, null, 5, "
              "null, null, null, null, 6, null, null")
          .ValueOrDie();
  const Row first = {true,
                     int32_t{1},
                     int32_t{2},
                     int32_t{3},
                     int64_t{4},
                     0.5,
                     0.25,
                     std::string("x"),
                     std::monostate(),
                     std::string("2020-01-02"),
                     std::string("1.50")};
  Row second(11);
  second[3] = int32_t{5};
  second[8] = int32_t{6};
  EXPECT_THAT(rows.collect().ValueOrDie(), UnorderedElementsAre(first, second));
  EXPECT_THAT(rows.limit(0).collect().ValueOrDie(), ::testing::IsEmpty());
}

TEST(LiveSpark, JoinsAndUnitesAsPySparkDoes) {
  const Session spark = session();
  const DataFrame left = spark.range(0, 4).with_column("l", col("id") * lit(10)).alias("left");
  const DataFrame right = spark.range(2, 6).with_column("r", col("id") * lit(100)).alias("right");
  const std::vector<std::pair<JoinType, int64_t>> by_column = {{JoinType::kInner, 2},      {JoinType::kLeftOuter, 4},
                                                               {JoinType::kRightOuter, 4}, {JoinType::kFullOuter, 6},
                                                               {JoinType::kLeftSemi, 2},   {JoinType::kLeftAnti, 2}};
  for (const auto& [type, rows] : by_column) {
    EXPECT_EQ(left.join(right, {"id"}, type).count().ValueOrDie(), rows) << static_cast<int>(type);
  }
  EXPECT_EQ(left.join(right, col("left.id") < col("right.id") && col("l") > lit(0)).count().ValueOrDie(), 9);
  EXPECT_EQ(left.cross_join(right).count().ValueOrDie(), 16);
  const DataFrame both = left.union_by_name(right, /*allow_missing_columns=*/true);
  EXPECT_EQ(both.schema().ValueOrDie()->field_names(), (std::vector<std::string>{"id", "l", "r"}));
  EXPECT_EQ(both.drop_duplicates({"id"}).count().ValueOrDie(), 6);
  EXPECT_EQ(left.with_column_renamed("l", "r").union_by_name(right).drop({"r"}).distinct().count().ValueOrDie(), 6);
  EXPECT_EQ(both.group_by({col("id")}).count().filter(col("count") == lit(2)).count().ValueOrDie(), 2);
}

TEST(LiveSpark, KeepsTheRowsOfWhatIsCached) {
  const Session spark = session();
  const DataFrame rows = spark.range(0, 100).with_column("x", col("id") * lit(2));
  const auto is_kept = [&] { return rows.explain().ValueOrDie().find("InMemoryTableScan") != std::string::npos; };
  EXPECT_FALSE(is_kept());
  ASSERT_TRUE(rows.cache().ok());
  EXPECT_TRUE(is_kept());
  EXPECT_EQ(rows.count().ValueOrDie(), 100);
  ASSERT_TRUE(rows.unpersist(/*blocking=*/true).ok());
  EXPECT_FALSE(is_kept());
  // Drawn anew with every query, were it not for the checkpoint.
  const DataFrame fixed =
      spark.range(0, 100).with_column("x", expr("rand()")).checkpoint(CheckpointPlace::kExecutors).ValueOrDie();
  const auto sum = [&] { return fixed.agg({expr("sum(x)")}).collect().ValueOrDie(); };
  EXPECT_EQ(sum(), sum());
  EXPECT_TRUE(fixed.unpersist().ok());
}

TEST(LiveSpark, ShowsATable) {
  EXPECT_EQ(session().range(0, 3).show_string(2).ValueOrDie(),
            "+---+\n| id|\n+---+\n|  0|\n|  1|\n+---+\nonly showing top 2 rows");
}

TEST(LiveSpark, TellsColumnsOfEveryType) {
  const DataFrame all =
      session()
          .sql(
              "SELECT CAST(1 AS TINYINT) a, CAST(1 AS SMALLINT) b, 1 c, 1L d, CAST(1 AS FLOAT) e, 1D f, "
              "1.50BD g, 'x' h, X'01' i, true j, DATE'2020-01-02' k, TIMESTAMP'2020-01-02 03:04:05' l, "
              "array(1, 2) m, named_struct('x', 1, 'y', 'z') n, map('k', 1) o, "
              "TIMESTAMP_NTZ'2020-01-02 03:04:05' p")
          .ValueOrDie();
  const auto announced = all.schema().ValueOrDie();
  const auto sent = all.to_arrow().ValueOrDie()->schema();
  ASSERT_EQ(announced->num_fields(), 16);
  for (int i = 0; i < 16; ++i) {
    EXPECT_TRUE(announced->field(i)->type()->id() == sent->field(i)->type()->id())
        << announced->field(i)->ToString() << " / " << sent->field(i)->ToString();
  }
}

TEST(LiveSpark, GivesColumnsOfAnEmptyResult) {
  const Table table = session().range(0, 0).select({col("id"), expr("'x' AS t")}).to_arrow().ValueOrDie();
  EXPECT_EQ(table->num_rows(), 0);
  EXPECT_EQ(table->schema()->field_names(), (std::vector<std::string>{"id", "t"}));
}

TEST(LiveSpark, TakesFewRowsInThePlanAndManyInPieces) {
  const Session spark = session();
  for (const int64_t rows : {int64_t{0}, int64_t{3}, int64_t{20'000}}) {  // nothing, inside the plan, two pieces
    const DataFrame frame = spark.create_data_frame(numbers(rows)).ValueOrDie();
    const Table sums = frame
                           .agg({expr("count(*) AS n"), expr("coalesce(sum(n), 0L) AS s"),
                                 expr("coalesce(sum(length(text)), 0L) AS characters")})
                           .to_arrow()
                           .ValueOrDie();
    EXPECT_THAT(values(sums, "n"), ElementsAre(rows));
    EXPECT_THAT(values(sums, "s"), ElementsAre(rows * (rows - 1) / 2));
    EXPECT_THAT(values(sums, "characters"), ElementsAre(rows * 1'000));
  }
}

TEST(LiveSpark, WritesReadsAppendsAndPartitions) {
  const Session spark = session();
  const std::string path = folder("partitioned");
  const DataFrame rows = spark.range(0, 10).with_column("p", col("id") % lit(2));
  ASSERT_TRUE(rows.write().format("parquet").partition_by({"p"}).save(path).ok());
  EXPECT_TRUE(std::filesystem::exists(path + "/p=0"));
  EXPECT_THAT(rows.write().format("parquet").save(path).message(), HasSubstr("PATH_ALREADY_EXISTS"));
  ASSERT_TRUE(rows.write().format("parquet").mode(SaveMode::kAppend).partition_by({"p"}).save(path).ok());
  EXPECT_EQ(spark.read().parquet({path}).count().ValueOrDie(), 20);
  ASSERT_TRUE(rows.select({col("id")}).write().format("csv").option("header", "true").save(path + ".csv").ok());
  const DataFrame csv = spark.read().option("header", "true").schema("id bigint").csv({path + ".csv"});
  EXPECT_EQ(csv.agg({expr("sum(id) AS s")}).count().ValueOrDie(), 1);
  ASSERT_TRUE(rows.create_or_replace_temp_view("rows_view").ok());
  EXPECT_EQ(spark.table("rows_view").count().ValueOrDie(), 10);
  ASSERT_TRUE(rows.write().format("parquet").mode(SaveMode::kOverwrite).save_as_table("rows_table").ok());
  ASSERT_TRUE(rows.write().insert_into("rows_table").ok());
  EXPECT_EQ(spark.table("rows_table").count().ValueOrDie(), 20);
  ASSERT_TRUE(spark.sql("DROP TABLE rows_table").ok());
}

TEST(LiveSpark, WritesAndReadsJsonInEveryMode) {
  const Session spark = session();
  const std::string path = folder("rows.json");
  const DataFrame rows = spark.range(0, 3).with_column("text", expr("concat('a\"', id)"));
  ASSERT_TRUE(rows.write().format("json").save(path).ok());
  ASSERT_TRUE(rows.write().format("json").mode(SaveMode::kIgnore).save(path).ok());
  EXPECT_EQ(spark.read().json({path}).count().ValueOrDie(), 3);
  ASSERT_TRUE(rows.limit(1).write().format("json").mode(SaveMode::kOverwrite).save(path).ok());
  const DataFrame narrow = spark.read().schema("text string, missing int").json({path});
  EXPECT_THAT(narrow.collect().ValueOrDie(), ElementsAre(Row{std::string("a\"0"), std::monostate()}));
  EXPECT_EQ(spark.read()
                .format("json")
                .option("primitivesAsString", "true")
                .load({path})
                .schema()
                .ValueOrDie()
                ->GetFieldByName("id")
                ->type()
                ->id(),
            arrow::Type::STRING);
}

TEST(LiveSpark, SaysWhatToDoWhenTheExecutorsPythonIsAnother) {
  SessionOptions options;
  options.python_version = "3.6";
  const Session spark = Session::connect(server(), options).ValueOrDie();
  const PythonFunction same = {"same", "def f(batches):\n    return batches\n", "f", "id bigint"};
  EXPECT_THAT(
      spark.range(0, 1).map_in_arrow(same).ValueOrDie().to_arrow().status().message(),
      AllOf(HasSubstr("the executors' Python is another version"), HasSubstr("set the session's python_version")));
}

TEST(LiveSpark, RefusesAQueryThatIsNotUtf8) {
  EXPECT_THAT(session().sql("SELECT '\xff'").status().message(), HasSubstr("is not UTF-8"));
}

TEST(LiveSpark, RunsPythonOnTheExecutorsWithAFileThatWasSent) {
  const Session spark = session();
  EXPECT_THAT(spark.python_version().ValueOrDie(), ::testing::MatchesRegex("3\\.[0-9]+"));
  std::ofstream(folder("factor.txt")) << "7";
  const std::string file = spark.add_file(folder("factor.txt")).ValueOrDie();
  EXPECT_THAT(file, ::testing::MatchesRegex("factor-[0-9a-f]{12}\\.txt"));
  EXPECT_EQ(spark.add_file(folder("factor.txt")).ValueOrDie(), file) << "the same content may be sent twice";
  const std::string source =
      "def factor():\n"
      "    from pyspark.core.files import SparkFiles\n"
      "    return int(open(SparkFiles.get('" +
      file +
      "')).read())\n"
      "def times(batches):\n"
      "    import pyarrow as pa, pyarrow.compute as pc\n"
      "    for batch in batches:\n"
      "        yield pa.RecordBatch.from_arrays([pc.multiply(batch.column(0), factor())], names=['n'])\n"
      "def scalar(column):\n"
      "    import pyarrow.compute as pc\n"
      "    return pc.multiply(column, factor())\n";
  const Table mapped =
      spark.range(0, 4).map_in_arrow({"times", source, "times", "n bigint"}).ValueOrDie().to_arrow().ValueOrDie();
  EXPECT_THAT(values(mapped, "n"), UnorderedElementsAre(0, 7, 14, 21));
  ASSERT_TRUE(spark.register_function({"seven_times", source, "scalar", "bigint"}).ok());
  const Table called =
      spark.sql("SELECT seven_times(id) AS n FROM range(3)").ValueOrDie().sort({col("n")}).to_arrow().ValueOrDie();
  EXPECT_THAT(values(called, "n"), ElementsAre(0, 7, 14));
}

// Parquet is read by column, and a function's columns are not to be left out as unused.
TEST(LiveSpark, HandsAllColumnsToPython) {
  const Session spark = session();
  const std::string path = folder("columns");
  ASSERT_TRUE(spark.range(0, 1).select({col("id").alias("a.b"), expr("'x' AS `c``d`")}).write().save(path).ok());
  const PythonFunction names = {"names",
                                "def names(batches):\n"
                                "    import pyarrow as pa\n"
                                "    for batch in batches:\n"
                                "        yield pa.RecordBatch.from_pydict({'names': [','.join(batch.schema.names)]})\n",
                                "names", "names string"};
  const Table table = spark.read().parquet({path}).coalesce(1).map_in_arrow(names).ValueOrDie().to_arrow().ValueOrDie();
  EXPECT_THAT(texts(table, "names"), ElementsAre("a.b,c`d"));
}

TEST(LiveSpark, ReportsProgressAndObservedMetrics) {
  const Session spark = session();
  ExecutionProgress last;
  std::map<std::string, Value> metrics;
  QueryOptions options;
  options.on_progress = [&](const ExecutionProgress& progress) { last = progress; };
  options.on_metrics = [&](const std::string& name, const std::map<std::string, Value>& values_seen) {
    if (name == "seen") metrics = values_seen;
  };
  const DataFrame observed = spark.range(0, 200'000, 1, 8)
                                 .select({expr("sum(id) OVER (PARTITION BY id % 1000) AS s")})
                                 .observe("seen", {expr("count(*) AS rows")});
  ASSERT_TRUE(observed.agg({expr("max(s)")}).to_arrow(options).ok());
  EXPECT_EQ(metrics.at("rows"), Value(int64_t{200'000}));
  EXPECT_GT(last.tasks, 0);
}

TEST(LiveSpark, TellsTheClassStateParametersAndPlaceOfAnError) {
  const Status status = session().sql("SELECT * FROM no_such_table").status();
  EXPECT_TRUE(status.IsInvalid());
  EXPECT_THAT(status.message(), AllOf(HasSubstr("[TABLE_OR_VIEW_NOT_FOUND]"), HasSubstr("42P01")));
  const SparkError* error = SparkError::of(status);
  ASSERT_NE(error, nullptr);
  EXPECT_EQ(error->error_class, "TABLE_OR_VIEW_NOT_FOUND");
  EXPECT_EQ(error->sql_state, "42P01");
  EXPECT_EQ(error->parameters.at("relationName"), "`no_such_table`");
  EXPECT_EQ(error->query_fragment, "no_such_table");
}

TEST(LiveSpark, TellsTheCausesOfAFailureOnTheExecutors) {
  const Session spark = session();
  const PythonFunction broken = {"broken", "def f(batches):\n    raise ValueError('out of cheese')\n", "f", "n bigint"};
  const Status status = spark.range(0, 4).map_in_arrow(broken).ValueOrDie().to_arrow().status();
  EXPECT_THAT(status.ToString(), HasSubstr("out of cheese"));
  EXPECT_EQ(spark.range(0, 3).count().ValueOrDie(), 3) << "the session is usable";
}

/// Runs for minutes, and not for ever: where a test fails, the others go on.
DataFrame long_query(const Session& spark) { return spark.range(0, 40'000'000'000).agg({expr("sum(hash(id)) AS s")}); }

// A long query that runs meanwhile. To be interrupted only once tasks run: Spark 4.2 may overlook an interruption that
// comes before it has submitted the job.
class RunningQuery {
 public:
  explicit RunningQuery(const Session& spark, std::vector<std::string> tags = {}) {
    options_.tags = std::move(tags);
    options_.on_progress = [this](const ExecutionProgress& progress) { runs_ = runs_ || progress.tasks_running > 0; };
    query_ = std::thread([this, spark] {
      status_ = long_query(spark).to_arrow(options_).status();
      ended_ = true;
    });
    while (!runs_ && !ended_) std::this_thread::yield();
  }

  bool has_ended() const { return ended_; }
  Status end() {
    query_.join();
    return status_;
  }

 private:
  std::atomic<bool> runs_{false};
  std::atomic<bool> ended_{false};
  QueryOptions options_;
  Status status_;
  std::thread query_;
};

TEST(LiveSpark, InterruptsAQueryByItsTag) {
  const Session spark = session();
  RunningQuery query(spark, {"slow"});
  EXPECT_EQ(spark.interrupt_tag("another").ValueOrDie().size(), 0u);
  EXPECT_EQ(spark.interrupt_tag("slow").ValueOrDie().size(), 1u);
  const Status status = query.end();
  EXPECT_TRUE(status.IsCancelled()) << status;
}

TEST(LiveSpark, InterruptsAllThatASessionRunsAndNothingElse) {
  const Session spark = session();
  const Session other = session();
  RunningQuery query(spark);
  EXPECT_EQ(other.interrupt_all().ValueOrDie().size(), 0u);
  EXPECT_FALSE(query.has_ended());
  EXPECT_EQ(spark.interrupt_all().ValueOrDie().size(), 1u);
  const Status status = query.end();
  EXPECT_TRUE(status.IsCancelled()) << status;
}

TEST(LiveSpark, EndsAQueryAtItsTimeLimit) {
  const Session spark = session();
  ASSERT_EQ(spark.range(0, 3).count().ValueOrDie(), 3);  // so that the next query begins at once
  QueryOptions options;
  options.timeout = std::chrono::milliseconds(5'000);
  EXPECT_THAT(long_query(spark).to_arrow(options).status().message(), HasSubstr("time limit of 5000 ms"));
  EXPECT_EQ(spark.range(0, 3).count().ValueOrDie(), 3) << "the session is usable";
}

TEST(LiveSpark, KeepsSettingsAndCopiesThemIntoAClone) {
  const Session spark = session();
  ASSERT_TRUE(spark.set_config("spark.sql.shuffle.partitions", "7").ok());
  const Session copy = spark.clone().ValueOrDie();
  EXPECT_NE(copy.session_id(), spark.session_id());
  EXPECT_EQ(copy.get_config("spark.sql.shuffle.partitions").ValueOrDie(), "7");
  ASSERT_TRUE(copy.set_config("spark.sql.shuffle.partitions", "8").ok());
  EXPECT_EQ(spark.get_config("spark.sql.shuffle.partitions").ValueOrDie(), "7");
  EXPECT_EQ(spark.get_config("spark.linkwright.unheard_of").ValueOrDie(), std::nullopt);
  ASSERT_TRUE(copy.stop().ok());
  EXPECT_FALSE(copy.range(0, 3).count().ok());
  EXPECT_EQ(spark.range(0, 3).count().ValueOrDie(), 3);
}

// Two million rows are about 16 MB; the line breaks twice in the middle, and once at the very start of a call.
TEST(LiveSpark, LosesAndDoublesNoRowWhenTheConnectionIsCut) {
  Connection through = server();
  CuttingProxy proxy(through.port, {6'000'000, 300, 3'000'000});
  through.port = proxy.port();
  const Session spark = Session::connect(through).ValueOrDie();
  const auto reader = spark.range(0, 2'000'000).to_batches().ValueOrDie();
  std::vector<bool> seen(2'000'000);
  int64_t rows = 0;
  for (;;) {
    const auto batch = reader->Next().ValueOrDie();
    if (batch == nullptr) break;
    const auto& ids = dynamic_cast<const arrow::Int64Array&>(*batch->column(0));
    for (int64_t i = 0; i < ids.length(); ++i, ++rows) seen[static_cast<size_t>(ids.Value(i))] = true;
  }
  EXPECT_EQ(rows, 2'000'000);
  EXPECT_EQ(std::count(seen.begin(), seen.end(), true), 2'000'000);
  EXPECT_EQ(proxy.cuts(), 3);
}

}  // namespace
}  // namespace linkwright::spark
