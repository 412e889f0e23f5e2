#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <vector>

#include "block/block_index.h"
#include "block/block_share.h"
#include "column/pair_tile.h"

namespace linkwright {

/// Rows that make pairs under one key: a block, or a part of one.
struct Meeting {
  uint32_t block = 0;  // of the index of the arm
  PairTile rows;
};

/// The meetings that one rule arm makes here, where records are spread over partitions. Immutable once made; borrows
/// the index.
///
/// A whole block meets as it is in the index. A tile of a cut block is a choice of its rows; which of a pair's rows is
/// the left one follows from their order and not from their parts, so that a block may be cut in any way.
class Meetings {
 public:
  /// The index has the hashes of its blocks. `record_hashes` has one a row, where the share has cut blocks.
  static Meetings make(const BlockIndex& index, const BlockShare& share, std::span<const uint64_t> record_hashes);

  /// A block as the index has it.
  static Meeting whole_block(const BlockIndex& index, uint32_t block);

  uint32_t size() const { return static_cast<uint32_t>(meetings_.size()); }
  /// Number 1 upwards.
  const Meeting& operator[](uint32_t number) const { return meetings_[number - 1]; }

 private:
  void add_tiles(const BlockIndex& index, uint32_t block, const BlockShare& share,
                 std::span<const uint64_t> record_hashes);
  void add(uint32_t block, std::span<const uint32_t> lefts, std::span<const uint32_t> rights, bool diagonal);

  std::vector<Meeting> meetings_;
  std::deque<std::vector<uint32_t>> rows_;  // of the parts of cut blocks: the meetings point into it
};

}  // namespace linkwright
