#include "io/table_survey.h"

#include <arrow/array.h>
#include <arrow/builder.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "base/test_folder.h"
#include "io/table_writer.h"

namespace linkwright {
namespace {

using TableSurveys = test::WithFolder;

void expect_column(const ColumnSurvey& column, const std::string& name, bool is_text, uint64_t values, uint64_t bytes,
                   uint64_t distinct) {
  EXPECT_EQ(column.name, name);
  EXPECT_EQ(column.is_text, is_text) << name;
  EXPECT_EQ(column.values, values) << name;
  EXPECT_EQ(column.bytes, bytes) << name;
  EXPECT_EQ(column.distinct_values, distinct) << name;
}

TEST_F(TableSurveys, CountsTheColumnsOfACsv) {
  const std::string path = write("a.csv", "id,name,zip\n1,ann,01\n2,bob,\n3,ann,02\n");
  const TableSurvey survey = survey_tables({path}, {}).ValueOrDie();
  EXPECT_EQ(survey.rows, 3U);
  EXPECT_EQ(survey.file_bytes, std::filesystem::file_size(path));
  ASSERT_EQ(survey.columns.size(), 3U);
  expect_column(survey.columns[0], "id", false, 3, 3, 3);
  expect_column(survey.columns[1], "name", true, 3, 9, 2);
  expect_column(survey.columns[2], "zip", true, 2, 4, 2);
}

TEST_F(TableSurveys, AddsUpTheFilesOfADataset) {
  write("p1.csv", "id,name\n1,ann\n");
  write("p2.csv", "name,id\nbob,2\nann,3\n");
  const TableSurvey survey = survey_tables({(folder_ / "p*.csv").string()}, {}).ValueOrDie();
  EXPECT_EQ(survey.rows, 3U);
  expect_column(survey.columns[1], "name", true, 3, 9, 2);
}

TEST_F(TableSurveys, KnowsTheColumnsOfJsonAndParquet) {
  const std::string json = write("a.ndjson", "{\"id\": 1, \"name\": \"ann\"}\n{\"id\": 2, \"name\": null}\n");
  const TableSurvey of_json = survey_tables({json}, {}).ValueOrDie();
  EXPECT_EQ(of_json.rows, 2U);
  expect_column(of_json.columns[0], "id", false, 2, 16, 2);
  expect_column(of_json.columns[1], "name", true, 1, 3, 1);

  arrow::StringBuilder names;
  ASSERT_TRUE(names.AppendValues({"ann", "bob", "ann"}).ok());
  arrow::Int32Builder ids;
  ASSERT_TRUE(ids.AppendValues({7, 8, 9}).ok());
  const auto schema = arrow::schema({arrow::field("name", arrow::utf8()), arrow::field("id", arrow::int32())});
  const auto batch = arrow::RecordBatch::Make(schema, 3, {names.Finish().ValueOrDie(), ids.Finish().ValueOrDie()});
  const std::string path = (folder_ / "a.parquet").string();
  const auto writer = TableWriter::open(path, FileFormat::kParquet, schema).ValueOrDie();
  ASSERT_TRUE(writer->write(*batch).ok());
  ASSERT_TRUE(writer->finish().ok());
  const TableSurvey of_parquet = survey_tables({path}, {}).ValueOrDie();
  EXPECT_EQ(of_parquet.rows, 3U);
  expect_column(of_parquet.columns[0], "name", true, 3, 9, 2);
  expect_column(of_parquet.columns[1], "id", false, 3, 24, 3);
}

TEST_F(TableSurveys, PassesOverLinesThatReadingWillRefuse) {
  EXPECT_EQ(survey_tables({write("bad.csv", "a,b\n1,2\n3\n4,5\n")}, {}).ValueOrDie().rows, 2U);
}

}  // namespace
}  // namespace linkwright
