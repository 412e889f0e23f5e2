#include "profile/value_counter.h"

#include <algorithm>
#include <bit>
#include <functional>

namespace linkwright {
namespace {

constexpr uint64_t kGolden = 0x9e3779b97f4a7c15ULL;

uint64_t mix(uint64_t value) {
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ULL;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebULL;
  return value ^ (value >> 31);
}

uint64_t not_zero(uint64_t hash) { return hash == 0 ? kGolden : hash; }

}  // namespace

uint64_t hash_value(std::string_view text) { return not_zero(mix(std::hash<std::string_view>{}(text))); }

uint64_t combine_value_hashes(uint64_t one, uint64_t other) {
  if (one == 0 || other == 0) return 0;
  return not_zero(mix(one * kGolden + other));
}

ValueCounter::ValueCounter(size_t expected_distinct) : slots_(std::bit_ceil(2 * expected_distinct + 2)) {}

void ValueCounter::add(uint64_t hash, uint32_t place) {
  const size_t mask = slots_.size() - 1;
  size_t slot = hash & mask;
  while (slots_[slot].hash != hash) {
    if (slots_[slot].hash == 0) {
      slots_[slot] = {hash, 1, place};
      if (++distinct_ * 2 > slots_.size()) grow();
      return;
    }
    slot = (slot + 1) & mask;
  }
  ++slots_[slot].count;
}

void ValueCounter::grow() {
  std::vector<Slot> larger(slots_.size() * 2);
  const size_t mask = larger.size() - 1;
  for (const Slot& old : slots_) {
    if (old.hash == 0) continue;
    size_t slot = old.hash & mask;
    while (larger[slot].hash != 0) slot = (slot + 1) & mask;
    larger[slot] = old;
  }
  slots_ = std::move(larger);
}

uint64_t ValueCounter::pairs() const {
  uint64_t pairs = 0;
  for (const Slot& slot : slots_) pairs += uint64_t{slot.count} * (slot.count - (slot.count > 0)) / 2;
  return pairs;
}

std::vector<ValueCounter::Slot> ValueCounter::top(size_t most) const {
  std::vector<Slot> filled;
  for (const Slot& slot : slots_) {
    if (slot.hash != 0) filled.push_back(slot);
  }
  const auto more_frequent = [](const Slot& one, const Slot& other) {
    return one.count != other.count ? one.count > other.count : one.first_place < other.first_place;
  };
  const size_t kept = std::min(most, filled.size());
  std::partial_sort(filled.begin(), filled.begin() + static_cast<ptrdiff_t>(kept), filled.end(), more_frequent);
  filled.resize(kept);
  return filled;
}

}  // namespace linkwright
