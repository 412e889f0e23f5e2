#include <arrow/array.h>
#include <arrow/builder.h>
#include <arrow/table.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "cluster/components.h"
#include "kernel/test_kernel.h"

namespace linkwright {
namespace {

using test::TablePtr;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

template <typename Id>
using Edges = std::vector<std::pair<Id, Id>>;

std::shared_ptr<arrow::Array> array(const std::vector<int64_t>& ids) {
  arrow::Int64Builder builder;
  EXPECT_TRUE(builder.AppendValues(ids).ok());
  return builder.Finish().ValueOrDie();
}

std::shared_ptr<arrow::Array> array(const std::vector<std::string>& ids) {
  arrow::StringBuilder builder;
  EXPECT_TRUE(builder.AppendValues(ids).ok());
  return builder.Finish().ValueOrDie();
}

template <typename Id>
TablePtr table(const Edges<Id>& edges) {
  std::vector<Id> left;
  std::vector<Id> right;
  for (const auto& [one, other] : edges) {
    left.push_back(one);
    right.push_back(other);
  }
  const auto columns = std::vector{array(left), array(right)};
  return arrow::Table::Make(
      arrow::schema({arrow::field("lw_left", columns[0]->type()), arrow::field("lw_right", columns[0]->type())}),
      columns);
}

std::string value(const arrow::StringArray& array, int64_t i) { return array.GetString(i); }
int64_t value(const arrow::Int64Array& array, int64_t i) { return array.Value(i); }

template <typename Id, typename ArrayType>
Edges<Id> forest(const Edges<Id>& edges) {
  const TablePtr rows = test::run_kernel({{"operation", "forest"}}, table(edges)).ValueOrDie();
  Edges<Id> result;
  const TablePtr whole = rows->CombineChunks().ValueOrDie();
  for (int64_t i = 0; i < whole->num_rows(); ++i) {
    result.emplace_back(value(static_cast<const ArrayType&>(*whole->column(0)->chunk(0)), i),
                        value(static_cast<const ArrayType&>(*whole->column(1)->chunk(0)), i));
  }
  std::sort(result.begin(), result.end());
  return result;
}

Edges<int64_t> forest_of(const Edges<int64_t>& edges) { return forest<int64_t, arrow::Int64Array>(edges); }

TEST(Forest, IsAStarAroundTheSmallestIdOfEachComponent) {
  EXPECT_THAT(forest_of({{5, 4}, {2, 5}, {9, 8}, {4, 2}}), ElementsAre(Pair(2, 4), Pair(2, 5), Pair(8, 9)));
}

TEST(Forest, OrdersIntegersByValue) {
  EXPECT_THAT(forest_of({{10, 9}, {9, -3}, {INT64_MIN, INT64_MAX}}),
              ElementsAre(Pair(INT64_MIN, INT64_MAX), Pair(-3, 9), Pair(-3, 10)));
}

TEST(Forest, OrdersTextByBytes) {
  const Edges<std::string> edges = {{"a", "B"}, {"10", "9"}, {"ä", "z"}, {"", "x"}};
  EXPECT_THAT((forest<std::string, arrow::StringArray>(edges)),
              ElementsAre(Pair("", "x"), Pair("10", "9"), Pair("B", "a"), Pair("z", "ä")));
}

TEST(Forest, OfNoEdgesIsEmpty) { EXPECT_THAT(forest_of({}), IsEmpty()); }

TEST(Forest, HasNoEdgeFromAnIdToItself) { EXPECT_THAT(forest_of({{7, 7}}), IsEmpty()); }

TEST(Forest, RefusesEdgesItCannotRead) {
  const auto error = [](const TablePtr& rows, test::Json task = {{"operation", "forest"}}) {
    return test::run_kernel(task, rows).status().message();
  };
  const TablePtr good = table(Edges<int64_t>{{1, 2}});
  EXPECT_THAT(error(good->RenameColumns({"a", "b"}).ValueOrDie()), HasSubstr("lw_left and lw_right"));
  EXPECT_THAT(error(good, {{"operation", "forest"}, {"limit", 1}}), HasSubstr("limit"));
  const auto mixed = arrow::Table::Make(
      arrow::schema({arrow::field("lw_left", arrow::int64()), arrow::field("lw_right", arrow::utf8())}),
      {array(std::vector<int64_t>{1}), array(std::vector<std::string>{"1"})});
  EXPECT_THAT(error(mixed), HasSubstr("both int64 or both text"));
  arrow::Int64Builder with_null;
  ASSERT_TRUE(with_null.AppendNull().ok());
  const auto null =
      arrow::Table::Make(good->schema(), {array(std::vector<int64_t>{1}), with_null.Finish().ValueOrDie()});
  EXPECT_THAT(error(null), HasSubstr("without an id"));
}

// Whatever way edges are dealt to partitions, forests of forests have the components of all edges.
TEST(Forest, OfForestsHasTheComponentsOfAllEdges) {
  std::mt19937 random(7);  // NOLINT(cert-msc51-cpp): the same graphs every time
  for (int round = 0; round < 60; ++round) {
    const auto num_ids = static_cast<uint32_t>(2 + random() % 300);
    const size_t partitions = 1 + random() % 5;
    ConnectedComponents expected(num_ids);
    std::vector<Edges<int64_t>> dealt(partitions);
    for (size_t e = random() % (2 * num_ids); e > 0; --e) {
      const auto left = static_cast<uint32_t>(random() % num_ids);
      const auto right = static_cast<uint32_t>(random() % num_ids);
      expected.unite(left, right);
      dealt[random() % partitions].emplace_back(left, right);
    }
    Edges<int64_t> merged;
    for (const Edges<int64_t>& part : dealt) {
      const Edges<int64_t> contracted = forest_of(part);
      EXPECT_LT(contracted.size(), num_ids);
      merged.insert(merged.end(), contracted.begin(), contracted.end());
    }
    std::map<int64_t, int64_t> root_of;
    for (const auto& [root, id] : forest_of(merged)) ASSERT_TRUE(root_of.emplace(id, root).second);
    for (uint32_t id = 0; id < num_ids; ++id) {
      const auto found = root_of.find(id);
      ASSERT_EQ(found == root_of.end() ? id : found->second, expected.find(id)) << "round " << round;
    }
  }
}

TEST(Forest, FollowsAChainThatBeginsAtItsLargestId) {
  Edges<int64_t> chain;
  for (int64_t id = 1'000'000; id > 0; --id) chain.emplace_back(id, id - 1);
  const Edges<int64_t> star = forest_of(chain);
  ASSERT_EQ(star.size(), 1'000'000U);
  EXPECT_TRUE(std::all_of(star.begin(), star.end(), [](const auto& edge) { return edge.first == 0; }));
}

}  // namespace
}  // namespace linkwright
