#include "kernel/id_forest.h"

namespace linkwright {

uint32_t IdForest::number(std::string_view id) {
  const uint32_t number = ids_.code(id);
  if (number == parent_.size()) parent_.push_back(number);
  return number;
}

// With path halving. Linking by id is linking in random order as far as the shape of trees goes.
uint32_t IdForest::root(uint32_t number) {
  while (parent_[number] != number) {
    parent_[number] = parent_[parent_[number]];
    number = parent_[number];
  }
  return number;
}

void IdForest::unite(std::string_view left, std::string_view right) {
  const uint32_t left_number = number(left);
  const uint32_t one = root(left_number);
  const uint32_t other = root(number(right));
  if (one == other) return;
  const bool is_smaller = ids_.value(one) < ids_.value(other);
  parent_[is_smaller ? other : one] = is_smaller ? one : other;
}

}  // namespace linkwright
