#pragma once

#include <cstdint>

namespace linkwright {

/// A row that was sent here to meet others, where the records at hand are a part of all: the rows that make pairs under
/// one key of a rule arm are brought together in one place, and the pairs are made there and nowhere else.
struct SentRow {
  enum class Side : uint8_t { kAll, kLeft, kRight };  // kAll meets all rows of the tile, kLeft those of kRight

  uint32_t row = 0;
  uint32_t arm = 0;   // of all rules' arms, in order
  uint64_t hash = 0;  // of the key it was sent for (KeyHashes, ExplodedKeys)
  int64_t tile = 0;   // 0: the whole block is here; else a part of a large one
  Side side = Side::kAll;
};

}  // namespace linkwright
