#pragma once

#include <cstdint>

namespace linkwright {

/// One of many texts, or pairs of texts, that came within the cutoff, and how near.
struct NearText {
  uint32_t index;
  double distance;  // or similarity
};

}  // namespace linkwright
