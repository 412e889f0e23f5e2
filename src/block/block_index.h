#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/status.h"
#include "block/blocking_rule.h"
#include "column/record_table.h"

namespace linkwright {

/// The rows of all records grouped by the key of one rule arm.
///
/// A symmetric index (the same key expression on both sides) has one list of rows a block, ascending; blocks of a
/// single row are left out. Otherwise a block has left rows and right rows. Blocks are numbered from 1 in order of key,
/// which depends on the data only. Rows whose key is null are in no block. Immutable once made; thread-safe.
/// Cost: O(rows) memory; a radix sort of the keys.
class BlockIndex {
 public:
  /// Errors: a key that cannot be computed for some record; exploded arrays of more elements than 32 bits number.
  static Result<BlockIndex> make(const RuleArm& arm, const std::vector<std::string>& arrays_to_explode,
                                 const RecordTable& records, const EvaluationOptions& evaluation,
                                 bool with_hashes = false);

  bool symmetric() const { return symmetric_; }
  /// A row may be in several blocks (arrays_to_explode).
  bool exploded() const { return exploded_; }
  uint32_t num_blocks() const { return static_cast<uint32_t>(left_.begins.size() - 1); }

  std::span<const uint32_t> left_rows(uint32_t block) const { return left_.rows_of(block); }
  std::span<const uint32_t> right_rows(uint32_t block) const {
    return symmetric_ ? left_.rows_of(block) : right_.rows_of(block);
  }

  /// The block of every row as a left and as a right record, 0 for none; empty when `exploded`.
  std::span<const uint32_t> left_block_of_row() const { return left_.block_of_row; }
  std::span<const uint32_t> right_block_of_row() const { return symmetric_ ? left_.block_of_row : right_.block_of_row; }

  /// The hash of each block's key, made of its values alone, block 1 first (KeyHashes, ExplodedKeys). Only
  /// where they were asked for.
  std::span<const uint64_t> block_hashes() const { return block_hashes_; }

  /// Smallest block that holds `left` as a left and `right` as a right row; 0 when none does.
  uint32_t first_common_block(uint32_t left, uint32_t right) const;

  /// Frees what only `left_block_of_row` and `right_block_of_row` need, once they have been copied.
  void drop_blocks_of_rows();

 private:
  friend class BlockIndexBuilder;
  struct Grouping {
    std::vector<uint32_t> rows;
    std::vector<uint32_t> begins{0};     // of block b: rows[begins[b-1]] to rows[begins[b]]
    std::vector<uint32_t> block_of_row;  // one block a row
    std::vector<uint64_t> row_begins;  // exploded: blocks of row r are blocks[row_begins[r]] to blocks[row_begins[r+1]]
    std::vector<uint32_t> blocks;

    std::span<const uint32_t> rows_of(uint32_t block) const {
      return {rows.data() + begins[block - 1], begins[block] - begins[block - 1]};
    }
  };

  bool symmetric_ = true;
  bool exploded_ = false;
  Grouping left_;
  Grouping right_;
  std::vector<uint64_t> block_hashes_;
};

}  // namespace linkwright
