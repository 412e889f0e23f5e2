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
  return slot.tile == tile_ ? local_of_found_[slot.found] : kNone;
}

void LocalValues::assign(std::span<const uint32_t> codes, bool meet_behind) {
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
  found_values_.clear();
  local_.resize(codes.size());
  repeats_ = false;
  for (size_t row = 0; row < codes.size(); ++row) {
    const uint32_t code = codes[row];
    Slot& slot = slots_[place_of(code)];
    if (slot.tile != tile_) {
      slot = {code, tile_, static_cast<uint32_t>(found_values_.size())};
      found_values_.push_back(code);
    } else {
      repeats_ = repeats_ || code != 0;
    }
    local_[row] = slot.found;
  }
  by_place_ = 4 * found_values_.size() >= 3 * codes.size();
  if (by_place_) {
    number_by_place(codes);
  } else if (meet_behind) {
    number_by_last_row();
  } else {
    values_.swap(found_values_);
    local_of_found_.resize(values_.size());
    std::iota(local_of_found_.begin(), local_of_found_.end(), uint32_t{0});
  }
}

void LocalValues::number_by_place(std::span<const uint32_t> codes) {
  local_of_found_.assign(found_values_.size(), kNone);
  next_equal_.resize(codes.size());
  for (size_t row = codes.size(); row-- > 0;) {
    uint32_t& first = local_of_found_[local_[row]];
    next_equal_[row] = first;
    first = static_cast<uint32_t>(row);
  }
  values_.assign(codes.begin(), codes.end());
  std::iota(local_.begin(), local_.end(), uint32_t{0});
  behind_.resize(codes.size());
  std::iota(behind_.begin(), behind_.end(), uint32_t{1});
}

void LocalValues::number_by_last_row() {
  const size_t size = found_values_.size();
  values_.resize(size);
  last_row_.resize(size);
  local_of_found_.assign(size, kNone);
  size_t unnumbered = size;
  for (size_t row = local_.size(); row-- > 0;) {
    uint32_t& local = local_of_found_[local_[row]];
    if (local == kNone) {
      local = static_cast<uint32_t>(--unnumbered);
      values_[local] = found_values_[local_[row]];
      last_row_[local] = static_cast<uint32_t>(row);
    }
    local_[row] = local;
  }
  behind_.assign(size, kNone);
  uint32_t ended = 0;  // so many first numbers do not appear behind the row
  for (size_t row = 0; row < local_.size(); ++row) {
    ended += static_cast<uint32_t>(last_row_[ended] == row);
    uint32_t& behind = behind_[local_[row]];
    if (behind == kNone) behind = ended;
  }
}

}  // namespace linkwright
