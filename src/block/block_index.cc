#include "block/block_index.h"

#include <algorithm>
#include <utility>

#include "block/keyed_rows.h"
#include "block/row_keys.h"

namespace linkwright {
class BlockIndexBuilder {
 public:
  explicit BlockIndexBuilder(size_t num_rows) : num_rows_(num_rows) {}

  BlockIndex symmetric(const auto& rows, bool exploded) {
    index_.exploded_ = exploded;
    add_blocks_of_pairs(rows, &index_.left_);
    finish(&index_.left_);
    return std::move(index_);
  }

  BlockIndex two_sided(const auto& left, const auto& right, bool exploded) {
    index_.symmetric_ = false;
    index_.exploded_ = exploded;
    size_t at = 0;
    for (size_t begin = 0; begin < left.size();) {
      const size_t end = left.end_of_key(begin);
      while (at < right.size() && right.key(at) < left.key(begin)) ++at;
      if (at < right.size() && right.key(at) == left.key(begin)) {
        const size_t right_end = right.end_of_key(at);
        add_block(&index_.left_, left, begin, end);
        add_block(&index_.right_, right, at, right_end);
        at = right_end;
      }
      begin = end;
    }
    for (BlockIndex::Grouping* side : {&index_.left_, &index_.right_}) {
      side->rows.shrink_to_fit();
      side->begins.shrink_to_fit();
      finish(side);
    }
    return std::move(index_);
  }

 private:
  // Every key with two rows or more makes a block. Where a key ends cannot be foreseen, so nothing branches on it: a
  // row and the end of its block are written in any case, and written over where they do not stay.
  static void add_blocks_of_pairs(const auto& rows, BlockIndex::Grouping* grouping) {
    const auto is_as_next = [&](size_t i) { return i + 1 < rows.size() && rows.key(i) == rows.key(i + 1); };
    size_t num_paired = 0;
    size_t num_blocks = 0;
    bool as_before = false;
    for (size_t i = 0; i < rows.size(); ++i) {
      const bool as_next = is_as_next(i);
      num_paired += static_cast<size_t>(as_before | as_next);
      num_blocks += static_cast<size_t>(!as_before & as_next);
      as_before = as_next;
    }
    grouping->rows.resize(num_paired + 1);  // one more, to be written over
    grouping->begins.resize(num_blocks + 1);
    size_t paired = 0;
    size_t block = 0;
    for (size_t i = 0; i < rows.size(); ++i) {
      const bool as_next = is_as_next(i);
      grouping->begins[block] = static_cast<uint32_t>(paired);
      grouping->rows[paired] = rows.row(i);
      paired += static_cast<size_t>(as_before | as_next);
      block += static_cast<size_t>(!as_before & as_next);
      as_before = as_next;
    }
    grouping->begins[block] = static_cast<uint32_t>(paired);
    grouping->rows.pop_back();
  }

  static void add_block(BlockIndex::Grouping* grouping, const auto& rows, size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) grouping->rows.push_back(rows.row(i));
    grouping->begins.push_back(static_cast<uint32_t>(grouping->rows.size()));
  }

  void finish(BlockIndex::Grouping* grouping) const {
    if (!index_.exploded_) {
      grouping->block_of_row.assign(num_rows_, 0);
      for_each_entry(*grouping, [&](uint32_t row, uint32_t block) { grouping->block_of_row[row] = block; });
      return;
    }
    grouping->row_begins.assign(num_rows_ + 1, 0);
    for (const uint32_t row : grouping->rows) ++grouping->row_begins[row + 1];
    for (size_t row = 0; row < num_rows_; ++row) grouping->row_begins[row + 1] += grouping->row_begins[row];
    grouping->blocks.resize(grouping->rows.size());
    std::vector<uint64_t> next = grouping->row_begins;
    for_each_entry(*grouping, [&](uint32_t row, uint32_t block) { grouping->blocks[next[row]++] = block; });
  }

  static void for_each_entry(const BlockIndex::Grouping& grouping, const auto& visit) {
    for (uint32_t block = 1; block < grouping.begins.size(); ++block) {
      for (const uint32_t row : grouping.rows_of(block)) visit(row, block);
    }
  }

  size_t num_rows_;
  BlockIndex index_;
};

