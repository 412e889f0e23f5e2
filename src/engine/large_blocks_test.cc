#include "engine/large_blocks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "column/test_records.h"

namespace linkwright {
namespace {

using testing::HasSubstr;

// `constant` of 6,000 people share a telephone number, the others have one of their own or with one other.
test::Texts telephones(size_t constant) {
  test::Texts numbers;
  for (size_t i = 0; i < 6000; ++i) numbers.emplace_back(i < constant ? "00000" : "0" + std::to_string(10000 + i / 2));
  return numbers;
}

std::vector<LargeBlock> find(const RecordTable& records, const std::vector<std::string>& rules) {
  std::vector<BlockingRule> parsed;
  for (const std::string& rule : rules) parsed.push_back(BlockingRule::parse(rule).ValueOrDie());
  ThreadPool pool(1);
  const CandidatePairs pairs = CandidatePairs::make(std::move(parsed), records, {}, pool).ValueOrDie();
  return find_large_blocks(pairs, records, {}).ValueOrDie();
}

TEST(LargeBlocks, NameRuleValueAndShareOfAPlaceholder) {
  const RecordTable records = test::records_of({{"telephone", telephones(2000)}});
  const std::vector<LargeBlock> found = find(records, {"l.telephone = r.telephone"});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].rule, 0u);
  EXPECT_EQ(found[0].key, "'00000'");
  EXPECT_EQ(found[0].rows, 2000u);
  EXPECT_EQ(found[0].pairs, 2000u * 1999 / 2);
  EXPECT_NEAR(found[0].share, 0.999, 0.001);
  EXPECT_THAT(found[0].to_text(), testing::AllOf(HasSubstr("l.telephone = r.telephone"), HasSubstr("'00000'"),
                                                 HasSubstr("1999000 pairs"), HasSubstr("100 % of all")));
}

// 1,200 records are 720 thousand pairs: nearly all of the job, but a matter of milliseconds.
TEST(LargeBlocks, LeaveOutWhatCostsNothing) {
  const RecordTable records = test::records_of({{"telephone", telephones(1200)}});
  EXPECT_TRUE(find(records, {"l.telephone = r.telephone"}).empty());
}

// 2.2 of 20 million pairs, and then of 38.
TEST(LargeBlocks, LeaveOutWhatIsASmallPartOfTheJob) {
  const RecordTable records =
      test::records_of({{"telephone", telephones(2100)}, {"all", test::Texts(6000, "the same")}});
  const auto rules_of = [](const std::vector<LargeBlock>& found) {
    std::vector<size_t> rules;
    for (const LargeBlock& block : found) rules.push_back(block.rule);
    return rules;
  };
  EXPECT_THAT(rules_of(find(records, {"l.telephone = r.telephone", "l.all = r.all"})), testing::ElementsAre(0, 1));
  EXPECT_THAT(rules_of(find(records, {"l.telephone = r.telephone", "l.all = r.all", "l.all = r.all AND 1 = 1"})),
              testing::ElementsAre(1, 2));
}

TEST(LargeBlocks, ShowEveryValueOfAKey) {
  const RecordTable records = test::records_of({{"telephone", telephones(2000)}, {"town", test::Texts(6000, "Leeds")}});
  const std::vector<LargeBlock> found = find(records, {"substr(l.telephone, 1, 3) = substr(r.telephone, 1, 3) AND "
                                                       "l.town = r.town"});
  std::vector<std::string> keys;
  for (const LargeBlock& block : found) keys.push_back(block.key);
  EXPECT_THAT(keys, testing::ElementsAre("'000', 'Leeds'", "'011', 'Leeds'", "'012', 'Leeds'"));
}

TEST(LargeBlocks, AreNoneWhereEverythingIsToBeCompared) {
  const RecordTable records = test::records_of({{"telephone", telephones(0)}});
  EXPECT_TRUE(find(records, {"1 = 1"}).empty());
}

}  // namespace
}  // namespace linkwright
