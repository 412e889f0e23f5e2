#include "engine/job_records.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

namespace linkwright {
namespace {

using testing::HasSubstr;
using Json = nlohmann::ordered_json;

// Reads one file of two records as the only input of a job with link_type link_only, with the input's "types".
Result<RecordTable> read_single_input(const std::string& csv, const Json& types = Json::object()) {
  const std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / "job_records_test";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "people.csv") << csv;
  const Json input = {{"path", "people.csv"}, {"types", types}};
  const Json json = {{"inputs", Json::array({input})},
                     {"settings",
                      {{"link_type", "link_only"},
                       {"comparisons", {{{"comparison", "ExactMatch"}, {"column", "name"}}}},
                       {"blocking_rules_to_generate_predictions", {"l.name = r.name"}}}}};
  ARROW_ASSIGN_OR_RAISE(const LinkageJob job, LinkageJob::from_json(json, folder.string(), "job.json"));
  RunResources resources(/*threads=*/1);
  RunReport report;
  return read_records(job, {}, resources.context(), &report);
}

TEST(JobRecords, OfOneDatasetCannotBeLinked) {
  const std::string message = read_single_input("unique_id,name\n1,ann\n2,bob\n").status().message();
  EXPECT_THAT(message, HasSubstr("all of these are of one ('people')"));
  EXPECT_THAT(message, HasSubstr("give the other dataset as a second input"));
}

TEST(JobRecords, OfOneFileMayNameTheirDatasets) {
  const auto records = read_single_input("unique_id,name,source_dataset\n1,ann,a\n2,bob,b\n");
  ASSERT_TRUE(records.ok()) << records.status();
  EXPECT_EQ(records->source_names().size(), 2U);
}

constexpr const char* kDates = "unique_id,name,source_dataset\n1,1990-02-03,a\n2,,b\n";

TEST(JobRecords, MayBeGivenTypes) {
  EXPECT_EQ(read_single_input(kDates)->column_type("name").ValueOrDie().kind, ValueKind::kText);
  const auto records = read_single_input(kDates, {{"name", "date"}});
  ASSERT_TRUE(records.ok()) << records.status();
  EXPECT_EQ(records->column_type("name").ValueOrDie().kind, ValueKind::kDate);
}

TEST(JobRecords, ThatAreNotOfTheirTypeAreNamed) {
  const std::string message = read_single_input(kDates, {{"name", "integer"}}).status().message();
  EXPECT_THAT(message, HasSubstr("input 'people', column 'name' of \"types\": is no integer in record 1"));
  EXPECT_THAT(read_single_input(kDates, {{"nam", "date"}}).status().message(), HasSubstr("did you mean 'name'"));
}

}  // namespace
}  // namespace linkwright