namespace {

template <typename Rows>
Rows sorted_rows(const std::vector<uint64_t>& keys, uint64_t largest_key, Rows rows) {
  for (size_t row = 0; row < keys.size(); ++row) {
    if (keys[row] != 0) rows.add(keys[row], static_cast<uint32_t>(row));
  }
  rows.sort_by_key(largest_key);
  return rows;
}

BlockIndex index_of(RowKeys keys) {
  const size_t num_rows = keys.left.size();
  return with_keyed_rows(keys.largest, num_rows, [&](const auto& new_rows) {
    BlockIndexBuilder builder(num_rows);
    const auto left = sorted_rows(std::exchange(keys.left, {}), keys.largest, new_rows(num_rows));
    if (keys.right.empty()) return builder.symmetric(left, /*exploded=*/false);
    const auto right = sorted_rows(std::exchange(keys.right, {}), keys.largest, new_rows(num_rows));
    return builder.two_sided(left, right, /*exploded=*/false);
  });
}

// Keys of exploded rows come sorted.
BlockIndex index_of(const ExplodedKeys& keys, size_t num_rows) {
  const auto keyed = [&](const std::vector<ExplodedKey>& side) {
    KeyedRows<uint64_t> rows(num_rows, side.size());
    for (const ExplodedKey& key : side) rows.add(key.key, key.row);
    return rows;
  };
  BlockIndexBuilder builder(num_rows);
  if (keys.right.empty()) return builder.symmetric(keyed(keys.left), /*exploded=*/true);
  return builder.two_sided(keyed(keys.left), keyed(keys.right), /*exploded=*/true);
}

// Keys and blocks are in the same order, and keys that make no pairs have no block.
std::vector<uint64_t> hashes_of_blocks(const ExplodedKeys& keys) {
  const auto count_rows = [&](const std::vector<ExplodedKey>& side) {
    std::vector<uint32_t> rows(keys.hashes.size());
    for (const ExplodedKey& key : side) ++rows[key.key];
    return rows;
  };
  const std::vector<uint32_t> lefts = count_rows(keys.left);
  const std::vector<uint32_t> rights = count_rows(keys.right);
  std::vector<uint64_t> hashes;
  for (size_t key = 1; key < keys.hashes.size(); ++key) {
    const bool makes_pairs = keys.right.empty() ? lefts[key] > 1 : lefts[key] > 0 && rights[key] > 0;
    if (makes_pairs) hashes.push_back(keys.hashes[key]);
  }
  return hashes;
}

}  // namespace

Result<BlockIndex> BlockIndex::make(const RuleArm& arm, const std::vector<std::string>& arrays_to_explode,
                                    const RecordTable& records, const EvaluationOptions& evaluation, bool with_hashes) {
  if (!arrays_to_explode.empty()) {
    ARROW_ASSIGN_OR_RAISE(const ExplodedKeys keys, exploded_keys(arm, arrays_to_explode, records, evaluation));
    const size_t most = std::max(keys.left.size(), keys.right.size());
    if (most > UINT32_MAX) {
      return Status::CapacityError("the exploded arrays have ", most, " elements; a rule takes at most ", UINT32_MAX,
                                   ". Shorten the arrays with a derived column, or explode fewer of them");
    }
    BlockIndex index = index_of(keys, records.num_rows());
    if (with_hashes) index.block_hashes_ = hashes_of_blocks(keys);
    return index;
  }
  ARROW_ASSIGN_OR_RAISE(RowKeys keys, row_keys(arm, records, evaluation));
  BlockIndex index = index_of(std::move(keys));
  if (with_hashes) {
    ARROW_ASSIGN_OR_RAISE(const KeyHashes hashes, key_hashes(arm, records, evaluation));
    for (uint32_t block = 1; block <= index.num_blocks(); ++block) {
      index.block_hashes_.push_back(hashes.left[index.left_rows(block)[0]]);
    }
  }
  return index;
}

uint32_t BlockIndex::first_common_block(uint32_t left, uint32_t right) const {
  const Grouping& right_grouping = symmetric_ ? left_ : right_;
  if (!exploded_) {
    const uint32_t block = left_.block_of_row[left];
    return block == right_grouping.block_of_row[right] ? block : 0;
  }
  uint64_t a = left_.row_begins[left];
  uint64_t b = right_grouping.row_begins[right];
  const uint64_t a_end = left_.row_begins[left + 1];
  const uint64_t b_end = right_grouping.row_begins[right + 1];
  while (a < a_end && b < b_end) {
    const uint32_t block_a = left_.blocks[a];
    const uint32_t block_b = right_grouping.blocks[b];
    if (block_a == block_b) return block_a;
    block_a < block_b ? ++a : ++b;
  }
  return 0;
}

void BlockIndex::drop_blocks_of_rows() {
  left_.block_of_row = {};
  right_.block_of_row = {};
}

}  // namespace linkwright
