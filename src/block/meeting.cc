#include "block/meeting.h"

namespace linkwright {

Meetings Meetings::make(const BlockIndex& index, const BlockShare& share, std::span<const uint64_t> record_hashes) {
  Meetings meetings;
  for (uint32_t block = 1; block <= index.num_blocks(); ++block) {
    const uint64_t hash = index.block_hashes()[block - 1];
    if (share.parts(hash) > 1) {
      meetings.add_tiles(index, block, share, record_hashes);
    } else if (share.is_here(hash)) {
      meetings.meetings_.push_back(whole_block(index, block));
    }
  }
  return meetings;
}

Meeting Meetings::whole_block(const BlockIndex& index, uint32_t block) {
  const bool symmetric = index.symmetric();
  return {block, {index.left_rows(block), index.right_rows(block), symmetric, /*ordered=*/symmetric}};
}

// Whose part is which does not say whose row is the left one of a pair: both ways round are met, and each keeps its
// pairs in order. Rows of parts that do not meet here may be a few of many, for they came under other keys.
void Meetings::add_tiles(const BlockIndex& index, uint32_t block, const BlockShare& share,
                         std::span<const uint64_t> record_hashes) {
  const uint64_t hash = index.block_hashes()[block - 1];
  const uint32_t parts = share.parts(hash);
  const auto cut = [&](std::span<const uint32_t> rows) {
    const size_t first = rows_.size();
    rows_.resize(first + parts);
    for (const uint32_t row : rows) rows_[first + BlockShare::part_of(record_hashes[row], parts)].push_back(row);
    return first;
  };
  const size_t lefts = cut(index.left_rows(block));
  const size_t rights = index.symmetric() ? lefts : cut(index.right_rows(block));
  for (uint32_t i = 0; i < parts; ++i) {
    for (uint32_t j = i; j < parts; ++j) {
      if (!share.is_tile_here(hash, i, j)) continue;
      add(block, rows_[lefts + i], rows_[rights + j], index.symmetric() && i == j);
      if (i != j) add(block, rows_[lefts + j], rows_[rights + i], false);
    }
  }
}

void Meetings::add(uint32_t block, std::span<const uint32_t> lefts, std::span<const uint32_t> rights, bool diagonal) {
  if (lefts.empty() || rights.empty()) return;
  meetings_.push_back({block, {lefts, rights, diagonal, /*ordered=*/diagonal}});
}

}  // namespace linkwright
