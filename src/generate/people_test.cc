#include "generate/people.h"

#include <arrow/array.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "base/thread_pool.h"
#include "generate/corruption.h"
#include "generate/row_shuffle.h"
#include "generate/vocabulary.h"
#include "generate/zipf_sampler.h"

namespace linkwright {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::shared_ptr<arrow::RecordBatch> people(uint64_t num_rows, uint64_t seed = 1, double duplicate_share = 0.2) {
  const PeopleGenerator generator =
      PeopleGenerator::make({.num_rows = num_rows, .seed = seed, .duplicate_share = duplicate_share}).ValueOrDie();
  return generator.batch(0, num_rows).ValueOrDie();
}

const arrow::StringArray& text(const arrow::RecordBatch& batch, const std::string& name) {
  return static_cast<const arrow::StringArray&>(*batch.GetColumnByName(name));
}

const arrow::Int64Array& numbers(const arrow::RecordBatch& batch, const std::string& name) {
  return static_cast<const arrow::Int64Array&>(*batch.GetColumnByName(name));
}

double share_of_nulls(const arrow::RecordBatch& batch, const std::string& name) {
  return static_cast<double>(batch.GetColumnByName(name)->null_count()) / static_cast<double>(batch.num_rows());
}

TEST(People, HaveTheColumnsOfTheSharedDataSet) {
  EXPECT_THAT(PeopleGenerator::schema()->field_names(),
              ElementsAre("unique_id", "first_name", "surname", "dob", "city", "postcode", "email", "cluster"));
  EXPECT_TRUE(people(10)->schema()->Equals(PeopleGenerator::schema()));
}

TEST(People, AreTheSameForASeed) { EXPECT_TRUE(people(5000, 7)->Equals(*people(5000, 7))); }

TEST(People, DifferForAnotherSeed) {
  const auto one = people(1000, 1);
  const auto other = people(1000, 2);
  for (const char* column : {"first_name", "surname", "dob", "city", "postcode", "email", "cluster"}) {
    EXPECT_FALSE(one->GetColumnByName(column)->Equals(other->GetColumnByName(column))) << column;
  }
}

// Written down once: a change of these values breaks everyone's stored data sets.
TEST(People, NeverChangeForSeedOne) {
  const auto batch = people(1000);
  ASSERT_TRUE(batch->ValidateFull().ok());
  EXPECT_THAT((std::vector<std::string>{text(*batch, "first_name").GetString(3), text(*batch, "surname").GetString(3),
                                        text(*batch, "dob").GetString(3), text(*batch, "city").GetString(3),
                                        text(*batch, "postcode").GetString(3)}),
              ElementsAre("jessica", "thafedio", "1984-04-01", "kevavait", "OZ111 7KS"));
}

TEST(People, DoNotDependOnHowRowsAreCutIntoBatches) {
  const PeopleGenerator generator = PeopleGenerator::make({.num_rows = 1000, .seed = 3}).ValueOrDie();
  const auto whole = generator.batch(0, 1000).ValueOrDie();
  EXPECT_TRUE(generator.batch(300, 450).ValueOrDie()->Equals(*whole->Slice(300, 450)));
}

TEST(People, AreTheSameOnManyThreads) {
  const PeopleGenerator generator = PeopleGenerator::make({.num_rows = 8000, .seed = 3}).ValueOrDie();
  const auto whole = generator.batch(0, 8000).ValueOrDie();
  std::vector<std::shared_ptr<arrow::RecordBatch>> parts(8);
  ThreadPool pool(4);
  ASSERT_TRUE(pool.for_each_chunk(
                      8, [&](size_t chunk, int) { return generator.batch(chunk * 1000, 1000).Value(&parts[chunk]); })
                  .ok());
  for (size_t chunk = 0; chunk < 8; ++chunk) {
    EXPECT_TRUE(parts[chunk]->Equals(*whole->Slice(static_cast<int64_t>(chunk) * 1000, 1000)));
  }
}

TEST(People, EndAtTheLastRow) {
  const PeopleGenerator generator = PeopleGenerator::make({.num_rows = 100}).ValueOrDie();
  EXPECT_EQ(generator.batch(90, 50).ValueOrDie()->num_rows(), 10);
  EXPECT_EQ(generator.batch(100, 50).ValueOrDie()->num_rows(), 0);
  EXPECT_EQ(generator.batch(1000, UINT64_MAX).ValueOrDie()->num_rows(), 0);
}

TEST(People, MayBeNoneOrOne) {
  EXPECT_EQ(people(0)->num_rows(), 0);
  EXPECT_EQ(people(1)->num_rows(), 1);
}

TEST(People, NumberTheirRecordsInOrder) {
  const auto batch = people(50);
  for (int64_t row = 0; row < 50; ++row) EXPECT_EQ(numbers(*batch, "unique_id").Value(row), row);
}

TEST(People, AreDuplicatedInTheShareAskedFor) {
  for (const double share : {0.0, 0.2, 0.5}) {
    const auto batch = people(20'000, 1, share);
    std::set<int64_t> clusters;
    for (int64_t row = 0; row < batch->num_rows(); ++row) clusters.insert(numbers(*batch, "cluster").Value(row));
    EXPECT_EQ(clusters.size(), 20'000 - static_cast<size_t>(20'000 * share)) << share;
  }
}

// 80 % clean records and 20 % copies: 0.8 * base + 0.2 * duplicate.
TEST(People, MissValuesInTheStatedShares) {
  const auto batch = people(100'000);
  const std::map<std::string, double> expected{{"first_name", .028}, {"surname", .016},  {"dob", .04},
                                               {"city", .06},        {"postcode", .072}, {"email", .17}};
  for (const auto& [column, share] : expected) EXPECT_NEAR(share_of_nulls(*batch, column), share, .005) << column;
}

TEST(People, ShareMostValuesWithTheirDuplicates) {
  const auto batch = people(50'000);
  std::map<int64_t, std::vector<int64_t>> records;
  for (int64_t row = 0; row < batch->num_rows(); ++row) records[numbers(*batch, "cluster").Value(row)].push_back(row);
  int64_t pairs = 0, equal_surnames = 0, equal_dates = 0;
  for (const auto& [person, rows] : records) {
    if (rows.size() != 2) continue;
    const auto& surname = text(*batch, "surname");
    const auto& dob = text(*batch, "dob");
    if (surname.IsNull(rows[0]) || surname.IsNull(rows[1]) || dob.IsNull(rows[0]) || dob.IsNull(rows[1])) continue;
    ++pairs;
    equal_surnames += surname.GetView(rows[0]) == surname.GetView(rows[1]);
    equal_dates += dob.GetView(rows[0]) == dob.GetView(rows[1]);
  }
  // A surname survives unless it has a typo (12 %, a few of which change nothing) or is swapped (2 %).
  EXPECT_NEAR(static_cast<double>(equal_surnames) / static_cast<double>(pairs), .865, .02);
  EXPECT_NEAR(static_cast<double>(equal_dates) / static_cast<double>(pairs), .95, .02);
}

TEST(People, HaveNamesOfVeryDifferentFrequency) {
  const auto batch = people(50'000);
  std::map<std::string, int> counts;
  for (int64_t row = 0; row < batch->num_rows(); ++row) ++counts[text(*batch, "first_name").GetString(row)];
  EXPECT_GT(counts["james"], 1000);
  EXPECT_GT(counts["james"], 2 * counts["john"]);
  EXPECT_GT(counts.size(), 3500U);
}

TEST(People, RefuseImpossibleOptions) {
  EXPECT_THAT(PeopleGenerator::make({.num_rows = 1, .duplicate_share = 1.0}).status().message(), HasSubstr("below 1"));
  EXPECT_THAT(PeopleGenerator::make({.num_rows = 1, .duplicate_share = -0.1}).status().message(),
              HasSubstr("at least 0"));
  EXPECT_THAT(PeopleGenerator::make({.num_rows = UINT64_MAX}).status().message(), HasSubstr("at most"));
}

TEST(RowShuffle, IsAPermutation) {
  for (const uint64_t num_rows : {1, 2, 3, 4, 5, 16, 17, 1000, 4096, 4097}) {
    const RowShuffle shuffle(num_rows, 5);
    std::set<uint64_t> seen;
    for (uint64_t row = 0; row < num_rows; ++row) {
      ASSERT_LT(shuffle(row), num_rows);
      seen.insert(shuffle(row));
    }
    EXPECT_EQ(seen.size(), num_rows);
  }
}

TEST(RowShuffle, LeavesFewRowsInPlace) {
  const RowShuffle shuffle(10'000, 1);
  int unmoved = 0;
  for (uint64_t row = 0; row < 10'000; ++row) unmoved += shuffle(row) == row;
  EXPECT_LT(unmoved, 20);
}

// Shares of ranks 0 and 9 under (rank + 3.7)^-1 over 100 ranks, whose weights sum to 3.3863 (harmonic sums).
TEST(ZipfSampler, DrawsRanksByTheirWeights) {
  const ZipfSampler sampler(100, 16);
  RandomStream random(1, 2, 3);
  std::map<uint32_t, int> counts;
  constexpr int kDraws = 200'000;
  for (int draw = 0; draw < kDraws; ++draw) ++counts[sampler(random)];
  double total = 0;
  for (int rank = 0; rank < 100; ++rank) total += 1 / (rank + 3.7);
  for (const uint32_t rank : {0U, 9U, 99U}) {
    EXPECT_NEAR(counts[rank] / double{kDraws}, 1 / (rank + 3.7) / total, 0.003) << rank;
  }
  EXPECT_EQ(counts.rbegin()->first, 99U);
}

TEST(InventWords, BeginWithTheGivenOnesAndRepeatNone) {
  const std::vector<std::string> words = invent_words(5000, 1, 3, 1, common_first_names());
  EXPECT_EQ(words[0], "james");
  EXPECT_EQ(std::set<std::string>(words.begin(), words.end()).size(), 5000U);
}

TEST(SwapDayAndMonth, ExchangesThemWhenBothAreMonths) {
  std::string date = "1980-03-12", late = "1980-03-13";
  swap_day_and_month(date);
  swap_day_and_month(late);
  EXPECT_EQ(date, "1980-12-03");
  EXPECT_EQ(late, "1980-03-13");
}

TEST(MakeDigitError, GivesADateAgain) {
  for (uint64_t i = 0; i < 1000; ++i) {
    RandomStream random(1, 1, i);
    std::string date = "2000-02-29";
    make_digit_error(date, random);
    EXPECT_EQ(date.size(), 10U);
    EXPECT_TRUE(date != "2001-02-29" && date.substr(5) != "00-29" && date.substr(8) != "00") << date;
  }
}

TEST(MakeTypo, ChangesTheLengthByAtMostOne) {
  for (uint64_t i = 0; i < 1000; ++i) {
    RandomStream random(1, 1, i);
    for (const std::string before : {"", "a", "ab", "catherine"}) {
      std::string after = before;
      make_typo(after, random);
      EXPECT_LE(std::max(after.size(), before.size()) - std::min(after.size(), before.size()), 1U);
      if (before.size() < 2) {
        EXPECT_EQ(after.size(), before.size() + 1);
      }
    }
  }
}

}  // namespace
}  // namespace linkwright
