#include "block/meeting.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

namespace linkwright {
namespace {

// The blocks of an index by the hashes that rows are sent under; where a row is in one block only, by its row.
class BlocksByHash {
 public:
  explicit BlocksByHash(const BlockIndex& index) : index_(index) {
    for (uint32_t block = 1; block <= index.block_hashes().size(); ++block) {
      by_hash_.emplace_back(index.block_hashes()[block - 1], block);
    }
    std::sort(by_hash_.begin(), by_hash_.end());
  }

  // Adds the blocks, one at most but for equal hashes of different keys, that a row was sent for.
  void add_blocks_of(const SentRow& sent, std::vector<uint32_t>* blocks) const {
    if (by_hash_.empty()) {
      if (index_.left_block_of_row().empty()) return;  // of an index without blocks
      const uint32_t block = index_.left_block_of_row()[sent.row];
      if (block != 0) blocks->push_back(block);
      return;
    }
    auto at = std::lower_bound(by_hash_.begin(), by_hash_.end(), std::pair(sent.hash, uint32_t{0}));
    for (; at != by_hash_.end() && at->first == sent.hash; ++at) blocks->push_back(at->second);
  }

 private:
  const BlockIndex& index_;
  std::vector<std::pair<uint64_t, uint32_t>> by_hash_;
};

void sort_and_keep_once(std::vector<uint32_t>* numbers) {
  std::sort(numbers->begin(), numbers->end());
  numbers->erase(std::unique(numbers->begin(), numbers->end()), numbers->end());
}

std::vector<uint32_t> blocks_of(std::span<const SentRow> sent, const BlocksByHash& by_hash) {
  std::vector<uint32_t> blocks;
  for (size_t i = 0; i < sent.size(); ++i) by_hash.add_blocks_of(sent[i], &blocks);
  sort_and_keep_once(&blocks);
  return blocks;
}

}  // namespace

Meetings Meetings::make(const BlockIndex& index, std::vector<SentRow> sent) {
  Meetings meetings;
  const BlocksByHash by_hash(index);
  const auto tiles = std::partition(sent.begin(), sent.end(), [](const SentRow& row) { return row.tile == 0; });
  const auto place = [](const SentRow& row) { return std::tuple(row.hash, row.tile); };
  std::sort(tiles, sent.end(), [&](const SentRow& a, const SentRow& b) { return place(a) < place(b); });
  for (const uint32_t block : blocks_of({sent.begin(), tiles}, by_hash)) {
    meetings.meetings_.push_back(whole_block(index, block));
  }
  for (auto begin = tiles; begin != sent.end();) {
    const auto end = std::find_if(begin, sent.end(), [&](const SentRow& row) { return place(row) != place(*begin); });
    const std::span<const SentRow> tile(begin, end);
    for (const uint32_t block : blocks_of(tile, by_hash)) meetings.add_tile(index, block, tile);
    begin = end;
  }
  return meetings;
}

Meeting Meetings::whole_block(const BlockIndex& index, uint32_t block) {
  const bool symmetric = index.symmetric();
  return {block, {index.left_rows(block), index.right_rows(block), symmetric, /*ordered=*/symmetric}};
}

// Who is on which side does not say whose row is the left one of a pair: both ways round are met, and each keeps its
// pairs in order.
void Meetings::add_tile(const BlockIndex& index, uint32_t block, std::span<const SentRow> sent) {
  const auto rows = [&](SentRow::Side side, bool left) {
    std::vector<uint32_t> chosen;
    for (const SentRow& row : sent) {
      const bool is_in = left ? index.has_left(row.row, block) : index.has_right(row.row, block);
      if (row.side == side && is_in) chosen.push_back(row.row);
    }
    sort_and_keep_once(&chosen);
    return chosen;
  };
  const bool diagonal = index.symmetric();
  add(block, rows(SentRow::Side::kAll, true), diagonal ? std::vector<uint32_t>{} : rows(SentRow::Side::kAll, false),
      diagonal);
  add(block, rows(SentRow::Side::kLeft, true), rows(SentRow::Side::kRight, false), false);
  add(block, rows(SentRow::Side::kRight, true), rows(SentRow::Side::kLeft, false), false);
}

void Meetings::add(uint32_t block, std::vector<uint32_t> lefts, std::vector<uint32_t> rights, bool diagonal) {
  if (lefts.empty() || (rights.empty() && !diagonal)) return;
  const std::span<const uint32_t> left = rows_.emplace_back(std::move(lefts));
  const std::span<const uint32_t> right = diagonal ? left : rows_.emplace_back(std::move(rights));
  meetings_.push_back({block, {left, right, diagonal, /*ordered=*/diagonal}});
}

}  // namespace linkwright
