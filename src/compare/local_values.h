#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace linkwright {

/// The codes among the rows of a tile, numbered from 0. Where few repeat, finding those costs more than it saves: then
/// every row has a number of its own. Reused from tile to tile.
class LocalValues {
 public:
  /// `codes` holds one code a row. Where these rows meet those behind them (`meet_behind`), numbers are in order of
  /// last appearance, so that what is not behind a row comes first; else in order of first appearance.
  void assign(std::span<const uint32_t> codes, bool meet_behind);

  /// The local number of a code, the first one of values by place, or kNone.
  uint32_t find(uint32_t code) const;
  /// The next local number with the same code, or kNone: only values by place have any.
  uint32_t next_equal(uint32_t number) const { return by_place_ ? next_equal_[number] : kNone; }
  static constexpr uint32_t kNone = UINT32_MAX;

  /// Codes by local number.
  const std::vector<uint32_t>& values() const { return values_; }
  /// Local number of every row.
  const std::vector<uint32_t>& local() const { return local_; }
  /// Every row's local number is its place; codes may repeat.
  bool by_place() const { return by_place_; }
  /// With `meet_behind`: of each local number, the first number of those that appear behind its first row.
  const std::vector<uint32_t>& behind() const { return behind_; }
  /// Several rows have the same value, null apart.
  bool repeats() const { return repeats_; }

  /// Left values of a tile that are to meet right ones.
  struct Lefts {
    std::span<const uint32_t> codes;
    // The local number of the first right value that each has to meet; empty: 0. What is said of those before counts
    // for nothing.
    std::span<const uint32_t> firsts;
    // Where the left values are the right ones from some local number on: that number.
    std::optional<uint32_t> first_right = std::nullopt;

    size_t first(size_t left) const { return firsts.empty() ? 0 : firsts[left]; }
  };

 private:
  std::vector<uint32_t> values_;
  std::vector<uint32_t> local_;
  std::vector<uint32_t> behind_;
  struct Slot {
    uint32_t code;
    uint32_t tile;   // the slot is empty unless this is the current tile
    uint32_t found;  // the number among the values in order of first appearance
  };
  size_t place_of(uint32_t code) const;
  void number_by_place(std::span<const uint32_t> codes);
  void number_by_last_row();

  std::vector<Slot> slots_;
  std::vector<uint32_t> local_of_found_;
  std::vector<uint32_t> next_equal_;
  std::vector<uint32_t> last_row_;  // of each local number
  std::vector<uint32_t> found_values_;
  bool by_place_ = false;
  bool repeats_ = false;
  uint32_t mask_ = 0;
  uint32_t tile_ = 0;
};

}  // namespace linkwright
