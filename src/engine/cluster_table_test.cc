#include "engine/cluster_table.h"

#include <arrow/builder.h>
#include <arrow/table.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "column/test_records.h"
#include "expr/arrow_values.h"
#include "io/table_reader.h"

namespace linkwright {
namespace {

std::shared_ptr<arrow::Table> with_column(const std::string& name, std::shared_ptr<arrow::Array> values) {
  const auto table = test::text_table({{"first_name", {"ann", "bob"}}});
  return table->AddColumn(2, arrow::field(name, values->type()), std::make_shared<arrow::ChunkedArray>(values))
      .ValueOrDie();
}

// clusters.parquet where two datasets bring a column that no rule or comparison reads.
std::shared_ptr<arrow::Table> written(const std::string& name, const std::shared_ptr<arrow::Array>& first,
                                      const std::shared_ptr<arrow::Array>& second) {
  const auto path =
      (std::filesystem::temp_directory_path() / ("linkwright-clusters-" + std::to_string(::getpid()) + ".parquet"))
          .string();
  ThreadPool pool(2);
  RecordTableOptions options;
  options.encoded = {"first_name"};
  options.has_sources = true;
  const RecordTable records =
      RecordTable::make({{"a", with_column(name, first)}, {"b", with_column(name, second)}}, options, pool)
          .ValueOrDie();
  FilePublisher publisher;
  LinkageModel model;
  model.unique_id_column_name = "unique_id";
  model.source_dataset_column_name = "source_dataset";
  EXPECT_TRUE(
      write_clusters({{"cluster_id", {0, 1, 0, 1}}}, records, model, path, FileFormat::kParquet, pool, publisher).ok());
  EXPECT_TRUE(publisher.finish().ok());
  const auto table = read_tables({path}, {}, pool, nullptr).ValueOrDie();
  std::filesystem::remove(path);
  return table;
}

// What it has in that column.
std::vector<std::string> passed_through(const std::shared_ptr<arrow::Array>& first,
                                        const std::shared_ptr<arrow::Array>& second) {
  std::vector<std::string> found;
  const auto column = written("note", first, second)->GetColumnByName("note");
  for (const auto& chunk : column->chunks()) {
    ArrayValues values = ArrayValues::make(chunk).ValueOrDie();
    for (int64_t row = 0; row < values.length(); ++row) {
      const Value value = values.at(row);
      found.push_back(value.is_null()                  ? "null"
                      : value.kind == ValueKind::kText ? std::string(value.text())
                                                       : std::to_string(value.integer));
    }
  }
  return found;
}

TEST(ClusterTable, NumbersAColumnOfTheInputWithTheNameOfItsOwn) {
  const auto truth = test::text_array({"x", "y"});
  EXPECT_EQ(written("cluster_id", truth, truth)->ColumnNames(),
            (std::vector<std::string>{"cluster_id", "source_dataset", "unique_id", "first_name", "cluster_id_1"}));
}

// As Parquet's reader gives them: codes where a file has only codes, plain text where it has not.
TEST(ClusterTable, PassesTextOnThatIsCodesInOneDatasetAndPlainInAnother) {
  arrow::StringDictionary32Builder codes;
  ASSERT_TRUE(codes.Append("low").ok());
  ASSERT_TRUE(codes.AppendNull().ok());
  const auto coded = codes.Finish().ValueOrDie();
  const auto plain = test::text_array({"long", "longer"});
  EXPECT_EQ(passed_through(coded, plain), (std::vector<std::string>{"low", "null", "long", "longer"}));
  EXPECT_EQ(passed_through(plain, coded), (std::vector<std::string>{"long", "longer", "low", "null"}));
}

TEST(ClusterTable, PassesIntegersOnThatAreOfTwoWidths) {
  arrow::Int32Builder narrow;
  ASSERT_TRUE(narrow.AppendValues({1, -2}).ok());
  arrow::Int64Builder wide;
  ASSERT_TRUE(wide.AppendValues({int64_t{1} << 40, 4}).ok());
  EXPECT_EQ(passed_through(narrow.Finish().ValueOrDie(), wide.Finish().ValueOrDie()),
            (std::vector<std::string>{"1", "-2", "1099511627776", "4"}));
}

}  // namespace
}  // namespace linkwright
