// Answers string_distance_test.py: reads pairs of strings (uint32 length and bytes, twice, to the end of the input) and
// writes, for each, levenshtein, damerau_levenshtein, jaro, jaro_winkler plain and fused as five doubles.

#include <cstdint>
#include <cstdio>
#include <string>

#include "text/damerau_levenshtein.h"
#include "text/jaro.h"
#include "text/levenshtein.h"

namespace {

bool read_string(std::string* text) {
  uint32_t size = 0;
  if (std::fread(&size, sizeof(size), 1, stdin) != 1) return false;
  text->resize(size);
  return std::fread(text->data(), 1, size, stdin) == size;
}

}  // namespace

int main() {
  std::string a;
  std::string b;
  while (read_string(&a) && read_string(&b)) {
    using linkwright::JaroWinklerRounding;
    const double answers[] = {static_cast<double>(linkwright::levenshtein(a, b)),
                              static_cast<double>(linkwright::damerau_levenshtein(a, b)), linkwright::jaro(a, b),
                              linkwright::jaro_winkler(a, b, JaroWinklerRounding::kPlain),
                              linkwright::jaro_winkler(a, b, JaroWinklerRounding::kFused)};
    if (std::fwrite(answers, sizeof(answers), 1, stdout) != 1) return 1;
  }
  return std::ferror(stdin) != 0 ? 1 : 0;
}
