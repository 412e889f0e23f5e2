#include "text/one_to_many.h"

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

class OneToMany : public testing::TestWithParam<SimdLevel> {};
INSTANTIATE_TEST_SUITE_P(SimdLevels, OneToMany, testing::ValuesIn(supported_simd_levels()), [](const auto& level) {
  return std::string(to_string(level.param)).substr(0, 3) + std::to_string(static_cast<int>(level.param));
});

std::vector<std::string_view> views(const std::vector<std::string>& texts) { return {texts.begin(), texts.end()}; }

// What is known of every text, `unknown` of those that are not near.
std::vector<double> spread(std::span<const NearText> near, size_t size, double unknown) {
  std::vector<double> distances(size, unknown);
  for (const NearText& text : near) distances[text.index] = text.distance;
  return distances;
}

TEST_P(OneToMany, EqualsTheFunctionForTwoTexts) {
  EXPECT_TRUE(rc::check([&] {
    const auto many = *rc::gen::container<std::vector<std::string>>(*rc::gen::inRange<size_t>(0, 150), texts());
    const std::string query = *rc::gen::oneOf(texts(), many.empty() ? texts() : rc::gen::elementOf(many));
    const auto max = *rc::gen::inRange<uint8_t>(0, 20);
    const double cutoff = *rc::gen::element(0.0, 0.3, 0.7, 0.8, 0.88, 0.92, 1.0);
    const auto rounding = *rc::gen::element(JaroWinklerRounding::kFused, JaroWinklerRounding::kPlain);
    PackedStrings packed;
    const auto many_views = views(many);
    packed.assign(many_views);
    std::vector<NearText> near(many.size());
    const auto dense = [&](size_t found, double unknown) {
      RC_ASSERT(found <= many.size());
      return spread(std::span(near).first(found), many.size(), unknown);
    };

    const auto edits = dense(levenshtein_one_to_many(query, packed, max, near, GetParam()), max + 1);
    for (size_t i = 0; i < many.size(); ++i) {
      RC_ASSERT(edits[i] == static_cast<double>(levenshtein_within(query, many[i], max)));
    }
    const auto exchanges = dense(damerau_levenshtein_one_to_many(query, packed, max, near, GetParam()), max + 1);
    for (size_t i = 0; i < many.size(); ++i) {
      RC_ASSERT(exchanges[i] == static_cast<double>(damerau_levenshtein_within(query, many[i], max)));
    }
    auto similarities = dense(jaro_one_to_many(query, packed, JaroCutoff::of_jaro(cutoff), near, GetParam()), 0);
    for (size_t i = 0; i < many.size(); ++i) {
      const double expected = jaro(query, many[i]);
      RC_ASSERT(similarities[i] == (expected >= cutoff ? expected : 0.0));
    }
    similarities = dense(
        jaro_winkler_one_to_many(query, packed, rounding, JaroCutoff::of_jaro_winkler(cutoff), near, GetParam()), 0);
    for (size_t i = 0; i < many.size(); ++i) {
      const double expected = jaro_winkler(query, many[i], rounding);
      RC_ASSERT(similarities[i] == (expected >= cutoff ? expected : 0.0));
    }
  }));
}

TEST_P(OneToMany, TakesTextsThatUseEveryByte) {
  std::vector<std::string> many;
  for (int byte = 0; byte < 256; ++byte) many.push_back(std::string(3, static_cast<char>(byte)));
  PackedStrings packed;
  const auto many_views = views(many);
  packed.assign(many_views);
  std::vector<NearText> near(many.size());
  for (const std::string& query : many) {
    const size_t found = levenshtein_one_to_many(query, packed, 10, near, GetParam());
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
  ASSERT_EQ(levenshtein_one_to_many("jonas", packed, 3, near), 1);
  EXPECT_EQ(near[0].distance, 1);
}

TEST(PackedStrings, MayBeEmpty) {
  PackedStrings packed;
  packed.assign({});
  EXPECT_EQ(levenshtein_one_to_many("x", packed, 3, {}), 0);
}

}  // namespace
}  // namespace linkwright
