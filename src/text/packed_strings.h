#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace linkwright {

/// Texts laid out for comparing a text with all of them at once (many_to_many.h).
///
/// Texts of up to 64 bytes come in groups that fill a 64-byte vector: 64 texts of up to 8 bytes, 32 of up to 16, 16 of
/// up to 32, or 8 of up to 64, one a lane. Many texts are sorted by length, so that groups can be passed over. For
/// every byte that occurs, a group has a vector with, lane by lane, the places of that byte in the lane's text, so that
/// a kernel loads what it needs of all texts with one read. Longer texts stay single. Borrows the texts' bytes.
/// `assign` reuses memory. Safe to read from any thread. Source: the layout of rapidfuzz-cpp's multi-string scorers,
/// after Hyyro, Fredriksson and Navarro (2005).
class PackedStrings {
 public:
  static constexpr size_t kVectorBytes = 64;

  struct alignas(kVectorBytes) Vector {
    std::array<uint8_t, kVectorBytes> bytes;
  };

  struct Group {
    uint32_t lane_bytes;  // 1, 2, 4 or 8: lanes have 8 times as many bits
    uint32_t first;       // of the group's texts in `order`
    uint32_t size;        // texts; other lanes are empty
    uint32_t min_length;
    uint32_t max_length;
    uint32_t vectors;  // in `vectors`: lengths, last-place bits, then places of every byte of the alphabet
    uint64_t indices;  // where texts are few: a bit for the index of each of the group's
  };

  void assign(std::span<const std::string_view> texts);

  size_t size() const { return texts_.size(); }
  /// So few texts that they lie in order of index within groups.
  bool are_few() const { return texts_.size() <= kFew; }
  std::string_view text(size_t index) const { return texts_[index]; }

  std::span<const Group> groups() const { return groups_; }
  /// Texts too long for a group, by index.
  std::span<const uint32_t> singles() const { return singles_; }
  /// Index of the text in each lane of the groups, group by group.
  std::span<const uint32_t> order() const { return order_; }
  const Vector* vectors() const { return vectors_.data(); }
  /// Place of a byte in the alphabet; 0 for bytes that no text has (their vector is zero).
  uint8_t letter(uint8_t byte) const { return letters_[byte]; }

  /// Vectors of a group before those of the alphabet.
  static constexpr size_t kLengths = 0;
  static constexpr size_t kLastPlaces = 1;
  static constexpr size_t kAlphabet = 2;

 private:
  static constexpr size_t kFew = 64;
  void add_group(uint32_t lane_bytes, uint32_t first, uint32_t size);

  std::vector<std::string_view> texts_;
  std::vector<Group> groups_;
  std::vector<uint32_t> singles_;
  std::vector<uint32_t> order_;
  std::vector<Vector> vectors_;
  std::array<uint8_t, 256> letters_{};  // kept from one assign to the next while they are few
  size_t alphabet_ = 1;
};

}  // namespace linkwright
