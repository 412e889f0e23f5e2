#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "text/damerau_levenshtein.h"
#include "text/hamming.h"
#include "text/jaccard.h"
#include "text/jaro.h"
#include "text/levenshtein.h"

namespace linkwright {
namespace {

constexpr auto kPlain = JaroWinklerRounding::kPlain;
constexpr auto kFused = JaroWinklerRounding::kFused;

// The recurrences as textbooks print them: slow, and obviously right.
size_t textbook_levenshtein(const std::string& a, const std::string& b) {
  std::vector<std::vector<size_t>> d(a.size() + 1, std::vector<size_t>(b.size() + 1));
  for (size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
  for (size_t j = 0; j <= b.size(); ++j) d[0][j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    for (size_t j = 1; j <= b.size(); ++j) {
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] != b[j - 1])});
    }
  }
  return d[a.size()][b.size()];
}

size_t textbook_damerau(const std::string& a, const std::string& b) {
  const size_t beyond = a.size() + b.size();
  std::vector<std::vector<size_t>> d(a.size() + 2, std::vector<size_t>(b.size() + 2));
  std::vector<size_t> last_row(256);
  d[0][0] = beyond;
  for (size_t i = 0; i <= a.size(); ++i) {
    d[i + 1][0] = beyond;
    d[i + 1][1] = i;
  }
  for (size_t j = 0; j <= b.size(); ++j) {
    d[0][j + 1] = beyond;
    d[1][j + 1] = j;
  }
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t last_column = 0;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t row = last_row[static_cast<unsigned char>(b[j - 1])];
      const size_t column = last_column;
      const bool equal = a[i - 1] == b[j - 1];
      if (equal) last_column = j;
      d[i + 1][j + 1] = std::min({d[i][j] + (equal ? 0 : 1), d[i + 1][j] + 1, d[i][j + 1] + 1,
                                  d[row][column] + (i - row - 1) + 1 + (j - column - 1)});
    }
    last_row[static_cast<unsigned char>(a[i - 1])] = i;
  }
  return d[a.size() + 1][b.size() + 1];
}

double textbook_jaro(const std::string& a, const std::string& b) {
  if (a.empty() || b.empty()) return 0;
  const size_t half = std::max(a.size(), b.size()) / 2;
  const size_t reach = half > 0 ? half - 1 : 0;
  std::vector<bool> taken(b.size());
  std::string from_a;
  for (size_t i = 0; i < a.size(); ++i) {
    for (size_t j = i > reach ? i - reach : 0; j < std::min(b.size(), i + reach + 1); ++j) {
      if (taken[j] || a[i] != b[j]) continue;
      taken[j] = true;
      from_a += a[i];
      break;
    }
  }
  if (from_a.empty()) return 0;
  std::string from_b;
  for (size_t j = 0; j < b.size(); ++j) {
    if (taken[j]) from_b += b[j];
  }
  size_t out_of_place = 0;
  for (size_t k = 0; k < from_a.size(); ++k) out_of_place += from_a[k] != from_b[k];
  const auto c = static_cast<double>(from_a.size());
  return (c / static_cast<double>(a.size()) + c / static_cast<double>(b.size()) +
          (c - static_cast<double>(out_of_place / 2)) / c) /
         3.0;
}

// Texts that are often alike: few letters, any length up to three words of 64 bytes, any byte.
rc::Gen<std::string> texts() {
  const auto letter =
      rc::gen::weightedOneOf<char>({{6, rc::gen::element('a', 'b', 'c', 'n')}, {1, rc::gen::arbitrary<char>()}});
  return rc::gen::withSize(
      [=](int size) { return rc::gen::resize(size * 2, rc::gen::container<std::string>(letter)); });
}

TEST(Levenshtein, CountsEdits) {
  EXPECT_EQ(levenshtein("kitten", "sitting"), 3u);
  EXPECT_EQ(levenshtein("", "abc"), 3u);
  EXPECT_EQ(levenshtein("abc", "abc"), 0u);
}

// DuckDB 2.0: levenshtein('müller', 'muller') = 2.
TEST(Levenshtein, CountsBytesNotLetters) { EXPECT_EQ(levenshtein("m\xc3\xbcller", "muller"), 2u); }

TEST(LevenshteinWithin, StopsOnePastTheMaximum) {
  EXPECT_EQ(levenshtein_within("kitten", "sitting", 3), 3u);
  EXPECT_EQ(levenshtein_within("kitten", "sitting", 2), 3u);
  EXPECT_EQ(levenshtein_within("a", "aaaaaaaaaa", 2), 3u);
}

