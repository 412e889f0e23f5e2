#include "block/candidate_pairs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <optional>
#include <tuple>
#include <vector>

#include "block/pair_condition.h"
#include "block/pair_filter.h"
#include "column/test_records.h"

namespace linkwright {
namespace {

using test::TextColumn;
using Found = std::tuple<uint32_t, uint32_t, uint32_t>;  // left, right, match key

std::vector<BlockingRule> parse_rules(const std::vector<std::string>& rules) {
  std::vector<BlockingRule> parsed;
  for (const std::string& rule : rules) parsed.push_back(BlockingRule::parse(rule).ValueOrDie());
  return parsed;
}

std::vector<Found> all_pairs(const CandidatePairs& pairs) {
  PairFilter filter(pairs);
  std::vector<Found> found;
  for (size_t u = 0; u < pairs.num_units(); ++u) {
    const PairUnit unit = pairs.unit(u);
    const Status status = pairs.for_each_tile(unit, [&](const PairTile& tile, uint32_t block) -> Status {
      ARROW_RETURN_NOT_OK(filter.load(unit, tile, block));
      std::vector<uint8_t> keep(tile.right_rows.size());
      for (size_t i = 0; i < tile.left_rows.size(); ++i) {
        ARROW_ASSIGN_OR_RAISE(const size_t kept, filter.keep(i, keep.data()));
        EXPECT_EQ(kept, static_cast<size_t>(std::count(keep.begin(), keep.end(), 1)));
        EXPECT_TRUE(!filter.keeps_all() || kept == tile.right_rows.size() - tile.first_right(i));
        for (size_t j = tile.diagonal ? i + 1 : 0; j < tile.right_rows.size(); ++j) {
          const RowPair pair{tile.left_rows[i], tile.right_rows[j]};
          EXPECT_EQ(filter.keeps(unit, block, pair).ValueOrDie(), keep[j] != 0);
          if (keep[j] != 0) found.emplace_back(pair.left, pair.right, pairs.match_key(unit));
        }
      }
      return Status::OK();
    });
    EXPECT_TRUE(status.ok()) << status;
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<Found> find_pairs(const RecordTable& records, const std::vector<std::string>& rules,
                              bool links_only = false) {
  ThreadPool pool(1);
  return all_pairs(CandidatePairs::make(parse_rules(rules), records, {links_only, {}}, pool).ValueOrDie());
}

// Blocks of 2 and 3 rows and one of 100, of which the first 64 are told.
TEST(CandidatePairs, TellsTheRowsOfTheNextTile) {
  TextColumn name{"name", {}};
  for (const auto& [value, count] : {std::pair("a", 2), std::pair("b", 3), std::pair("c", 100)}) {
    for (int row = 0; row < count; ++row) name.values.emplace_back(value);
  }
  const RecordTable records = test::records_of({name});
  ThreadPool pool(1);
  const auto pairs = CandidatePairs::make(parse_rules({"l.name = r.name"}), records, {}, pool).ValueOrDie();
  ASSERT_EQ(pairs.num_units(), 1);
  std::vector<uint32_t> told;
  std::vector<size_t> sizes;
  const Status visited = pairs.for_each_tile(pairs.unit(0), [&](const PairTile& tile, uint32_t) -> Status {
    EXPECT_TRUE(std::equal(told.begin(), told.end(), tile.right_rows.begin()));
    told.assign(tile.next_rows.begin(), tile.next_rows.end());
    sizes.push_back(told.size());
    return Status::OK();
  });
  EXPECT_TRUE(visited.ok()) << visited;
  EXPECT_THAT(sizes, testing::ElementsAre(3, 64, 0));
}

// What the rules mean, asked pair by pair: the specification in its plainest form.
std::vector<Found> pairs_by_definition(const RecordTable& records, const std::vector<std::string>& rules,
                                       bool links_only) {
  std::vector<PairCondition> conditions;
  for (const std::string& rule : rules) {
    conditions.push_back(PairCondition::make(Expression::parse(rule).ValueOrDie(), rule, records, {}).ValueOrDie());
  }
  std::vector<Found> found;
  for (uint32_t left = 0; left < records.num_rows(); ++left) {
    for (uint32_t right = left + 1; right < records.num_rows(); ++right) {
      if (links_only && records.source_of_row()[left] == records.source_of_row()[right]) continue;
      for (uint32_t rule = 0; rule < rules.size(); ++rule) {
        if (!conditions[rule].holds({left, right}).ValueOrDie()) continue;
        found.emplace_back(left, right, rule);
        break;
      }
    }
  }
  return found;
}

// Ten equalities over columns of 190 values: 76 bits of codes, which neither 64 bits of key nor those beside a row
// number hold. Row i and row i + 150 agree, except that every fifth row has a value of its own in the last column.
TEST(CandidatePairs, KeepsKeysApartThatNeedMoreThan64Bits) {
  constexpr int kColumns = 10;
  std::vector<TextColumn> columns;
  std::string same = "l.c0 = r.c0";
  std::string crossed = "l.c0 = r.c9 and l.c9 = r.c0";
  for (int c = 0; c < kColumns; ++c) {
    TextColumn column{"c" + std::to_string(c), {}};
    for (int row = 0; row < 300; ++row) {
      const bool own = c == kColumns - 1 && row % 5 == 0;
      column.values.emplace_back((own ? "own " : "v") + std::to_string(own ? row : row % 150));
    }
    if (c > 0) same += " and l." + column.name + " = r." + column.name;
    if (c > 0 && c < kColumns - 1) crossed += " and l." + column.name + " = r." + column.name;
    columns.push_back(std::move(column));
  }
  const RecordTable records = records_of(columns);
  for (const std::string& rule : {same, crossed}) {
    EXPECT_EQ(find_pairs(records, {rule}).size(), 120u);
    EXPECT_EQ(find_pairs(records, {rule}), pairs_by_definition(records, {rule}, false));
  }
}

TEST(CandidatePairs, MeetsRecordsThatShareAKeyOnce) {
  const RecordTable records = test::records_of({{"name", {"ann", "bob", "ann", "ann"}}});
  EXPECT_THAT(find_pairs(records, {"l.name = r.name"}),
              testing::ElementsAre(Found{0, 2, 0}, Found{0, 3, 0}, Found{2, 3, 0}));
}

TEST(CandidatePairs, NeverMeetsOnNull) {
  const RecordTable records = test::records_of({{"name", {std::nullopt, std::nullopt, "ann"}}});
  EXPECT_THAT(find_pairs(records, {"l.name = r.name"}), testing::IsEmpty());
}

TEST(CandidatePairs, GivesAPairToTheFirstRuleThatMakesIt) {
  const RecordTable records = test::records_of({{"name", {"ann", "ann", "bob"}}, {"dob", {"1", "1", "1"}}});
  EXPECT_THAT(find_pairs(records, {"l.name = r.name", "l.dob = r.dob"}),
              testing::ElementsAre(Found{0, 1, 0}, Found{0, 2, 1}, Found{1, 2, 1}));
}

TEST(CandidatePairs, ANullInAnEarlierRuleDoesNotExclude) {
  const RecordTable records = test::records_of({{"name", {std::nullopt, "ann"}}, {"dob", {"1", "1"}}});
  EXPECT_THAT(find_pairs(records, {"l.name = r.name", "l.dob = r.dob"}), testing::ElementsAre(Found{0, 1, 1}));
}

TEST(CandidatePairs, ReadsTheLeftRecordAsTheOneWithTheSmallerId) {
  const RecordTable records = test::records_of({{"first", {"ann", "lee", "ann"}}, {"last", {"lee", "ann", "x"}}});
  EXPECT_THAT(find_pairs(records, {"l.first = r.last"}), testing::ElementsAre(Found{0, 1, 0}));
  EXPECT_THAT(find_pairs(records, {"l.last = r.first"}), testing::ElementsAre(Found{0, 1, 0}, Found{1, 2, 0}));
}

TEST(CandidatePairs, AppliesWhatIsNoEqualityAsAFilter) {
  const RecordTable records = test::records_of({{"name", {"ann", "ann", "ann"}}, {"city", {"rome", "rome", "roma"}}});
  EXPECT_THAT(find_pairs(records, {"l.name = r.name AND levenshtein(l.city, r.city) = 1"}),
              testing::ElementsAre(Found{0, 2, 0}, Found{1, 2, 0}));
}

TEST(CandidatePairs, TakesTheBranchesOfAnOrApart) {
  const BlockingRule rule = BlockingRule::parse("l.a = r.a OR (l.b = r.b AND l.c = r.c)").ValueOrDie();
  ASSERT_EQ(rule.arms.size(), 2u);
  EXPECT_EQ(rule.arms[1].keys.size(), 2u);
}

TEST(CandidatePairs, WithoutRulesMeetsEveryPair) {
  const RecordTable records = test::records_of({{"name", {"a", "b", std::nullopt}}});
  EXPECT_EQ(find_pairs(records, {}).size(), 3u);
}

TEST(CandidatePairs, CutsALargeBlockIntoTilesWithoutLosingAPair) {
  const size_t rows = 2 * CandidatePairs::kTileRows + 7;
  const RecordTable records = test::records_of({{"name", test::Texts(rows, "x")}});
  ThreadPool pool(1);
  const CandidatePairs pairs = CandidatePairs::make(parse_rules({"l.name = r.name"}), records, {}, pool).ValueOrDie();
  EXPECT_EQ(pairs.num_units(), 6u);
  EXPECT_EQ(pairs.num_pairs_before_exclusion(), rows * (rows - 1) / 2);
}

// A large block between small ones: every unit is found by its number, and together they have all pairs.
TEST(CandidatePairs, FindsEveryUnitByItsNumber) {
  test::Texts names(CandidatePairs::kTileRows + 5, "m");
  for (const char* name : {"a", "a", "z", "z", "z"}) names.emplace_back(name);
  const RecordTable records = test::records_of({{"name", names}});
  ThreadPool pool(1);
  const CandidatePairs pairs =
      CandidatePairs::make(parse_rules({"l.name = r.name", "l.name = r.name AND 1 = 1"}), records, {}, pool)
          .ValueOrDie();
  uint64_t total = 0;
  for (size_t u = 0; u < pairs.num_units(); ++u) {
    const PairUnit unit = pairs.unit(u);
    uint64_t of_tiles = 0;
    ASSERT_TRUE(pairs
                    .for_each_tile(unit,
                                   [&](const PairTile& tile, uint32_t) {
                                     of_tiles += tile.num_pairs();
                                     return Status::OK();
                                   })
                    .ok());
    EXPECT_EQ(unit.num_pairs, of_tiles) << u;
    total += of_tiles;
  }
  EXPECT_EQ(total, pairs.num_pairs_before_exclusion());
  EXPECT_EQ(pairs.num_pairs_before_exclusion(0), pairs.num_pairs_before_exclusion(1));
}

TEST(CandidatePairs, NamesTheLargestBlocksFirst) {
  const RecordTable records =
      test::records_of({{"name", {"a", "b", "b", "c", "c", "c", "d", "d", "e", "a", std::nullopt}}});
  ThreadPool pool(1);
  const CandidatePairs pairs = CandidatePairs::make(parse_rules({"l.name = r.name"}), records, {}, pool).ValueOrDie();
  std::vector<std::pair<uint64_t, uint32_t>> largest;
  for (const CandidatePairs::BlockSize& block : pairs.largest_blocks(0, 3)) {
    largest.emplace_back(block.num_pairs, block.example_row);
  }
  EXPECT_THAT(largest, testing::ElementsAre(std::pair(3u, 3u), std::pair(1u, 0u), std::pair(1u, 1u)));
  EXPECT_TRUE(pairs.largest_blocks(0, 0).empty());
  EXPECT_EQ(pairs.largest_blocks(0, 9).size(), 4u);
}

TEST(CandidatePairs, OnlyLinksAcrossDatasetsWhenAsked) {
  const RecordTable records = test::linked_records_of({{{"name", {"x", "x"}}}, {{"name", {"x"}}}, {{"name", {"x"}}}});
  EXPECT_THAT(find_pairs(records, {"l.name = r.name"}, true),
              testing::ElementsAre(Found{0, 2, 0}, Found{0, 3, 0}, Found{1, 2, 0}, Found{1, 3, 0}, Found{2, 3, 0}));
}

TEST(BlockingRule, WantsToKnowWhichRecordAColumnIsOf) {
  const auto rule = BlockingRule::parse("name = r.name");
  EXPECT_THAT(rule.status().message(), testing::HasSubstr("write l.name or r.name"));
}

// A key and a filter are parts of a rule, and their errors point into the whole of it.
TEST(BlockingRule, PointsAtWhatIsWrongInTheRuleAsItIsWritten) {
  const RecordTable records = test::records_of({{"name", {"ann", "ann"}}});
  ThreadPool pool(1);
  for (const std::string& rule :
       {std::string("l.name = r.name AND  l.nane = r.nane"), std::string("l.name = r.name AND  l.nane <> r.name")}) {
    const auto pairs = CandidatePairs::make(parse_rules({rule}), records, {}, pool);
    EXPECT_THAT(pairs.status().message(),
                testing::HasSubstr("did you mean 'name'?\n  " + rule + "\n" + std::string(2 + 21, ' ') + "^"))
        << rule;
  }
}

class ExplodedLists : public testing::Test {
 protected:
  ExplodedLists() {
    const std::vector<TextColumn> columns = {{"words", {"a b", "b c", "d"}}};
    RecordTableOptions options = test::all_columns(columns);
    options.derived = {{"tags", "string_split(words, ' ')"}};
    records_.emplace(RecordTable::make({{"people", test::text_table(columns)}}, options, pool_).ValueOrDie());
  }

  Result<CandidatePairs> pairs(const std::string& rule, const std::string& array) {
    return CandidatePairs::make({BlockingRule::parse(rule, {array}).ValueOrDie()}, *records_, {}, pool_);
  }

  ThreadPool pool_{1};
  std::optional<RecordTable> records_;
};

TEST_F(ExplodedLists, AreFoundWhateverTheCaseOfTheirNames) {
  for (const char* array : {"tags", "Tags"}) {
    for (const char* rule : {"l.tags = r.tags", "l.TAGS = r.tags", "l.TAGS = r.TAGS"}) {
      EXPECT_THAT(all_pairs(pairs(rule, array).ValueOrDie()), testing::ElementsAre(Found{0, 1, 0}))
          << rule << " explodes " << array;
    }
  }
}

TEST_F(ExplodedLists, MustBeLists) {
  EXPECT_THAT(pairs("l.words = r.words", "words").status().message(),
              testing::HasSubstr("column 'words' is text; only lists can be in arrays_to_explode"));
}

TEST_F(ExplodedLists, StandInEqualitiesOnly) {
  EXPECT_THAT(pairs("l.words = r.words AND list_contains(l.Tags, r.words)", "tags").status().message(),
              testing::HasSubstr("'Tags' is exploded, so it may stand in equalities only"));
}

TEST(BlockingRule, WantsBothSidesOfAKeyToBeOfOneType) {
  const RecordTable records = test::records_of({{"name", {"ann", "ann"}}});
  ThreadPool pool(1);
  const auto pairs = CandidatePairs::make(parse_rules({"l.name = strlen(r.name)"}), records, {}, pool);
  EXPECT_THAT(pairs.status().message(), testing::HasSubstr("the key l.name is text and strlen(r.name) is integer"));
}

// Random tables and rules against the definition.
RC_GTEST_PROP(CandidatePairs, AreThoseOfTheDefinition, ()) {
  const auto value = rc::gen::element<std::optional<std::string>>("a", "b", "ab", "", std::nullopt);
  const size_t rows = *rc::gen::inRange<size_t>(1, 40);
  std::vector<TextColumn> columns;
  for (const char* name : {"p", "q", "s"}) columns.push_back({name, *rc::gen::container<test::Texts>(rows, value)});
  const auto rule =
      rc::gen::element<std::string>("l.p = r.p", "l.q = r.q AND l.s = r.s", "l.p = r.q", "l.p = r.q AND l.q = r.p",
                                    "substr(l.p, 1, 1) = substr(r.p, 1, 1)", "l.p = r.p OR l.q = r.q",
                                    "l.s = r.s AND l.p <> r.p", "r.s = l.p", "l.p || l.q = r.p || r.q");
  const auto rules = *rc::gen::container<std::vector<std::string>>(*rc::gen::inRange<size_t>(1, 4), rule);
  const bool link = *rc::gen::arbitrary<bool>();
  const RecordTable records = link ? test::linked_records_of({columns, columns}) : test::records_of(columns);
  RC_ASSERT(find_pairs(records, rules, link) == pairs_by_definition(records, rules, link));
}

}  // namespace
}  // namespace linkwright
