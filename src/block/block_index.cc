#include "block/block_index.h"

#include <algorithm>
#include <array>
#include <utility>

#include "block/row_keys.h"

namespace linkwright {
namespace {

struct KeyedRow {
  uint64_t key;
  uint32_t row;
};

// Least-significant-digit radix sort: stable, so rows stay ascending within a key. Digits of 11 bits keep the counters
// in the first-level cache; a 5M-row key of 33 bits takes three passes, about 60 ms.
void radix_sort(std::vector<KeyedRow>* rows, int bits) {
  constexpr int kDigitBits = 11;
  constexpr size_t kDigits = size_t{1} << kDigitBits;
  std::vector<KeyedRow> sorted(rows->size());
  for (int shift = 0; shift < bits; shift += kDigitBits) {
    std::array<size_t, kDigits> begins{};
    for (const KeyedRow& row : *rows) ++begins[(row.key >> shift) & (kDigits - 1)];
    size_t total = 0;
    for (size_t& begin : begins) total += std::exchange(begin, total);
    for (const KeyedRow& row : *rows) sorted[begins[(row.key >> shift) & (kDigits - 1)]++] = row;
    rows->swap(sorted);
  }
}

std::vector<KeyedRow> sorted_rows(const std::vector<uint64_t>& keys, int bits) {
  std::vector<KeyedRow> rows;
  rows.reserve(keys.size());
  for (size_t row = 0; row < keys.size(); ++row) {
    if (keys[row] != 0) rows.push_back({keys[row], static_cast<uint32_t>(row)});
  }
  radix_sort(&rows, bits);
  return rows;
}

size_t end_of_key(const std::vector<KeyedRow>& rows, size_t begin) {
  size_t end = begin + 1;
  while (end < rows.size() && rows[end].key == rows[begin].key) ++end;
  return end;
}

std::vector<KeyedRow> as_keyed_rows(const std::vector<ExplodedKey>& keys) {
  std::vector<KeyedRow> rows;
  rows.reserve(keys.size());
  for (const ExplodedKey& key : keys) rows.push_back({key.key, key.row});
  return rows;
}

}  // namespace

class BlockIndexBuilder {
 public:
  explicit BlockIndexBuilder(size_t num_rows) : num_rows_(num_rows) {}

  BlockIndex symmetric(const std::vector<KeyedRow>& rows, bool exploded) {
    index_.exploded_ = exploded;
    for (size_t begin = 0; begin < rows.size();) {
      const size_t end = end_of_key(rows, begin);
      if (end - begin > 1) add_block(&index_.left_, rows, begin, end);
      begin = end;
    }
    finish(&index_.left_);
    return std::move(index_);
  }

  BlockIndex two_sided(const std::vector<KeyedRow>& left, const std::vector<KeyedRow>& right, bool exploded) {
    index_.symmetric_ = false;
    index_.exploded_ = exploded;
    size_t at = 0;
    for (size_t begin = 0; begin < left.size();) {
      const size_t end = end_of_key(left, begin);
      while (at < right.size() && right[at].key < left[begin].key) ++at;
      if (at < right.size() && right[at].key == left[begin].key) {
        const size_t right_end = end_of_key(right, at);
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
  static void add_block(BlockIndex::Grouping* grouping, const std::vector<KeyedRow>& rows, size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) grouping->rows.push_back(rows[i].row);
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
    if (keys.right.empty()) return builder.symmetric(as_keyed_rows(keys.left), /*exploded=*/true);
    return builder.two_sided(as_keyed_rows(keys.left), as_keyed_rows(keys.right), /*exploded=*/true);
  }
  ARROW_ASSIGN_OR_RAISE(RowKeys keys, row_keys(arm, records, evaluation));
  const std::vector<KeyedRow> left = sorted_rows(std::exchange(keys.left, {}), keys.bits);
  if (keys.right.empty()) return builder.symmetric(left, /*exploded=*/false);
  return builder.two_sided(left, sorted_rows(std::exchange(keys.right, {}), keys.bits), /*exploded=*/false);
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
