#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace linkwright {

/// Rows under their keys, to be brought into order of key with rows ascending within one.
///
/// A key and its row are one number, key above row, so that sorting moves little: eight bytes where both fit in 64 bits
/// (`Entry` uint64_t), else sixteen (WideEntry). Not thread-safe.
template <typename Entry>
class KeyedRows {
 public:
  /// `num_rows`: no row is at or above it.
  KeyedRows(size_t num_rows, size_t num_entries) : row_bits_(std::bit_width(num_rows)) {
    entries_.reserve(num_entries);
  }

  void add(uint64_t key, uint32_t row) { entries_.push_back(Entry{key} << row_bits_ | row); }

  size_t size() const { return entries_.size(); }
  uint64_t key(size_t i) const { return static_cast<uint64_t>(entries_[i] >> row_bits_); }
  uint32_t row(size_t i) const { return static_cast<uint32_t>(entries_[i] & ((Entry{1} << row_bits_) - 1)); }

  /// The first place behind `begin` with another key.
  size_t end_of_key(size_t begin) const {
    size_t end = begin + 1;
    while (end < size() && key(end) == key(begin)) ++end;
    return end;
  }

  /// Entries must have been added in order of row; `largest_key` is at least every key. A least-significant-digit radix
  /// sort: digits of at most 11 bits keep all counters in the first-level cache and are counted in one pass. 1M keys of
  /// 32 bits take about 15 ms.
  void sort_by_key(uint64_t largest_key) {
    constexpr int kMostDigitBits = 11;
    const int key_bits = std::bit_width(largest_key);
    const int passes = (key_bits + kMostDigitBits - 1) / kMostDigitBits;
    if (passes == 0) return;
    const int digit_bits = (key_bits + passes - 1) / passes;
    const size_t digits = size_t{1} << digit_bits;
    const auto digit = [&](Entry entry, int pass) {
      return static_cast<size_t>(entry >> (row_bits_ + pass * digit_bits)) & (digits - 1);
    };
    std::vector<size_t> begins(digits * static_cast<size_t>(passes));
    for (const Entry entry : entries_) {
      for (int pass = 0; pass < passes; ++pass) ++begins[digits * static_cast<size_t>(pass) + digit(entry, pass)];
    }
    std::vector<Entry> sorted(entries_.size());
    for (int pass = 0; pass < passes; ++pass) {
      size_t* const next = begins.data() + digits * static_cast<size_t>(pass);
      size_t total = 0;
      for (size_t d = 0; d < digits; ++d) total += std::exchange(next[d], total);
      for (const Entry entry : entries_) sorted[next[digit(entry, pass)]++] = entry;
      entries_.swap(sorted);
    }
  }

 private:
  int row_bits_;
  std::vector<Entry> entries_;
};

__extension__ using WideEntry = unsigned __int128;

/// Calls `visit(new_rows)`, where `new_rows(num_entries)` makes `KeyedRows` whose entries hold keys up to `largest_key`
/// and rows below `num_rows`.
auto with_keyed_rows(uint64_t largest_key, size_t num_rows, const auto& visit) {
  const bool fits = std::bit_width(largest_key) + std::bit_width(num_rows) <= 64;
  return fits ? visit([=](size_t num_entries) { return KeyedRows<uint64_t>(num_rows, num_entries); })
              : visit([=](size_t num_entries) { return KeyedRows<WideEntry>(num_rows, num_entries); });
}

}  // namespace linkwright
