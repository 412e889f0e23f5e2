#include "kernel/survey.h"

#include <arrow/array.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "engine/test_folder.h"
#include "kernel/frequency_file.h"
#include "kernel/parcel_stream.h"
#include "kernel/test_partitions.h"

namespace linkwright {
namespace {

using test::Json;
using test::TablePtr;
using testing::HasSubstr;

class SurveyOfPeople : public test::InFolder {
 protected:
  static constexpr int64_t kPeople = 500;

  // Every third person lives in one city, the others in cities of their own or in none; names are of ten.
  static TablePtr people() {
    std::vector<int64_t> ids;
    std::vector<std::string> names;
    arrow::StringBuilder cities;
    for (int64_t i = 0; i < kPeople; ++i) {
      ids.push_back(i * 7);
      names.push_back("name " + std::to_string(i % 10));
      const Status appended = i % 3 == 0   ? cities.Append("York")
                              : i % 3 == 1 ? cities.Append(std::to_string(i))
                                           : cities.AppendNull();
      EXPECT_TRUE(appended.ok());
    }
    const auto id_array = test::array_of<arrow::Int64Builder>(ids);
    const auto name_array = test::array_of<arrow::StringBuilder>(names);
    const auto city_array = cities.Finish().ValueOrDie();
    return arrow::Table::Make(arrow::schema({arrow::field("unique_id", arrow::int64()),
                                             arrow::field("name", arrow::utf8()), arrow::field("city", arrow::utf8())}),
                              {id_array, name_array, city_array});
  }

  LinkageJob job() const {
    const Json json = {{"inputs", {"people.parquet"}},
                       {"settings",
                        {{"link_type", "dedupe_only"},
                         {"comparisons", {{{"comparison", "ExactMatch"}, {"column", "name"}}}},
                         {"blocking_rules_to_generate_predictions", {"l.city = r.city"}}}},
                       {"predict", Json::object()}};
    std::ofstream(folder_ / "people.parquet") << "not read";
    return LinkageJob::from_json(json, folder_.string(), "job.json").ValueOrDie();
  }

  // Rows of lw_side, lw_rows, lw_id and lw_key.
  std::vector<std::string> describe(const LinkageJob& of, const std::vector<uint64_t>& blocks) const {
    const Json task = {{"operation", "describe_blocks"}, {"job", of.to_json()}, {"blocks", blocks}};
    const auto found = test::run_kernel(task, people()).ValueOrDie();
    std::vector<std::string> rows;
    for (int64_t i = 0; i < found->num_rows(); ++i) {
      std::string& row = rows.emplace_back();
      for (const char* name : {"lw_rule", "lw_side", "lw_rows", "lw_id", "lw_key"}) {
        row += found->GetColumnByName(name)->GetScalar(i).ValueOrDie()->ToString() + " ";
      }
    }
    return rows;
  }

