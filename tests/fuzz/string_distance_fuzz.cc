// Any bytes as two strings and a bound: the distances keep to their laws, and one against many says what two texts say.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "text/damerau_levenshtein.h"
#include "text/jaccard.h"
#include "text/jaro.h"
#include "text/levenshtein.h"
#include "text/many_to_many.h"

namespace {

using namespace linkwright;  // NOLINT(google-build-using-namespace): a program of its own

void require(bool holds) {
  if (!holds) std::abort();
}

void check_laws(std::string_view a, std::string_view b, size_t max) {
  const size_t edits = levenshtein(a, b);
  const size_t edits_with_exchanges = damerau_levenshtein(a, b);
  require(edits == levenshtein(b, a) && (edits == 0) == (a == b));
  require(edits_with_exchanges == damerau_levenshtein(b, a));
  require(edits_with_exchanges <= edits && edits <= 2 * edits_with_exchanges);
  require(levenshtein_within(a, b, max) == std::min(edits, max + 1));
  require(damerau_levenshtein_within(a, b, max) == std::min(edits_with_exchanges, max + 1));
  const double similarity = jaro(a, b);
  require(similarity == jaro(b, a) && similarity >= 0.0 && similarity <= 1.0);
  // Two empty sets have no share.
  if (!a.empty() || !b.empty()) require(jaccard(a, b) >= 0.0 && jaccard(a, b) <= 1.0);
}

void check_many_to_many(std::string_view query, const std::vector<std::string_view>& many, uint8_t max) {
  PackedStrings packed;
  packed.assign(many);
  std::vector<NearText> near(many.size());
  const JaroCutoff cutoff = JaroCutoff::of_jaro_winkler(max / 100.0);
  const auto check = [&](size_t found, double unknown, const auto& expected) {
    std::vector<double> distances(many.size(), unknown);
    for (size_t n = 0; n < found; ++n) distances[near[n].index] = near[n].distance;
    for (size_t i = 0; i < many.size(); ++i) require(distances[i] == expected(many[i]));
  };
  for (const SimdLevel level : supported_simd_levels()) {
    check(levenshtein_many_to_many({{&query, 1}}, packed, max, near, level), max + 1,
          [&](std::string_view text) { return static_cast<double>(levenshtein_within(query, text, max)); });
    check(damerau_levenshtein_many_to_many({{&query, 1}}, packed, max, near, level), max + 1,
          [&](std::string_view text) { return static_cast<double>(damerau_levenshtein_within(query, text, max)); });
    check(jaro_winkler_many_to_many({{&query, 1}}, packed, JaroWinklerRounding::kFused, cutoff, near, level), 0.0,
          [&](std::string_view text) {
            const double score = jaro_winkler(query, text, JaroWinklerRounding::kFused);
            return score >= cutoff.similarity() ? score : 0.0;
          });
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  const uint8_t max = data[0] % 100;
  const std::string_view all(reinterpret_cast<const char*>(data) + 2, size - 2);
  const size_t cut = data[1] % (all.size() + 1);
  check_laws(all.substr(0, cut), all.substr(cut), max);
  std::vector<std::string_view> many;
  for (size_t begin = 0, length = 0; begin < all.size(); begin += length + 1, ++length) {
    many.push_back(all.substr(begin, length));
  }
  check_many_to_many(all.substr(0, cut), many, max);
  return 0;
}
