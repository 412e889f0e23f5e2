#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace linkwright {

/// Appends `value` unless `values` has it; returns its place. Looks at every value: for short lists, whose order tells.
template <typename Value>
size_t add_once(const Value& value, std::vector<Value>* values) {
  const auto found = std::find(values->begin(), values->end(), value);
  const auto place = static_cast<size_t>(found - values->begin());
  if (found == values->end()) values->push_back(value);
  return place;
}

}  // namespace linkwright