  std::vector<SurveyRow> survey(const TablePtr& rows) const {
    const Json task = {{"operation", "survey"}, {"job", job().to_json()}, {"count_values", {"name", "city"}}};
    const auto reader = test::start_kernel(task.dump(), test::reader_of(rows, 64)).ValueOrDie();
    std::vector<SurveyRow> found;
    while (const auto batch = reader->Next().ValueOrDie()) {
      for (SurveyRow& row : survey_rows(*batch).ValueOrDie()) found.push_back(std::move(row));
    }
    return found;
  }
};

TEST_F(SurveyOfPeople, CountsThemAndTheirValues) {
  std::map<std::string, int64_t> distinct;
  for (const SurveyRow& row : survey(people())) {
    if (row.kind == SurveyKind::kRecords) {
      EXPECT_EQ(row.rows->num_rows(), kPeople);
    }
    if (row.kind == SurveyKind::kValues) distinct[row.name] = row.rows->num_rows();
    if (row.kind == SurveyKind::kDatasets) {
      EXPECT_EQ(static_cast<const arrow::Int64Array&>(*row.rows->column(1)).Value(0), kPeople);
      EXPECT_EQ(static_cast<const arrow::Int64Array&>(*row.rows->column(2)).Value(0), 0);
    }
    if (row.kind == SurveyKind::kBlocks) {
      ASSERT_EQ(row.rows->num_rows(), 1) << "York";
      EXPECT_EQ(static_cast<const arrow::Int64Array&>(*row.rows->column(1)).Value(0), (kPeople + 2) / 3);
    }
  }
  EXPECT_EQ(distinct, (std::map<std::string, int64_t>{{"name", 10}, {"city", 1 + (kPeople + 1) / 3}}));
}

TEST_F(SurveyOfPeople, TellsWhatIsInALargeBlock) {
  std::vector<uint64_t> york;
  for (const SurveyRow& row : survey(people())) {
    if (row.kind != SurveyKind::kBlocks) continue;
    york.push_back(static_cast<const arrow::UInt64Array&>(*row.rows->column(0)).Value(0));
  }
  LinkageJob of = job();
  EXPECT_THAT(describe(of, york), testing::ElementsAre("0 0 167 0 'York' "));
  EXPECT_THAT(describe(of, {}), testing::IsEmpty());
  // Half of the name against the city: another rule, and the key has two sides.
  of.model.blocking_rules = {{"l.name = r.name", "duckdb", {}}, {"'Y' || l.name = r.city || 'name'", "duckdb", {}}};
  EXPECT_THAT(describe(of, york), testing::IsEmpty());
  of.model.blocking_rules[1].sql = "replace(l.name, 'name 3', 'York') = r.city";
  EXPECT_THAT(describe(of, york), testing::ElementsAre("1 1 50 21 'York' ", "1 2 167 0  "));
}

TEST_F(SurveyOfPeople, GivesExecutorsTheFrequenciesOfAllRecords) {
  TermFrequencies counted;
  for (const TablePtr& half : {people()->Slice(0, 100), people()->Slice(100)}) {
    for (const SurveyRow& row : survey(half)) {
      if (row.kind != SurveyKind::kValues) continue;
      ASSERT_TRUE(counted.add_counts(row.name, *row.rows).ok());
    }
  }
  const std::string path = (folder_ / "frequencies").string();
  std::ofstream(path, std::ios::binary) << counted.to_bytes();
  const TermFrequencies read = TermFrequencies::read(path).ValueOrDie();
  const EncodedColumn city = encode_column("city", *people()->GetColumnByName("city")).ValueOrDie();
  const std::vector<double> of_codes = read.of_codes(city).ValueOrDie();
  const TermFrequencyRanks ranks = rank_term_frequencies(city).ValueOrDie();
  for (uint32_t code = 0; code < city.num_codes(); ++code) EXPECT_EQ(of_codes[code], ranks.frequency(code));
  EXPECT_FALSE(read.has("unique_id"));
  const EncodedColumn other = {
      "city", city.type, {1}, test::array_of<arrow::StringBuilder>(std::vector<std::string>{"?"})};
  EXPECT_THAT(read.of_codes(other).status().message(), HasSubstr("column 'city' was not there"));
}

TEST_F(SurveyOfPeople, RefusesDamagedFrequencies) {
  const std::string path = (folder_ / "frequencies").string();
  EXPECT_THAT(TermFrequencies::read(path).status().message(), HasSubstr("cannot be read"));
  TermFrequencies counted;
  for (const SurveyRow& row : survey(people())) {
    if (row.kind != SurveyKind::kValues) continue;
    ASSERT_TRUE(counted.add_counts(row.name, *row.rows).ok());
  }
  const std::string bytes = counted.to_bytes();
  for (size_t i = 0; i < bytes.size(); i += 37) {
    std::string changed = bytes;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    std::ofstream(path, std::ios::binary) << changed;
    EXPECT_THAT(TermFrequencies::read(path).status().message(), HasSubstr("no term frequencies, or damaged ones"));
  }
}

}  // namespace
}  // namespace linkwright
