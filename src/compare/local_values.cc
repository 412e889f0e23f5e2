#include "compare/local_values.h"

#include <bit>
#include <numeric>

namespace linkwright {

// The slot of the code, or the empty one where it belongs.
inline size_t LocalValues::place_of(uint32_t code) const {
  uint32_t at = (code * 2654435769U) >> 7 & mask_;
  while (slots_[at].tile == tile_ && slots_[at].code != code) at = (at + 1) & mask_;
  return at;
}

uint32_t LocalValues::find(uint32_t code) const {
  const Slot& slot = slots_[place_of(code)];
  return slot.tile == tile_ ? slot.local : kNone;
}

void LocalValues::assign(std::span<const uint32_t> codes) {
  const size_t wanted = std::bit_ceil(codes.size() * 2 + 1);
  if (slots_.size() < wanted) {
    slots_.assign(wanted, {});
    tile_ = 0;
  }
  if (++tile_ == 0) {
    slots_.assign(slots_.size(), {});
    tile_ = 1;
  }
  // Only the first `wanted` slots are used, so that small tiles stay in the cache.
  mask_ = static_cast<uint32_t>(wanted - 1);
  values_.clear();
  local_.resize(codes.size());
  repeats_ = false;
  for (size_t row = 0; row < codes.size(); ++row) {
    const uint32_t code = codes[row];
    Slot& slot = slots_[place_of(code)];
    if (slot.tile != tile_) {
      slot = {code, tile_, static_cast<uint32_t>(values_.size())};
      values_.push_back(code);
    } else {
      repeats_ = repeats_ || code != 0;
    }
    local_[row] = slot.local;
  }
  by_place_ = 4 * values_.size() >= 3 * codes.size();
  if (!by_place_) return;
  values_.assign(codes.begin(), codes.end());
  std::iota(local_.begin(), local_.end(), uint32_t{0});
}

}  // namespace linkwright
