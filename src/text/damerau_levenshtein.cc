#include "text/damerau_levenshtein.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "text/levenshtein.h"

namespace linkwright {

// Row by row, with what a transposition needs of earlier rows kept per column (`transposed_from`): memory O(m).
size_t damerau_levenshtein(std::string_view a, std::string_view b) {
  const auto rows = static_cast<int64_t>(a.size());
  const auto columns = static_cast<int64_t>(b.size());
  const int64_t beyond = std::max(rows, columns) + 1;
  std::array<int64_t, 256> last_row_with;  // last row of `a` that has a byte
  last_row_with.fill(-1);
  const size_t width = b.size() + 2;
  std::vector<int64_t> storage(3 * width, beyond);
  int64_t* transposed_from = storage.data() + 1;
  int64_t* previous = storage.data() + width + 1;
  int64_t* current = storage.data() + 2 * width + 1;
  for (int64_t j = 0; j <= columns; ++j) current[j] = j;
  for (int64_t i = 1; i <= rows; ++i) {
    std::swap(previous, current);
    int64_t last_match_column = -1;
    int64_t two_rows_up = current[0];
    current[0] = i;
    int64_t transposed_row = beyond;
    for (int64_t j = 1; j <= columns; ++j) {
      const char left = a[static_cast<size_t>(i - 1)];
      const char right = b[static_cast<size_t>(j - 1)];
      int64_t best = std::min({previous[j - 1] + (left != right), current[j - 1] + 1, previous[j] + 1});
      if (left == right) {
        last_match_column = j;
        transposed_from[j] = previous[j - 2];
        transposed_row = two_rows_up;
      } else {
        const int64_t k = last_row_with[static_cast<uint8_t>(right)];
        if (j - last_match_column == 1) {
          best = std::min(best, transposed_from[j] + (i - k));
        } else if (i - k == 1) {
          best = std::min(best, transposed_row + (j - last_match_column));
        }
      }
      two_rows_up = current[j];
      current[j] = best;
    }
    last_row_with[static_cast<uint8_t>(a[static_cast<size_t>(i - 1)])] = i;
  }
  return static_cast<size_t>(current[columns]);
}

size_t damerau_levenshtein_within(std::string_view a, std::string_view b, size_t max) {
  const size_t plain = levenshtein_within(a, b, 2 * max);
  if (plain <= 1 || plain > 2 * max) return std::min(plain, max + 1);
  return std::min(damerau_levenshtein(a, b), max + 1);
}

}  // namespace linkwright
