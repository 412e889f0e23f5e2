#include "base/column_name.h"

#include <algorithm>
#include <map>

#include "base/ascii.h"

namespace linkwright {

bool is_same_but_for_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return to_lower(x) == to_lower(y); });
}

bool differ_in_case_only(const std::vector<std::string>& names) {
  std::map<std::string, const std::string*> seen;
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    const auto [first, is_new] = seen.try_emplace(to_lower(name), &name);
    return !is_new && *first->second != name;
  });
}

const std::string* column_meant_by(std::string_view name, const std::vector<std::string>& columns) {
  if (const auto same = std::find(columns.begin(), columns.end(), name); same != columns.end()) return &*same;
  const auto matches = [&](const std::string& column) { return is_same_but_for_case(column, name); };
  const auto first = std::find_if(columns.begin(), columns.end(), matches);
  const bool is_only_one = first != columns.end() && std::none_of(first + 1, columns.end(), matches);
  return is_only_one ? &*first : nullptr;
}

std::set<std::string> columns_meant_by(const std::vector<std::string>& names, const std::vector<std::string>& columns) {
  std::set<std::string> meant;
  for (const std::string& name : names) {
    if (const std::string* column = column_meant_by(name, columns)) meant.insert(*column);
  }
  return meant;
}

}  // namespace linkwright
