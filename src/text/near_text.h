#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace linkwright {

/// One of many texts, or pairs of texts, that came within the cutoff, and how near.
struct NearText {
  uint32_t index;
  double distance;  // or similarity
};

/// Fills a caller's span, which has room for all.
class NearTexts {
 public:
  explicit NearTexts(std::span<NearText> near) : near_(near) {}
  void add(uint32_t index, double distance) { near_[size_++] = {index, distance}; }
  size_t size() const { return size_; }

 private:
  std::span<NearText> near_;
  size_t size_ = 0;
};

}  // namespace linkwright
