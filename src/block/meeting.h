#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <vector>

#include "block/block_index.h"
#include "block/sent_row.h"
#include "column/pair_tile.h"

namespace linkwright {

/// Rows that make pairs under one key: a block, or a part of one.
struct Meeting {
  uint32_t block = 0;  // of the index of the arm
  PairTile rows;
};

/// The meetings of the rows that were sent here under one rule arm. Immutable once made; borrows the index.
///
/// A whole block meets as it is in the index. A tile of a large block is a choice of its rows; which of a pair's rows
/// is the left one follows from their order and not from the sides, so that a block may be cut in any way.
class Meetings {
 public:
  /// `sent` are the rows of this arm.
  static Meetings make(const BlockIndex& index, std::vector<SentRow> sent);

  /// A block as the index has it.
  static Meeting whole_block(const BlockIndex& index, uint32_t block);

  uint32_t size() const { return static_cast<uint32_t>(meetings_.size()); }
  /// Number 1 upwards.
  const Meeting& operator[](uint32_t number) const { return meetings_[number - 1]; }

 private:
  void add_tile(const BlockIndex& index, uint32_t block, std::span<const SentRow> sent);
  void add(uint32_t block, std::vector<uint32_t> lefts, std::vector<uint32_t> rights, bool diagonal);

  std::vector<Meeting> meetings_;
  std::deque<std::vector<uint32_t>> rows_;  // of tiles: the meetings point into it
};

}  // namespace linkwright
