#include "engine/job_records.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

namespace linkwright {
namespace {

using testing::HasSubstr;

// Reads one file of two records as the only input of a job with link_type link_only.
Result<RecordTable> read_single_input(const std::string& csv) {
  const std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / "job_records_test";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "people.csv") << csv;
  const nlohmann::ordered_json json = {{"inputs", {"people.csv"}},
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

}  // namespace
}  // namespace linkwright
