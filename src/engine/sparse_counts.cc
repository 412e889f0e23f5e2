#include "engine/sparse_counts.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <string_view>
#include <utility>

namespace linkwright {
namespace {

constexpr size_t kFirstSlots = 1 << 10;
constexpr size_t kCountsAtATime = 1 << 12;

uint64_t hash_of(const PatternCount& count) {
  uint64_t hash = count.pattern * 0x9E3779B97F4A7C15ULL;
  hash = (hash ^ count.adjusted_comparisons) * 0xBF58476D1CE4E5B9ULL;
  hash = (hash ^ std::bit_cast<uint64_t>(count.adjustment)) * 0x94D049BB133111EBULL;
  return hash ^ (hash >> 31);
}

bool is_same(const PatternCount& a, const PatternCount& b) {
  return a.pattern == b.pattern && a.adjusted_comparisons == b.adjusted_comparisons &&
         std::bit_cast<uint64_t>(a.adjustment) == std::bit_cast<uint64_t>(b.adjustment);
}

// A number whose order as an unsigned one is that of the double.
constexpr uint64_t kSign = uint64_t{1} << 63;
uint64_t ordered_bits(double value) {
  const auto bits = std::bit_cast<uint64_t>(value);
  return (bits & kSign) != 0 ? ~bits : bits | kSign;
}
double from_ordered_bits(uint64_t bits) { return std::bit_cast<double>((bits & kSign) != 0 ? bits & ~kSign : ~bits); }

// A count as bytes that sort as counts do; what it counts comes last.
using CountBytes = std::array<uint64_t, 4>;

CountBytes to_bytes(const PatternCount& count) {
  return {__builtin_bswap64(count.pattern), __builtin_bswap64(count.adjusted_comparisons),
          __builtin_bswap64(ordered_bits(count.adjustment)), __builtin_bswap64(count.pairs)};
}

PatternCount from_bytes(std::string_view text) {
  CountBytes bytes;
  std::memcpy(bytes.data(), text.data(), sizeof(bytes));
  return {__builtin_bswap64(bytes[0]), __builtin_bswap64(bytes[1]), from_ordered_bits(__builtin_bswap64(bytes[2])),
          __builtin_bswap64(bytes[3])};
}

}  // namespace

PatternCounts::PatternCounts(std::vector<PatternCount> counts) : held_(std::move(counts)) {
  for (const PatternCount& count : held_) num_pairs_ += count.pairs;
}

Status PatternCounts::for_each(const PatternCountVisitor& visit) const {
  ARROW_RETURN_NOT_OK(put_away_.for_each_piece([&](std::span<const PatternCount> piece) {
    visit(piece);
    return Status::OK();
  }));
  if (!held_.empty()) visit(held_);
  return Status::OK();
}

Status PatternCounts::append(const PatternCount& count, size_t most_held, const std::string& folder) {
  num_pairs_ += count.pairs;
  held_.push_back(count);
  if (held_.size() < (put_away_.empty() ? most_held : kCountsAtATime)) return Status::OK();
  ARROW_RETURN_NOT_OK(put_away_.append(held_, folder));
  held_ = {};
  return Status::OK();
}

// Of the memory, half is for the tables, a quarter for sorting, and a quarter for the result.
SparseCounts::SparseCounts(int workers, size_t memory_bytes, std::string folder)
    : most_slots_(std::max(kFirstSlots,
                           std::bit_floor(memory_bytes / 2 / static_cast<size_t>(workers) / sizeof(PatternCount)))),
      most_held_(std::max(kCountsAtATime, memory_bytes / 4 / sizeof(PatternCount))),
      folder_(std::move(folder)),
      tables_(static_cast<size_t>(workers)),
      sorter_(memory_bytes / 4, folder_) {}

PatternCount* SparseCounts::find(Table* table, const PatternCount& count) {
  const size_t mask = table->slots.size() - 1;
  size_t at = hash_of(count) & mask;
  while (table->slots[at].pairs != 0 && !is_same(table->slots[at], count)) at = (at + 1) & mask;
  return &table->slots[at];
}

void SparseCounts::grow(Table* table) {
  std::vector<PatternCount> old(std::max(kFirstSlots, 2 * table->slots.size()));
  old.swap(table->slots);
  for (const PatternCount& count : old) {
    if (count.pairs != 0) *find(table, count) = count;
  }
}

Status SparseCounts::add(int worker, const PatternCount& count) {
  Table& table = tables_[static_cast<size_t>(worker)];
  if (4 * table.used >= 3 * table.slots.size()) {
    // Old and new stand side by side while a table grows, so that the last step is not taken.
    if (2 * table.slots.size() < most_slots_ || table.slots.empty()) {
      grow(&table);
    } else {
      ARROW_RETURN_NOT_OK(drain(&table));
    }
  }
  PatternCount* slot = find(&table, count);
  if (slot->pairs == 0) {
    *slot = count;
    slot->pairs = 0;
    ++table.used;
  }
  ++slot->pairs;
  return Status::OK();
}

Status SparseCounts::drain(Table* table) {
  const std::lock_guard<std::mutex> lock(draining_);
  for (PatternCount& count : table->slots) {
    if (count.pairs == 0) continue;
    const CountBytes bytes = to_bytes(count);
    ARROW_RETURN_NOT_OK(sorter_.add({reinterpret_cast<const char*>(bytes.data()), sizeof(bytes)}));
    count.pairs = 0;
  }
  table->used = 0;
  return Status::OK();
}

Result<PatternCounts> SparseCounts::finish() && {
  for (Table& table : tables_) {
    ARROW_RETURN_NOT_OK(drain(&table));
    table = {};
  }
  ARROW_RETURN_NOT_OK(sorter_.finish());
  PatternCounts counts;
  PatternCount last;
  std::string_view text;
  for (;;) {
    ARROW_ASSIGN_OR_RAISE(const bool more, sorter_.next(&text));
    if (!more) break;
    const PatternCount count = from_bytes(text);
    if (last.pairs != 0 && is_same(last, count)) {
      last.pairs += count.pairs;
      continue;
    }
    if (last.pairs != 0) ARROW_RETURN_NOT_OK(counts.append(last, most_held_, folder_));
    last = count;
  }
  if (last.pairs != 0) ARROW_RETURN_NOT_OK(counts.append(last, most_held_, folder_));
  return counts;
}

}  // namespace linkwright
