#pragma once

#include <cstdint>

namespace linkwright {

/// A seeded permutation of 0..n-1 of which any place can be asked for alone, in no memory: rows can be shuffled while
/// they are streamed. A Feistel network over the next even number of bits, walked until it falls below n.
/// Source: Black and Rogaway, "Ciphers with arbitrary finite domains" (2002).
class RowShuffle {
 public:
  RowShuffle(uint64_t num_rows, uint64_t seed);

  /// The source place of a row; `row` < num_rows.
  uint64_t operator()(uint64_t row) const;

 private:
  uint64_t encrypt(uint64_t value) const;

  uint64_t num_rows_;
  uint64_t seed_;
  unsigned half_bits_ = 1;
};

}  // namespace linkwright
