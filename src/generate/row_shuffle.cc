#include "generate/row_shuffle.h"

#include <bit>

#include "generate/random_stream.h"

namespace linkwright {

RowShuffle::RowShuffle(uint64_t num_rows, uint64_t seed) : num_rows_(num_rows), seed_(mix_bits(seed + 1)) {
  if (num_rows > 1) half_bits_ = static_cast<unsigned>(std::bit_width(num_rows - 1) + 1) / 2;
}

uint64_t RowShuffle::encrypt(uint64_t value) const {
  constexpr uint64_t kRounds = 4;
  const uint64_t mask = (uint64_t{1} << half_bits_) - 1;
  uint64_t left = value >> half_bits_;
  uint64_t right = value & mask;
  for (uint64_t round = 0; round < kRounds; ++round) {
    const uint64_t mixed = left ^ (mix_bits(seed_ + (round << 60) + right) & mask);
    left = right;
    right = mixed;
  }
  return (left << half_bits_) | right;
}

uint64_t RowShuffle::operator()(uint64_t row) const {
  do {
    row = encrypt(row);
  } while (row >= num_rows_);
  return row;
}

}  // namespace linkwright
