#include "text/one_to_many.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

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

TEST_P(OneToMany, EqualsTheFunctionForTwoTexts) {
  rc::check([&] {
    const auto many = *rc::gen::container<std::vector<std::string>>(*rc::gen::inRange<size_t>(0, 150), texts());
    const std::string query = *rc::gen::oneOf(texts(), many.empty() ? texts() : rc::gen::elementOf(many));
    const auto max = *rc::gen::inRange<uint8_t>(0, 20);
    const double cutoff = *rc::gen::element(0.0, 0.3, 0.7, 0.8, 0.88, 0.92, 1.0);
    const auto rounding = *rc::gen::element(JaroWinklerRounding::kFused, JaroWinklerRounding::kPlain);
    PackedStrings packed;
    const auto many_views = views(many);
    packed.assign(many_views);
    std::vector<uint8_t> distances(many.size());
    std::vector<double> similarities(many.size());

    levenshtein_one_to_many(query, packed, max, distances, GetParam());
    for (size_t i = 0; i < many.size(); ++i) RC_ASSERT(distances[i] == levenshtein_within(query, many[i], max));
    damerau_levenshtein_one_to_many(query, packed, max, distances, GetParam());
    for (size_t i = 0; i < many.size(); ++i) RC_ASSERT(distances[i] == damerau_levenshtein_within(query, many[i], max));
    jaro_one_to_many(query, packed, JaroCutoff::of_jaro(cutoff), similarities, GetParam());
    for (size_t i = 0; i < many.size(); ++i) {
      const double expected = jaro(query, many[i]);
      RC_ASSERT(similarities[i] == (expected >= cutoff ? expected : 0.0));
    }
    jaro_winkler_one_to_many(query, packed, rounding, JaroCutoff::of_jaro_winkler(cutoff), similarities, GetParam());
    for (size_t i = 0; i < many.size(); ++i) {
      const double expected = jaro_winkler(query, many[i], rounding);
      RC_ASSERT(similarities[i] == (expected >= cutoff ? expected : 0.0));
    }
  });
}

TEST_P(OneToMany, TakesTextsThatUseEveryByte) {
  std::vector<std::string> many;
  for (int byte = 0; byte < 256; ++byte) many.push_back(std::string(3, static_cast<char>(byte)));
  PackedStrings packed;
  const auto many_views = views(many);
  packed.assign(many_views);
  std::vector<uint8_t> distances(many.size());
  for (const std::string& query : many) {
    levenshtein_one_to_many(query, packed, 10, distances, GetParam());
    for (size_t i = 0; i < many.size(); ++i) ASSERT_EQ(distances[i], levenshtein(query, many[i]));
  }
}

TEST(PackedStrings, ForgetsTheTextsBefore) {
  PackedStrings packed;
  const std::vector<std::string_view> first = {"smith", "smyth", "a much longer name than the others"};
  const std::vector<std::string_view> second = {"jones"};
  packed.assign(first);
  packed.assign(second);
  std::vector<uint8_t> distances(1);
  levenshtein_one_to_many("jonas", packed, 3, distances);
  EXPECT_EQ(distances[0], 1);
}

TEST(PackedStrings, MayBeEmpty) {
  PackedStrings packed;
  packed.assign({});
  levenshtein_one_to_many("x", packed, 3, {});
}

}  // namespace
}  // namespace linkwright
