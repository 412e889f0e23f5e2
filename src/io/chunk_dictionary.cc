#include "io/chunk_dictionary.h"

#include <algorithm>
#include <utility>

namespace linkwright {
namespace {

constexpr uint32_t kNone = UINT32_MAX;
constexpr size_t kFewCodes = 4096;  // 16 KiB of numbers, which stay in the first cache
constexpr int kFirstSlotBits = 10;

}  // namespace

ChunkDictionary::ChunkDictionary(size_t num_codes) {
  if (num_codes <= kFewCodes) {
    number_of_code_.assign(num_codes, kNone);
  } else {
    slots_.assign(size_t{1} << kFirstSlotBits, {0, kNone});
    shift_ = 64 - kFirstSlotBits;
  }
}

// Fibonacci hashing: codes that lie together are spread, so that no two stretches of codes run into each other.
size_t ChunkDictionary::first_slot(uint32_t code) const {
  constexpr uint64_t kGoldenRatio = 0x9E3779B97F4A7C15;
  return static_cast<size_t>((code * kGoldenRatio) >> shift_);
}

size_t ChunkDictionary::locate(uint32_t code) const {
  size_t slot = first_slot(code);
  while (slots_[slot].number != kNone && slots_[slot].code != code) slot = (slot + 1) & (slots_.size() - 1);
  return slot;
}

void ChunkDictionary::grow() {
  slots_.assign(slots_.size() * 2, {0, kNone});
  --shift_;
  for (uint32_t number = 0; number < codes_.size(); ++number) slots_[locate(codes_[number])] = {codes_[number], number};
}

void ChunkDictionary::number_directly(std::span<const int32_t> codes, uint32_t* numbers) {
  for (const int32_t code : codes) {
    uint32_t& number = number_of_code_[static_cast<uint32_t>(code)];
    if (number == kNone) {
      number = static_cast<uint32_t>(codes_.size());
      codes_.push_back(static_cast<uint32_t>(code));
    }
    *numbers++ = number;
  }
}

// Whether a code is new cannot be foretold, so slots are asked for some codes ahead: a wrong guess then waits for less.
void ChunkDictionary::number(std::span<const int32_t> codes, uint32_t* numbers) {
  constexpr size_t kAhead = 32;
  if (slots_.empty()) return number_directly(codes, numbers);
  for (size_t k = 0; k < codes.size(); ++k) {
    if (k + kAhead < codes.size()) __builtin_prefetch(&slots_[first_slot(static_cast<uint32_t>(codes[k + kAhead]))]);
    const auto code = static_cast<uint32_t>(codes[k]);
    Slot& slot = slots_[locate(code)];
    if (slot.number == kNone) {
      slot = {code, static_cast<uint32_t>(codes_.size())};
      codes_.push_back(code);
      numbers[k] = slot.number;
      if (codes_.size() * 2 > slots_.size()) grow();
    } else {
      numbers[k] = slot.number;
    }
  }
}

void ChunkDictionary::clear() {
  std::fill(number_of_code_.begin(), number_of_code_.end(), kNone);
  std::fill(slots_.begin(), slots_.end(), Slot{0, kNone});
  codes_.clear();
}

}  // namespace linkwright
