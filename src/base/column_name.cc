#include "base/column_name.h"

#include <algorithm>

namespace linkwright {
namespace {

bool is_same_but_for_case(std::string_view a, std::string_view b) {
  const auto lower = [](char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter;
  };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace

const std::string* column_meant_by(std::string_view name, const std::vector<std::string>& columns) {
  if (const auto same = std::find(columns.begin(), columns.end(), name); same != columns.end()) return &*same;
  const auto matches = [&](const std::string& column) { return is_same_but_for_case(column, name); };
  const auto first = std::find_if(columns.begin(), columns.end(), matches);
  const bool is_only_one = first != columns.end() && std::none_of(first + 1, columns.end(), matches);
  return is_only_one ? &*first : nullptr;
}

}  // namespace linkwright
