#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "expr/value.h"

namespace arrow {
class Array;
}  // namespace arrow

namespace linkwright {

/// A hash that is the same in every process, on machines of the same byte order; and one of two hashes in their order.
uint64_t hash_bytes(std::string_view bytes);
uint64_t combine_hashes(uint64_t first, uint64_t second);

/// Gives each distinct byte string a code, 1 upwards in order of first appearance. An open-addressing table over one
/// growing buffer: no allocation a value. Not thread-safe.
class ByteStringDictionary {
 public:
  ByteStringDictionary();

  /// Makes room for values that are to come, so that they are never moved: growing holds everything twice for a while.
  /// Room that stays unused costs address space, but no memory where there is much of it.
  void reserve(size_t values, size_t bytes);

  /// The code of `bytes`, new or old.
  uint32_t code(std::string_view bytes);

  /// The code of each of `texts` in turn, new or old. Much faster for many: memory that the next ones need is asked for
  /// while the first are looked up.
  void codes(std::span<const std::string_view> texts, uint32_t* codes);

  /// The code of `bytes`, or 0 when it is not there.
  uint32_t find(std::string_view bytes) const;

  uint32_t size() const { return static_cast<uint32_t>(offsets_.size() - 1); }
  std::string_view value(uint32_t code) const {
    return {bytes_.data() + offsets_[code - 1], offsets_[code] - offsets_[code - 1]};
  }

  /// The values as an Arrow text array, in order of their codes; with large offsets only where 2 GiB are not enough.
  /// Takes the dictionary's memory.
  Result<std::shared_ptr<arrow::Array>> to_text_array() &&;

 private:
  struct Slot {
    uint32_t code = 0;  // 0: empty
    uint32_t hash = 0;  // its low bits are the place a slot wants, so that growing reads no values
  };

  uint32_t code(std::string_view bytes, uint32_t hash);
  size_t locate(std::string_view bytes, uint32_t hash) const;
  void grow();

  std::vector<Slot> slots_;
  std::string bytes_;
  std::vector<size_t> offsets_{0};
};

/// A value as bytes that are equal exactly when the values are (of one type): the key under which values other than
/// text are made distinct. Doubles as EncodedColumn says; list elements carry their lengths.
void append_key(const Value& value, std::string* key);

}  // namespace linkwright
