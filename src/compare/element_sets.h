#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/status.h"
#include "column/value_dictionary.h"

namespace arrow {
class Array;
}

namespace linkwright {

/// Each list of a column as the sorted codes of its distinct elements, without nulls. Code 0 is the null list.
class ElementSets {
 public:
  /// `dictionary` gives the codes, and is shared by lists that are compared with each other.
  static Result<std::shared_ptr<const ElementSets>> make(const std::shared_ptr<arrow::Array>& lists,
                                                         ByteStringDictionary* dictionary);

  std::span<const uint32_t> operator[](uint32_t list) const {
    return {elements_.data() + ends_[list - 1], ends_[list] - ends_[list - 1]};
  }

 private:
  std::vector<uint32_t> elements_;
  std::vector<size_t> ends_{0};
};

}  // namespace linkwright
