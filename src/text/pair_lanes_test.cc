#include "text/pair_lanes.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "text/damerau_levenshtein.h"
#include "text/jaro.h"
#include "text/levenshtein.h"

namespace linkwright {
namespace {

// Lengths around 16 bytes, which are laid out at once, and 64, the longest in lanes, with bytes of any value.
rc::Gen<std::string> texts() {
  return rc::gen::exec([] {
    const size_t length = *rc::gen::element<size_t>(0, 1, 2, 3, 4, 5, 8, 10, 15, 16, 17, 24, 32, 33, 63, 64, 65, 90);
    const auto letter =
        rc::gen::weightedOneOf<char>({{6, rc::gen::element('a', 'b', 'c', 'n')}, {1, rc::gen::arbitrary<char>()}});
    return *rc::gen::container<std::string>(length, letter);
  });
}

// A text that a few edits lead to, exchanges of neighbours among them.
rc::Gen<std::string> edited(const std::string& original) {
  return rc::gen::exec([original] {
    std::string text = original;
    const int edits = *rc::gen::inRange(0, 4);
    for (int e = 0; e < edits && text.size() > 1; ++e) {
      const size_t at = *rc::gen::inRange<size_t>(0, text.size() - 1);
      switch (*rc::gen::inRange(0, 4)) {
        case 0:
          text.erase(at, 1);
          break;
        case 1:
          text.insert(at, 1, 'b');
          break;
        case 2:
          text[at] = 'c';
          break;
        default:
          std::swap(text[at], text[at + 1]);
      }
    }
    return text;
  });
}

class PairLanesTest : public testing::TestWithParam<SimdLevel> {};
INSTANTIATE_TEST_SUITE_P(SimdLevels, PairLanesTest, testing::ValuesIn(supported_simd_levels()), [](const auto& level) {
  return std::string(to_string(level.param)).substr(0, 3) + std::to_string(static_cast<int>(level.param));
});

TEST_P(PairLanesTest, EqualsTheFunctionForTwoTexts) {
  const auto lanes = std::make_unique<PairLanes>();
  EXPECT_TRUE(rc::check([&] {
    const auto lefts = *rc::gen::container<std::vector<std::string>>(*rc::gen::inRange<size_t>(0, 150), texts());
    std::vector<std::string> rights;
    for (const std::string& left : lefts) rights.push_back(*rc::gen::oneOf(texts(), edited(left)));
    std::vector<TextPair> pairs;
    for (size_t p = 0; p < lefts.size(); ++p) pairs.push_back({lefts[p], rights[p]});
    const auto max = *rc::gen::inRange<uint8_t>(0, 20);
    const double cutoff = *rc::gen::element(0.0, 0.3, 0.7, 0.8, 0.88, 0.92, 1.0);
    const auto rounding = *rc::gen::element(JaroWinklerRounding::kFused, JaroWinklerRounding::kPlain);

    std::vector<NearText> near(pairs.size());
    // What is known of every pair, `unknown` of those that are not near.
    const auto dense = [&](size_t found, double unknown) {
      RC_ASSERT(found <= pairs.size());
      std::vector<double> distances(pairs.size(), unknown);
      for (const NearText& pair : std::span(near).first(found)) distances[pair.index] = pair.distance;
      return distances;
    };
    const auto edits = dense(lanes->levenshtein(pairs, max, near, GetParam()), max + 1);
    const auto exchanges = dense(lanes->damerau_levenshtein(pairs, max, near, GetParam()), max + 1);
    const auto jaros = dense(lanes->jaro(pairs, JaroCutoff::of_jaro(cutoff), near, GetParam()), 0);
    const auto winklers =
        dense(lanes->jaro_winkler(pairs, rounding, JaroCutoff::of_jaro_winkler(cutoff), near, GetParam()), 0);
    for (size_t p = 0; p < pairs.size(); ++p) {
      const auto& [left, right] = pairs[p];
      RC_ASSERT(edits[p] == static_cast<double>(levenshtein_within(left, right, max)));
      RC_ASSERT(exchanges[p] == static_cast<double>(damerau_levenshtein_within(left, right, max)));
      const double expected = jaro(left, right);
      RC_ASSERT(jaros[p] == (expected >= cutoff ? expected : 0.0));
      const double boosted = jaro_winkler(left, right, rounding);
      RC_ASSERT(winklers[p] == (boosted >= cutoff ? boosted : 0.0));
    }
  }));
}

TEST(PairLanes, TakesATextOfNoBytesThatIsNowhere) {
  const std::string text(20, 'a');
  const std::vector<TextPair> pairs = {{std::string_view(), std::string_view(text).substr(0, 18)}, {text, text}};
  std::vector<NearText> near(pairs.size());
  PairLanes lanes;
  ASSERT_EQ(lanes.levenshtein(pairs, 19, near), 2);
  for (const NearText& found : near) EXPECT_EQ(found.distance, found.index == 0 ? 18 : 0);
}

TEST(PairLanes, TakesNoPairs) {
  PairLanes lanes;
  EXPECT_EQ(lanes.levenshtein({}, 3, {}), 0);
}

}  // namespace
}  // namespace linkwright
