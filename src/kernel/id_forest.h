#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "column/value_dictionary.h"

namespace linkwright {

/// Connected components of ids that are known by their edges only, which come one by one and are not kept.
///
/// An id is a string of bytes, and the order of ids is that of their bytes. The root of a component is always its
/// smallest id, so what comes out depends on the set of edges only. Memory: an id's bytes and about 24 more, once an
/// id. Not thread-safe.
class IdForest {
 public:
  /// Joins the components of two ids, which may be new.
  void unite(std::string_view left, std::string_view right);

  uint32_t size() const { return ids_.size(); }
  /// The ids are numbered 1 to size(), in order of first appearance.
  std::string_view id(uint32_t number) const { return ids_.value(number); }
  /// The smallest id of the component.
  uint32_t root(uint32_t number);

 private:
  uint32_t number(std::string_view id);

  ByteStringDictionary ids_;
  std::vector<uint32_t> parent_{0};  // of each number; never a larger id, and itself for a root
};

}  // namespace linkwright
