#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace linkwright {

/// Texts one after the other, each behind its length in four bytes, little-endian: as Parquet's PLAIN encoding holds
/// them, so that they go to a file as they are. Up to 2 GiB in all.
class PlainTexts {
 public:
  size_t size() const { return ends_.size(); }
  bool empty() const { return ends_.empty(); }
  std::string_view bytes() const { return {bytes_.get(), used_}; }

  std::string_view operator[](size_t i) const {
    const size_t start = (i == 0 ? 0 : ends_[i - 1]) + kLengthBytes;
    return {bytes_.get() + start, ends_[i] - start};
  }
  std::string_view back() const { return (*this)[size() - 1]; }

  void reserve_bytes(size_t bytes) {
    if (bytes > capacity_) grow_to(bytes);
  }

  void append(std::string_view text) { text.copy(add(text.size()), text.size()); }

  /// Room for a text of `length`, to be written by the caller; it stays where it is until the next call.
  char* add(size_t length) {
    make_room(kLengthBytes + length);
    return add_in_room(length);
  }

  /// The same, in room that `make_room` made: for many texts whose places must stay.
  char* add_in_room(size_t length) {
    const auto bytes = static_cast<uint32_t>(length);
    std::memcpy(bytes_.get() + used_, &bytes, sizeof(bytes));
    char* const place = bytes_.get() + used_ + kLengthBytes;
    used_ += kLengthBytes + length;
    ends_.push_back(static_cast<uint32_t>(used_));
    return place;
  }
  void make_room(size_t bytes) {
    if (used_ + bytes > capacity_) grow_to(std::max(used_ + bytes, 2 * capacity_));
  }

  static constexpr size_t kLengthBytes = sizeof(uint32_t);

 private:
  void grow_to(size_t capacity) {
    std::unique_ptr<char[]> grown(new char[capacity]);  // uninitialised: all of it is written before it is read
    if (used_ > 0) std::memcpy(grown.get(), bytes_.get(), used_);
    bytes_ = std::move(grown);
    capacity_ = capacity;
  }

  std::unique_ptr<char[]> bytes_;
  size_t used_ = 0;
  size_t capacity_ = 0;
  std::vector<uint32_t> ends_;
};

}  // namespace linkwright
