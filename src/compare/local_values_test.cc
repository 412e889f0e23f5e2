#include "compare/local_values.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <vector>

namespace linkwright {
namespace {

// From few distinct codes to many, so that some tiles number their values and some their rows; tiles follow one another
// in the same memory.
RC_GTEST_PROP(LocalValues, AreFoundByCode, ()) {
  LocalValues values;
  for (int tile = 0; tile < 3; ++tile) {
    const size_t rows = *rc::gen::inRange<size_t>(1, 60);
    const auto most = *rc::gen::inRange<uint32_t>(1, 120);
    const auto codes = *rc::gen::container<std::vector<uint32_t>>(rows, rc::gen::inRange<uint32_t>(0, most));
    values.assign(codes, *rc::gen::arbitrary<bool>());
    for (size_t row = 0; row < rows; ++row) RC_ASSERT(values.values()[values.local()[row]] == codes[row]);
    for (uint32_t code = 0; code < most; ++code) {
      std::vector<uint32_t> places;
      for (uint32_t row = 0; row < rows; ++row) {
        if (codes[row] == code) places.push_back(row);
      }
      const uint32_t found = values.find(code);
      RC_ASSERT((found == LocalValues::kNone) == places.empty());
      if (places.empty()) continue;
      RC_ASSERT(values.values()[found] == code);
      if (!values.by_place()) continue;
      std::vector<uint32_t> followed;
      for (uint32_t place = found; place != LocalValues::kNone; place = values.next_equal(place)) {
        followed.push_back(place);
      }
      RC_ASSERT(followed == places);
    }
  }
}

}  // namespace
}  // namespace linkwright
