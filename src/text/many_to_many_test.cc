#include "text/many_to_many.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <span>
#include <string>
#include <vector>

#include "text/damerau_levenshtein.h"
#include "text/jaro.h"
#include "text/levenshtein.h"

namespace linkwright {
namespace {

// Lengths around every lane width (8, 16, 32, 64), with bytes of any value; often alike.
rc::Gen<std::string> texts() {
  return rc::gen::exec([] {
    const size_t length = *rc::gen::element<size_t>(0, 1, 2, 5, 7, 8, 9, 12, 16, 17, 30, 32, 33, 63, 64, 65, 100);
    const auto letter =
        rc::gen::weightedOneOf<char>({{6, rc::gen::element('a', 'b', 'c', 'n')}, {1, rc::gen::arbitrary<char>()}});
    return *rc::gen::container<std::string>(length, letter);
  });
}

class ManyToMany : public testing::TestWithParam<SimdLevel> {};
INSTANTIATE_TEST_SUITE_P(SimdLevels, ManyToMany, testing::ValuesIn(supported_simd_levels()), [](const auto& level) {
  return std::string(to_string(level.param)).substr(0, 3) + std::to_string(static_cast<int>(level.param));
});

std::vector<std::string_view> views(const std::vector<std::string>& texts) { return {texts.begin(), texts.end()}; }

// What is known of every text, `unknown` of those that are not near.
std::vector<double> spread(std::span<const NearText> near, size_t size, double unknown) {
  std::vector<double> distances(size, unknown);
  for (const NearText& text : near) distances[text.index] = text.distance;
  return distances;
}

TEST_P(ManyToMany, EqualsTheFunctionForTwoTexts) {
  EXPECT_TRUE(rc::check([&] {
    const auto many = *rc::gen::container<std::vector<std::string>>(*rc::gen::inRange<size_t>(0, 150), texts());
    const auto query = rc::gen::oneOf(texts(), many.empty() ? texts() : rc::gen::elementOf(many));
    const auto queries =
        *rc::gen::container<std::vector<std::string>>(*rc::gen::inRange<size_t>(0, TextQueries::kMost + 1), query);
    const auto max = *rc::gen::inRange<uint8_t>(0, 20);
    const double cutoff = *rc::gen::element(0.0, 0.3, 0.7, 0.8, 0.88, 0.92, 1.0);
    const auto rounding = *rc::gen::element(JaroWinklerRounding::kFused, JaroWinklerRounding::kPlain);
    PackedStrings packed;
    const auto many_views = views(many);
    const auto query_views = views(queries);
    const auto firsts = *rc::gen::oneOf(
        rc::gen::just(std::vector<uint32_t>()),
        rc::gen::container<std::vector<uint32_t>>(queries.size(), rc::gen::inRange<uint32_t>(0, many.size() + 1)));
    const TextQueries text_queries{query_views, firsts};
    packed.assign(many_views);
    std::vector<NearText> near(many.size() * queries.size());
    const auto check = [&](size_t found, double unknown, const auto& expected) {
      RC_ASSERT(found <= near.size());
      const auto distances = spread(std::span(near).first(found), near.size(), unknown);
      for (size_t q = 0; q < queries.size(); ++q) {
        for (size_t i = text_queries.first(q); i < many.size(); ++i) {
          RC_ASSERT(distances[q * many.size() + i] == static_cast<double>(expected(queries[q], many[i])));
        }
      }
    };
    const auto from_cutoff_on = [&](double similarity) { return similarity >= cutoff ? similarity : 0.0; };

    check(levenshtein_many_to_many(text_queries, packed, max, near, GetParam()), max + 1,
          [&](const auto& a, const auto& b) { return levenshtein_within(a, b, max); });
    check(damerau_levenshtein_many_to_many(text_queries, packed, max, near, GetParam()), max + 1,
          [&](const auto& a, const auto& b) { return damerau_levenshtein_within(a, b, max); });
    check(jaro_many_to_many(text_queries, packed, JaroCutoff::of_jaro(cutoff), near, GetParam()), 0,
          [&](const auto& a, const auto& b) { return from_cutoff_on(jaro(a, b)); });
    check(jaro_winkler_many_to_many(text_queries, packed, rounding, JaroCutoff::of_jaro_winkler(cutoff), near,
                                    GetParam()),
          0, [&](const auto& a, const auto& b) { return from_cutoff_on(jaro_winkler(a, b, rounding)); });
  }));
}

// As many queries as kernels compare at once, fewer and more, the longest among them too long for lanes.
TEST_P(ManyToMany, TakesQueriesOfAllLengthsInOneCall) {
  const std::string letters =
      "a few letters, of which all queries are made, and of which some are left out here or there";
  std::vector<std::string> many;
  for (size_t length = 0; length < letters.size(); length += 3) many.push_back(letters.substr(length % 7, length));
  const auto many_views = views(many);
  PackedStrings packed;
  packed.assign(many_views);
  const JaroCutoff cutoff = JaroCutoff::of_jaro_winkler(0.6);
  for (const size_t count : {1, 2, 3, 4, 5, 64}) {
    std::vector<std::string> queries;
    for (size_t q = 0; q < count; ++q) queries.push_back(letters.substr(q % 5, (q * 37 + 64) % 66));
    const auto query_views = views(queries);
    std::vector<NearText> near(many.size() * count);
    const auto expect_all = [&](size_t found, double unknown, const auto& expected) {
      const auto distances = spread(std::span(near).first(found), near.size(), unknown);
      for (size_t q = 0; q < count; ++q) {
        for (size_t i = 0; i < many.size(); ++i) {
          ASSERT_EQ(distances[q * many.size() + i], expected(queries[q], many[i])) << queries[q] << '|' << many[i];
        }
      }
    };
    expect_all(levenshtein_many_to_many({query_views}, packed, 30, near, GetParam()), 31,
               [](const auto& a, const auto& b) { return static_cast<double>(levenshtein_within(a, b, 30)); });
    expect_all(damerau_levenshtein_many_to_many({query_views}, packed, 30, near, GetParam()), 31,
               [](const auto& a, const auto& b) { return static_cast<double>(damerau_levenshtein_within(a, b, 30)); });
    constexpr auto kRounding = JaroWinklerRounding::kFused;
    expect_all(jaro_winkler_many_to_many({query_views}, packed, kRounding, cutoff, near, GetParam()), 0,
               [&](const auto& a, const auto& b) {
                 const double similarity = jaro_winkler(a, b, kRounding);
                 return similarity >= cutoff.similarity() ? similarity : 0.0;
               });
  }
}

TEST_P(ManyToMany, TakesTextsThatUseEveryByte) {
  std::vector<std::string> many;
  for (int byte = 0; byte < 256; ++byte) many.push_back(std::string(3, static_cast<char>(byte)));
  PackedStrings packed;
  const auto many_views = views(many);
  packed.assign(many_views);
  std::vector<NearText> near(many.size());
  for (const std::string_view query : many_views) {
    const size_t found = levenshtein_many_to_many({{&query, 1}}, packed, 10, near, GetParam());
    ASSERT_EQ(found, many.size());
    for (const NearText& text : near) ASSERT_EQ(text.distance, levenshtein(query, many[text.index]));
  }
}

TEST(PackedStrings, ForgetsTheTextsBefore) {
  PackedStrings packed;
  const std::vector<std::string_view> first = {"smith", "smyth", "a much longer name than the others"};
  const std::vector<std::string_view> second = {"jones"};
  packed.assign(first);
  packed.assign(second);
  std::vector<NearText> near(1);
  const std::string_view query = "jonas";
  ASSERT_EQ(levenshtein_many_to_many({{&query, 1}}, packed, 3, near), 1);
  EXPECT_EQ(near[0].distance, 1);
}

TEST(PackedStrings, MayBeEmpty) {
  PackedStrings packed;
  packed.assign({});
  const std::string_view query = "x";
  EXPECT_EQ(levenshtein_many_to_many({{&query, 1}}, packed, 3, {}), 0);
}

}  // namespace
}  // namespace linkwright