// Optimal string alignment, which is often taken for this distance, says 3.
TEST(DamerauLevenshtein, IsUnrestricted) { EXPECT_EQ(damerau_levenshtein("ca", "abc"), 2u); }
TEST(DamerauLevenshtein, CountsAnExchangeOnce) { EXPECT_EQ(damerau_levenshtein("12345", "12354"), 1u); }

// The classic pairs of Winkler (1990).
TEST(Jaro, MatchesWinklersExamples) {
  EXPECT_NEAR(jaro("MARTHA", "MARHTA"), 0.9444, 1e-4);
  EXPECT_NEAR(jaro("DIXON", "DICKSONX"), 0.7667, 1e-4);
}
TEST(JaroWinkler, MatchesWinklersExamples) {
  EXPECT_NEAR(jaro_winkler("MARTHA", "MARHTA", kPlain), 0.9611, 1e-4);
  EXPECT_NEAR(jaro_winkler("DIXON", "DICKSONX", kPlain), 0.8133, 1e-4);
}
// DuckDB 2.0 gives 0.0; rapidfuzz 1.0.
TEST(Jaro, OfTwoEmptyTextsIsZero) { EXPECT_EQ(jaro("", ""), 0.0); }
TEST(Jaro, OfSingleBytesIsAllOrNothing) {
  EXPECT_EQ(jaro("a", "a"), 1.0);
  EXPECT_EQ(jaro("a", "b"), 0.0);
}
TEST(JaroWinkler, BoostsOnlyAboveSevenTenths) {
  EXPECT_EQ(add_winkler_bonus(0.7, 4, kPlain), 0.7);
  EXPECT_GT(add_winkler_bonus(0.7000001, 4, kPlain), 0.8);
}
// Lengths 15 and 15, 13 in common, prefix 1: DuckDB 2.0 gives 0.92, earlier ones 0.9199999999999999.
TEST(JaroWinkler, RoundsOnceOrTwiceAsTheDatabaseVersionDoes) {
  const double similarity = jaro_of_counts(15, 15, 13, 0);
  EXPECT_GE(add_winkler_bonus(similarity, 1, kFused), 0.92);
  EXPECT_LT(add_winkler_bonus(similarity, 1, kPlain), 0.92);
}

TEST(Jaccard, ComparesSetsOfBytes) {
  EXPECT_EQ(jaccard("aab", "ab"), 1.0);
  EXPECT_EQ(jaccard("abcd", "abef"), 2.0 / 6.0);
}
TEST(Hamming, CountsPlacesThatDiffer) { EXPECT_EQ(hamming("karolin", "kathrin"), 3u); }

RC_GTEST_PROP(Levenshtein, EqualsTheTextbook, ()) {
  const std::string a = *texts();
  const std::string b = *texts();
  RC_ASSERT(levenshtein(a, b) == textbook_levenshtein(a, b));
}
RC_GTEST_PROP(Levenshtein, IsAMetric, ()) {
  const std::string a = *texts();
  const std::string b = *texts();
  const std::string c = *texts();
  RC_ASSERT(levenshtein(a, b) == levenshtein(b, a));
  RC_ASSERT((levenshtein(a, b) == 0) == (a == b));
  RC_ASSERT(levenshtein(a, c) <= levenshtein(a, b) + levenshtein(b, c));
}
RC_GTEST_PROP(Levenshtein, WithinIsTheDistanceCutOff, ()) {
  const std::string a = *texts();
  const std::string b = *texts();
  const size_t max = *rc::gen::inRange<size_t>(0, 20);
  RC_ASSERT(levenshtein_within(a, b, max) == std::min(levenshtein(a, b), max + 1));
  RC_ASSERT(damerau_levenshtein_within(a, b, max) == std::min(damerau_levenshtein(a, b), max + 1));
}
RC_GTEST_PROP(DamerauLevenshtein, EqualsTheTextbook, ()) {
  const std::string a = *texts();
  const std::string b = *texts();
  RC_ASSERT(damerau_levenshtein(a, b) == textbook_damerau(a, b));
  RC_ASSERT(damerau_levenshtein(a, b) <= levenshtein(a, b));
}
RC_GTEST_PROP(Jaro, EqualsTheTextbook, ()) {
  const std::string a = *texts();
  const std::string b = *texts();
  RC_ASSERT(jaro(a, b) == textbook_jaro(a, b));
}

}  // namespace
}  // namespace linkwright
