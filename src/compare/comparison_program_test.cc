#include "compare/comparison_program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "column/test_records.h"
#include "compare/level_counts.h"
#include "compare/pair_comparer.h"
#include "compare/symmetry.h"
#include "compare/test_levels.h"
#include "compare/tile_comparer.h"

namespace linkwright {
namespace {

using test::comparison_of;
using test::level_by_sql;

std::vector<uint32_t> all_rows(const RecordTable& records) {
  std::vector<uint32_t> rows(records.num_rows());
  for (uint32_t row = 0; row < rows.size(); ++row) rows[row] = row;
  return rows;
}

const std::vector<std::vector<std::string>> kComparisons = {
    {"\"p_l\" IS NULL OR \"p_r\" IS NULL", "\"p_l\" = \"p_r\"", "jaro_winkler_similarity(\"p_l\", \"p_r\") >= 0.9",
     "jaro_winkler_similarity(\"p_l\", \"p_r\") >= 0.7", "ELSE"},
    {"p_l IS NULL OR p_r IS NULL", "levenshtein(p_l, p_r) <= 1", "damerau_levenshtein(p_l, p_r) < 3", "ELSE"},
    {"(p_l IS NULL OR p_r IS NULL) AND (q_l IS NULL OR q_r IS NULL)", "p_l = p_r AND q_l = q_r",
     "p_l = q_r AND p_r = q_l", "(jaro_similarity(p_l, p_r) >= 0.8) AND (jaro_similarity(q_l, q_r) >= 0.8)",
     "q_l = q_r", "ELSE"},
    {"p_l IS NULL OR q_r IS NULL", "p_l = q_r", "levenshtein(p_l, q_r) <= 1", "ELSE"},
    {"NOT (p_l = p_r)", "substr(p_l, 1, 2) = substr(q_r, 1, 2)"},
    {"lower(p_l) = 'ab'", "jaro_winkler_similarity(p_l, p_r) < 0.5", "length(p_l) > length(q_r)", "ELSE"},
    {"p_l || q_l = p_r || q_r", "abs(length(p_l) - length(p_r)) <= 1", "ELSE"},
    {"p_l IS NULL", "abs(length(p_l) - length(p_r)) > 3",
     "levenshtein(p_l, p_r) < 2 OR jaro_similarity(p_l, p_r) > 0.8", "p_r IS NOT NULL"},
    {"damerau_levenshtein(p_l, p_r) <= 3 OR p_r IS NULL", "jaro_winkler_similarity(p_l, p_r) >= 0", "ELSE"},
    // Conditions that fail for some values stand behind levels that keep those away.
    {"nullif(p_l, '') IS NULL OR nullif(p_r, '') IS NULL", "p_l = p_r", "jaccard(p_l, p_r) >= 0.6", "ELSE"},
    {"p_l = '' OR p_r = '' OR q_l = q_r", "jaccard(p_l, p_r) > 0.4", "p_l = q_r", "ELSE"},
    {"p_l <> '' AND p_r <> '' AND jaccard(p_l, p_r) > 0.5", "jaro_similarity(q_l, q_r) > 0.5", "ELSE"},
    {"length(p_l) <> length(p_r) OR p_l = ''", "hamming(p_l, p_r) <= 1", "ELSE"},
    {"length(p_l) = 0", "length(q_r) // length(p_l) = 1", "length(q_r) % length(p_l) = 1", "ELSE"},
    {"try_strptime(p_l, '%Y') IS NULL", "epoch(strptime(p_l, '%Y')) > length(q_r)", "ELSE"},
    {"try_cast(p_l AS INTEGER) IS NULL OR q_l = 'a'", "cast(p_l AS INTEGER) = length(q_r)", "ELSE"},
};

RC_GTEST_PROP(ComparisonProgram, GivesTheLevelsOfTheSql, ()) {
  const auto value = rc::gen::weightedOneOf<std::optional<std::string>>(
      {{1, rc::gen::just(std::optional<std::string>())},
       {6, rc::gen::map(rc::gen::container<std::string>(rc::gen::element('a', 'b', 'c')),
                        [](std::string text) { return std::optional(std::move(text)); })}});
  // More than are compared at a time now and then.
  const size_t rows =
      *rc::gen::weightedOneOf<size_t>({{15, rc::gen::inRange<size_t>(2, 40)}, {1, rc::gen::just<size_t>(90)}});
  const RecordTable records = test::records_of(
      {{"p", *rc::gen::container<test::Texts>(rows, value)}, {"q", *rc::gen::container<test::Texts>(rows, value)}});
  std::vector<Comparison> comparisons;
  for (const auto& conditions : kComparisons) comparisons.push_back(comparison_of(conditions));
  const auto program = ComparisonProgram::compile(comparisons, records, {}).ValueOrDie();

  const std::vector<uint32_t> ids = all_rows(records);
  const PairTile tile{ids, ids, true};
  const auto wanted = *rc::gen::container<std::vector<bool>>(comparisons.size(), rc::gen::arbitrary<bool>());
  std::vector<size_t> chosen;
  for (size_t c = 0; c < comparisons.size(); ++c) {
    if (wanted[c]) chosen.push_back(c);
  }
  const ComparisonProgram::Choice choice = program->choose(chosen);
  TileComparer comparer(choice);
  PairComparer pair_comparer(choice);
  RC_ASSERT(comparer.load(tile).ok());
  std::vector<AgreementPattern> patterns(rows);
  for (uint32_t i = 0; i < rows; ++i) {
    RC_ASSERT(comparer.compare_row(i, i + 1, patterns.data()).ok());
    for (uint32_t j = i + 1; j < rows; ++j) {
      const RowPair pair{i, j};
      AgreementPattern alone = 0;
      RC_ASSERT(pair_comparer.compare({&pair, 1}, &alone).ok());
      RC_ASSERT(alone == patterns[j]);
      for (size_t c = 0; c < chosen.size(); ++c) {
        RC_ASSERT(choice.patterns.level(patterns[j], c) ==
                  level_by_sql(comparisons[chosen[c]], records, pair).ValueOrDie());
      }
    }
  }
}

RC_GTEST_PROP(PairComparer, DropsTheHopelessAndNoOthers, ()) {
  const auto value = rc::gen::element<std::optional<std::string>>("ab", "abc", "b", "abcd", "", std::nullopt);
  const size_t rows = *rc::gen::inRange<size_t>(2, 12);
  const RecordTable records = test::records_of(
      {{"p", *rc::gen::container<test::Texts>(rows, value)}, {"q", *rc::gen::container<test::Texts>(rows, value)}});
  std::vector<Comparison> comparisons;
  for (const auto& conditions : kComparisons) comparisons.push_back(comparison_of(conditions));
  const auto program = ComparisonProgram::compile(comparisons, records, {}).ValueOrDie();
  const ComparisonProgram::Choice choice = program->all();
  LevelBounds bounds;
  for (size_t c = 0; c < comparisons.size(); ++c) {
    const auto most = rc::gen::weightedOneOf<double>(
        {{8, rc::gen::map(rc::gen::inRange(-10, 10), [](int weight) { return static_cast<double>(weight); })},
         {1, rc::gen::element(-std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity())}});
    bounds.most.push_back(*rc::gen::container<std::vector<double>>(choice.patterns.num_levels(c) + 1, most));
    auto& of_equal_values = bounds.of_equal_values.emplace_back();
    if (*rc::gen::arbitrary<bool>()) continue;
    const size_t level = *rc::gen::inRange<size_t>(0, choice.patterns.num_levels(c));
    const EncodedColumn* column = records.column(*rc::gen::element<std::string>("p", "q")).ValueOrDie();
    of_equal_values = {level, column, {}};
    for (uint32_t code = 0; code <= rows; ++code) {
      of_equal_values->most.push_back(bounds.most[c][level] - *rc::gen::inRange(0, 10));
    }
  }
  bounds.needed = *rc::gen::inRange(-20, 20);

  std::vector<RowPair> pairs;
  for (uint32_t i = 0; i < rows; ++i) {
    for (uint32_t j = i + 1; j < rows; ++j) pairs.push_back({i, j});
  }
  PairComparer comparer(choice);
  std::vector<AgreementPattern> patterns(pairs.size());
  RC_ASSERT(comparer.compare(pairs, patterns.data()).ok());
  std::vector<RowPair> hopeful = pairs;
  std::vector<AgreementPattern> hopeful_patterns;
  RC_ASSERT(comparer.compare_hopeful(bounds, &hopeful, &hopeful_patterns).ok());
  size_t kept = 0;
  for (size_t p = 0; p < pairs.size(); ++p) {
    if (kept < hopeful.size() && hopeful[kept] == pairs[p]) {
      RC_ASSERT(hopeful_patterns[kept++] == patterns[p]);
      continue;
    }
    double sum = 0;
    for (size_t c = 0; c < comparisons.size(); ++c) {
      const size_t level = choice.patterns.level(patterns[p], c);
      const auto& equal = bounds.of_equal_values[c];
      const uint32_t code = equal ? equal->column->codes[pairs[p].left] : 0;
      const bool closer = equal && equal->level == level && code == equal->column->codes[pairs[p].right];
      sum += closer ? equal->most[code] : bounds.most[c][level];
    }
    RC_ASSERT(!(sum >= bounds.needed));
  }
  RC_ASSERT(kept == hopeful.size());
}

RC_GTEST_PROP(LevelCounts, AreThoseOfAllPairs, ()) {
  const auto value = rc::gen::element<std::optional<std::string>>("ab", "abc", "b", "abcd", "", std::nullopt);
  const size_t rows = *rc::gen::inRange<size_t>(1, 60);
  const std::vector<test::TextColumn> columns = {{"p", *rc::gen::container<test::Texts>(rows, value)},
                                                 {"q", *rc::gen::container<test::Texts>(rows, value)}};
  const bool link = *rc::gen::arbitrary<bool>();
  const RecordTable records = link ? test::linked_records_of({columns, columns}) : test::records_of(columns);
  const Comparison comparison = comparison_of(*rc::gen::elementOf(kComparisons));
  std::vector<uint64_t> expected(comparison.levels.size() + 1);
  for (uint32_t left = 0; left < records.num_rows(); ++left) {
    for (uint32_t right = left + 1; right < records.num_rows(); ++right) {
      if (link && records.source_of_row()[left] == records.source_of_row()[right]) continue;
      ++expected[level_by_sql(comparison, records, {left, right}).ValueOrDie()];
    }
  }
  ThreadPool pool(2);
  const auto program = ComparisonProgram::compile({comparison_of({"p_l = q_r"}), comparison}, records, {}).ValueOrDie();
  const auto counts =
      count_levels_of_all_pairs(*program, 1, records, all_rows(records), link, pool, nullptr).ValueOrDie();
  RC_ASSERT(counts == expected);
}

TEST(ComparisonProgram, NamesComparisonAndLevelOfAnError) {
  const RecordTable records = test::records_of({{"p", {"a"}}});
  const auto program =
      ComparisonProgram::compile({comparison_of({"p_l = p_r", "lvenshtein(p_l, p_r) < 2"})}, records, {});
  EXPECT_THAT(program.status().message(), testing::HasSubstr("comparison 'c', level 2"));
  EXPECT_THAT(program.status().message(), testing::HasSubstr("levenshtein"));
}

struct SymmetryCase {
  const char* condition;
  bool symmetric;

  friend std::ostream& operator<<(std::ostream& out, const SymmetryCase& tested) { return out << tested.condition; }
};

class Symmetry : public testing::TestWithParam<SymmetryCase> {};
INSTANTIATE_TEST_SUITE_P(Conditions, Symmetry,
                         testing::Values(SymmetryCase{"p_l = p_r", true}, SymmetryCase{"p_l = q_r", false},
                                         SymmetryCase{"p_l = q_r AND p_r = q_l", true},
                                         SymmetryCase{"p_l IS NULL OR p_r IS NULL", true},
                                         SymmetryCase{"p_l IS NULL", false},
                                         SymmetryCase{"levenshtein(p_l, p_r) <= 2", true},
                                         SymmetryCase{"abs(length(p_l) - length(p_r)) < 3", true},
                                         SymmetryCase{"length(p_l) - length(p_r) < 3", false}));

TEST_P(Symmetry, IsToldFromTheTree) {
  const Expression condition =
      Expression::parse(GetParam().condition).ValueOrDie().with_sides([](std::string_view name) {
        return name.size() == 1;
      });
  EXPECT_EQ(is_symmetric(condition), GetParam().symmetric);
}

}  // namespace
}  // namespace linkwright
