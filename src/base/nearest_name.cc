#include "base/nearest_name.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "base/add_once.h"
#include "base/ascii.h"

namespace linkwright {
namespace {

// Plain Levenshtein, ignoring case: error paths only, so clarity beats the kernels of text/, which base may not use.
size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t substitution = diagonal + (to_lower(a[i - 1]) != to_lower(b[j - 1]));
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substitution});
    }
  }
  return row[b.size()];
}

}  // namespace

std::string nearest_name(std::string_view misspelt, std::span<const std::string> known) {
  const std::string* nearest = nullptr;
  size_t best = 0;
  for (const std::string& name : known) {
    const size_t distance = edit_distance(misspelt, name);
    if (nearest == nullptr || distance < best) {
      nearest = &name;
      best = distance;
    }
  }
  if (nearest == nullptr || best * 3 > std::max(misspelt.size(), nearest->size())) return "";
  return *nearest;
}

std::string suggestion(std::string_view misspelt, std::span<const std::string> known) {
  constexpr size_t kShortList = 12;
  if (const std::string nearest = nearest_name(misspelt, known); !nearest.empty()) {
    return "; did you mean '" + nearest + "'?";
  }
  std::vector<std::string> different;
  for (const std::string& name : known) {
    add_once(name, &different);
    if (different.size() > kShortList) return "";
  }
  std::string list;
  for (const std::string& name : different) list += (list.empty() ? "; known: " : ", ") + name;
  return list;
}

}  // namespace linkwright
