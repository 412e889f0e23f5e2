#include "block/block_index.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "block/row_keys.h"

namespace linkwright {
namespace {

// Rows under their keys, each pair in one number, key above row: sorting moves eight bytes a row, and rows stay
// ascending within a key.
class KeyedRows {
 public:
  KeyedRows(size_t num_rows, size_t num_entries) : row_bits_(std::bit_width(num_rows)) {
    entries_.reserve(num_entries);
  }

  void add(uint64_t key, uint32_t row) { entries_.push_back(key << row_bits_ | row); }

  size_t size() const { return entries_.size(); }
  uint64_t key(size_t i) const { return entries_[i] >> row_bits_; }
  uint32_t row(size_t i) const { return static_cast<uint32_t>(entries_[i] & ((uint64_t{1} << row_bits_) - 1)); }
  size_t end_of_key(size_t begin) const {
    size_t end = begin + 1;
    while (end < size() && key(end) == key(begin)) ++end;
    return end;
  }

  void sort_by_key(uint64_t largest_key);

 private:
  int row_bits_;
  std::vector<uint64_t> entries_;
};

// Least-significant-digit radix sort of entries whose rows are ascending. Digits of at most 11 bits keep all counters
// in the first-level cache and are counted in one pass; 1M keys of 32 bits take 11 ms.
void KeyedRows::sort_by_key(uint64_t largest_key) {
  constexpr int kMostDigitBits = 11;
  const int key_bits = std::bit_width(largest_key);
  const int passes = (key_bits + kMostDigitBits - 1) / kMostDigitBits;
  const int digit_bits = (key_bits + passes - 1) / passes;
  const size_t digits = size_t{1} << digit_bits;
  const auto digit = [&](uint64_t entry, int pass) { return entry >> (row_bits_ + pass * digit_bits) & (digits - 1); };
  std::vector<uint32_t> begins(digits * static_cast<size_t>(passes));
  for (const uint64_t entry : entries_) {
    for (int pass = 0; pass < passes; ++pass) ++begins[digits * static_cast<size_t>(pass) + digit(entry, pass)];
  }
  std::vector<uint64_t> sorted(entries_.size());
  for (int pass = 0; pass < passes; ++pass) {
    uint32_t* const next = begins.data() + digits * static_cast<size_t>(pass);
    uint32_t total = 0;
    for (size_t d = 0; d < digits; ++d) total += std::exchange(next[d], total);
    for (const uint64_t entry : entries_) sorted[next[digit(entry, pass)]++] = entry;
    entries_.swap(sorted);
  }
}

KeyedRows sorted_rows(const std::vector<uint64_t>& keys, uint64_t largest_key) {
  KeyedRows rows(keys.size(), keys.size());
  for (size_t row = 0; row < keys.size(); ++row) {
    if (keys[row] != 0) rows.add(keys[row], static_cast<uint32_t>(row));
  }
  rows.sort_by_key(largest_key);
  return rows;
}

KeyedRows as_keyed_rows(const std::vector<ExplodedKey>& keys, size_t num_rows) {
  KeyedRows rows(num_rows, keys.size());
  for (const ExplodedKey& key : keys) rows.add(key.key, key.row);
  return rows;
}

}  // namespace

class BlockIndexBuilder {
 public:
  explicit BlockIndexBuilder(size_t num_rows) : num_rows_(num_rows) {}

  BlockIndex symmetric(const KeyedRows& rows, bool exploded) {
    index_.exploded_ = exploded;
    reserve_blocks(rows, &index_.left_);
    for (size_t begin = 0; begin < rows.size();) {
      const size_t end = rows.end_of_key(begin);
      if (end - begin > 1) add_block(&index_.left_, rows, begin, end);
      begin = end;
    }
    finish(&index_.left_);
    return std::move(index_);
  }

  BlockIndex two_sided(const KeyedRows& left, const KeyedRows& right, bool exploded) {
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
    finish(&index_.left_);
    finish(&index_.right_);
    return std::move(index_);
  }

 private:
  // Room for exactly the rows that have a partner, and their blocks.
  static void reserve_blocks(const KeyedRows& rows, BlockIndex::Grouping* grouping) {
    size_t paired = 0;
    size_t blocks = 0;
    for (size_t i = 1; i < rows.size(); ++i) {
      if (rows.key(i) != rows.key(i - 1)) continue;
      const bool is_second = i == 1 || rows.key(i - 2) != rows.key(i);
      paired += is_second ? 2 : 1;
      blocks += is_second ? 1 : 0;
    }
    grouping->rows.reserve(paired);
    grouping->begins.reserve(blocks + 1);
  }

  static void add_block(BlockIndex::Grouping* grouping, const KeyedRows& rows, size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) grouping->rows.push_back(rows.row(i));
    grouping->begins.push_back(grouping->rows.size());
  }

  void finish(BlockIndex::Grouping* grouping) const {
    grouping->rows.shrink_to_fit();
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

Result<BlockIndex> BlockIndex::make(const RuleArm& arm, const std::vector<std::string>& arrays_to_explode,
                                    const RecordTable& records, const EvaluationOptions& evaluation) {
  BlockIndexBuilder builder(records.num_rows());
  if (!arrays_to_explode.empty()) {
    ARROW_ASSIGN_OR_RAISE(const ExplodedKeys keys, exploded_keys(arm, arrays_to_explode, records, evaluation));
    const KeyedRows left = as_keyed_rows(keys.left, records.num_rows());
    if (keys.right.empty()) return builder.symmetric(left, /*exploded=*/true);
    return builder.two_sided(left, as_keyed_rows(keys.right, records.num_rows()), /*exploded=*/true);
  }
  ARROW_ASSIGN_OR_RAISE(RowKeys keys, row_keys(arm, records, evaluation));
  const KeyedRows left = sorted_rows(std::exchange(keys.left, {}), keys.largest);
  if (keys.right.empty()) return builder.symmetric(left, /*exploded=*/false);
  return builder.two_sided(left, sorted_rows(std::exchange(keys.right, {}), keys.largest), /*exploded=*/false);
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
