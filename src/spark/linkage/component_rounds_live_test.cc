// Components of large and awkward graphs on a real Spark, against those of src/cluster.

#include <arrow/builder.h>
#include <arrow/table.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>
#include <random>

#include "cluster/components.h"
#include "spark/linkage/component_rounds.h"
#include "spark/linkage/live_tables.h"

namespace linkwright::spark {
namespace {

using test::session;
using test::Table;
using ::testing::HasSubstr;
using Edges = std::vector<std::pair<uint32_t, uint32_t>>;

constexpr const char* kForest = R"(
def forest(batches):
    import ctypes, itertools
    import pyarrow
    from pyspark.core.files import SparkFiles
    first = next(batches, None)
    if first is None:
        return
    rows = pyarrow.RecordBatchReader.from_batches(first.schema, itertools.chain([first], batches))
    into, out = (ctypes.create_string_buffer(40) for _ in range(2))
    rows._export_to_c(ctypes.addressof(into))
    error = ctypes.create_string_buffer(4096)
    kernel = ctypes.CDLL(SparkFiles.get('{file}'))
    if kernel.linkwright_kernel_run(b'{"operation": "forest"}', into, out, error, ctypes.c_int64(4096)) != 0:
        raise RuntimeError(error.value.decode())
    yield from pyarrow.RecordBatchReader._import_from_c(ctypes.addressof(out))
)";

ComponentOptions native(const Session& spark, const std::string& type = "bigint") {
  std::string source = kForest;
  source.replace(source.find("{file}"), 6, spark.add_file(LINKWRIGHT_KERNEL).ValueOrDie());
  ComponentOptions options;
  options.contract = [source, type](const DataFrame& edges) {
    return edges.map_in_arrow({"forest", source, "forest", "lw_left " + type + ", lw_right " + type});
  };
  return options;
}

DataFrame upload(const Session& spark, const Edges& edges) {
  arrow::Int64Builder left;
  arrow::Int64Builder right;
  for (const auto& [one, other] : edges) {
    EXPECT_TRUE(left.Append(one).ok() && right.Append(other).ok());
  }
  return spark
      .create_data_frame(arrow::Table::Make(
          arrow::schema({arrow::field("lw_left", arrow::int64()), arrow::field("lw_right", arrow::int64())}),
          {left.Finish().ValueOrDie(), right.Finish().ValueOrDie()}))
      .ValueOrDie();
}

std::vector<uint32_t> roots_of(const Edges& edges, uint32_t num_ids) {
  ConnectedComponents components(num_ids);
  for (const auto& [left, right] : edges) components.unite(left, right);
  return components.representatives();
}

// That every id but the roots is there once, with its root.
void expect_components(const DataFrame& found, const std::vector<uint32_t>& expected) {
  const Table table = found.to_arrow().ValueOrDie()->CombineChunks().ValueOrDie();
  std::vector<uint32_t> roots(expected.size());
  std::iota(roots.begin(), roots.end(), 0U);
  if (table->num_rows() > 0) {
    const auto& left = static_cast<const arrow::Int64Array&>(*table->GetColumnByName("lw_left")->chunk(0));
    const auto& right = static_cast<const arrow::Int64Array&>(*table->GetColumnByName("lw_right")->chunk(0));
    for (int64_t i = 0; i < table->num_rows(); ++i) {
      const auto id = static_cast<size_t>(right.Value(i));
      ASSERT_EQ(roots[id], id) << "twice";
      roots[id] = static_cast<uint32_t>(left.Value(i));
    }
  }
  EXPECT_EQ(roots, expected);
}

Edges random_graph(uint32_t num_ids, size_t num_edges, uint32_t seed) {
  std::mt19937 random(seed);
  Edges edges;
  for (size_t e = 0; e < num_edges; ++e) {
    edges.emplace_back(static_cast<uint32_t>(random() % num_ids), static_cast<uint32_t>(random() % num_ids));
  }
  return edges;
}

// A chain over ids in no order: what labels would take longest to travel along.
Edges chain(uint32_t num_ids) {
  std::vector<uint32_t> ids(num_ids);
  std::iota(ids.begin(), ids.end(), 0U);
  std::shuffle(ids.begin(), ids.end(), std::mt19937(3));  // NOLINT(cert-msc51-cpp)
  Edges edges;
  for (uint32_t i = 0; i + 1 < num_ids; ++i) edges.emplace_back(ids[i], ids[i + 1]);
  return edges;
}

TEST(Components, DoNotDependOnPartitions) {
  const Session spark = session();
  const Edges edges = random_graph(2000, 1500, 11);
  const std::vector<uint32_t> expected = roots_of(edges, 2000);
  for (const int partitions : {1, 5}) {
    const DataFrame dealt = upload(spark, edges).repartition(partitions);
    for (const std::optional<int64_t> num_edges : {std::optional<int64_t>(), std::optional<int64_t>(1500)}) {
      ComponentOptions options = native(spark);
      options.num_edges = num_edges;
      const Components found = connected_components(dealt, options).ValueOrDie();
      expect_components(found.stars.rows(), expected);
      EXPECT_EQ(found.size, found.stars.rows().count().ValueOrDie());
    }
  }
}

TEST(Components, NeedNoNativeCode) {
  const Session spark = session();
  const Edges edges = random_graph(200, 180, 12);
  expect_components(connected_components(upload(spark, edges), {}).ValueOrDie().stars.rows(), roots_of(edges, 200));
}

TEST(Components, OfTextAreNamedByTheFirstInBytes) {
  const Session spark = session();
  const DataFrame edges =
      spark.sql("SELECT * FROM VALUES ('a', 'B'), ('10', '9'), ('\u00e4', 'z'), ('B', 'c') AS e(lw_left, lw_right)")
          .ValueOrDie();
  const std::vector<std::string> expected = {"10 | 9 | ", "B | a | ", "B | c | ", "z | \u00e4 | "};
  EXPECT_EQ(test::rows_of(
                connected_components(edges, native(spark, "string")).ValueOrDie().stars.rows().to_arrow().ValueOrDie()),
            expected);
  EXPECT_EQ(test::rows_of(connected_components(edges, {}).ValueOrDie().stars.rows().to_arrow().ValueOrDie()), expected);
}

TEST(Components, OfNoEdgesAreNone) {
  const Session spark = session();
  const DataFrame none = upload(spark, {{1, 1}}).filter(expr("lw_left > 5"));
  EXPECT_EQ(connected_components(none, native(spark)).ValueOrDie().size, 0);
  EXPECT_EQ(connected_components(none, {}).ValueOrDie().size, 0);
}

TEST(Components, FollowALongChain) {
  const Session spark = session();
  const Edges edges = chain(100'000);
  const DataFrame dealt = upload(spark, edges).repartition(5);
  expect_components(connected_components(dealt, native(spark)).ValueOrDie().stars.rows(),
                    std::vector<uint32_t>(100'000));
}

TEST(Components, FollowALongChainThatNoTaskMayHold) {
  const Session spark = session();
  ComponentOptions options = native(spark);
  options.most_edges_a_task = 200;
  const DataFrame dealt = upload(spark, chain(1'000)).repartition(3);
  expect_components(connected_components(dealt, options).ValueOrDie().stars.rows(), std::vector<uint32_t>(1'000));
}

TEST(Components, MergeForestsUntilATaskMayHoldThem) {
  const Session spark = session();
  ComponentOptions options = native(spark);
  options.most_edges_a_task = 30'000;  // of 19,999 distinct ones, which seven partitions have several times
  Edges edges;
  for (int copy = 0; copy < 7; ++copy) {
    for (uint32_t i = 1; i < 20'000; ++i) edges.emplace_back(i, i / 2);
  }
  const DataFrame dealt = upload(spark, edges).repartition(7);
  expect_components(connected_components(dealt, options).ValueOrDie().stars.rows(), std::vector<uint32_t>(20'000));
}

TEST(Components, OfAStarAreOne) {
  const Session spark = session();
  Edges edges;
  for (uint32_t leaf = 0; leaf < 10'000; ++leaf) edges.emplace_back(10'000, leaf);  // the largest id in the middle
  ComponentOptions options = native(spark);
  expect_components(connected_components(upload(spark, edges).repartition(2), options).ValueOrDie().stars.rows(),
                    std::vector<uint32_t>(10'001));
  options.most_edges_a_task = 1000;
  expect_components(connected_components(upload(spark, edges).repartition(2), options).ValueOrDie().stars.rows(),
                    std::vector<uint32_t>(10'001));
}

TEST(Components, OfAMillionEdges) {
  constexpr uint32_t kIds = 1'200'000;
  constexpr int64_t kEdges = 1'000'000;
  Edges edges;
  for (int64_t i = 0; i < kEdges; ++i) {
    edges.emplace_back(i * 2654435761 % kIds, (i * 40503 + 12345) % 999'983);
  }
  const Session spark = session();
  const DataFrame made =
      spark.range(0, kEdges, 1, 5)
          .select({expr("id * 2654435761 % 1200000 AS lw_left"), expr("(id * 40503 + 12345) % 999983 AS lw_right")});
  const Components found = connected_components(made, native(spark)).ValueOrDie();
  expect_components(found.stars.rows(), roots_of(edges, kIds));
}

TEST(Components, TellWhatTheKernelSays) {
  const Session spark = session();
  const DataFrame broken = upload(spark, {{1, 2}}).select({expr("CAST(NULL AS BIGINT) AS lw_left"), col("lw_right")});
  EXPECT_THAT(connected_components(broken, native(spark)).status().ToString(), HasSubstr("an edge without an id"));
}

}  // namespace
}  // namespace linkwright::spark
