#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace linkwright {

/// Writes structs in Thrift's compact protocol, which Parquet's headers and footers are in. Fields go in ascending
/// order of their numbers. Source: github.com/apache/thrift, doc/specs/thrift-compact-protocol.md.
class ThriftWriter {
 public:
  explicit ThriftWriter(std::string* out) : out_(out) {}

  void begin_struct() { last_fields_.push_back(0); }
  void end_struct() {
    out_->push_back(0);
    last_fields_.pop_back();
  }

  void i32(int field, int32_t value) { number(field, kI32, value); }
  void i64(int field, int64_t value) { number(field, kI64, value); }
  void text(int field, std::string_view value) {
    begin_field(field, kBinary);
    bare_text(value);
  }
  /// To be followed by begin_struct.
  void structure(int field) { begin_field(field, kStruct); }
  /// To be followed by that many elements.
  void list_of_structs(int field, size_t size) { begin_list(field, kStruct, size); }
  void list_of_i32(int field, size_t size) { begin_list(field, kI32, size); }
  void list_of_texts(int field, size_t size) { begin_list(field, kBinary, size); }

  void element(int32_t value) { varint(zigzag(value)); }
  void bare_text(std::string_view value) {
    varint(value.size());
    out_->append(value);
  }

 private:
  enum Type : uint8_t { kI32 = 5, kI64 = 6, kBinary = 8, kList = 9, kStruct = 12 };

  static uint64_t zigzag(int64_t value) {
    return static_cast<uint64_t>(value) << 1 ^ static_cast<uint64_t>(value >> 63);
  }

  void byte(uint64_t value) { out_->push_back(static_cast<char>(value)); }
  void varint(uint64_t value) {
    for (; value >= 0x80; value >>= 7) byte((value & 0x7f) | 0x80);
    byte(value);
  }
  void begin_field(int field, Type type) {
    byte(static_cast<uint64_t>(field - last_fields_.back()) << 4 | type);  // our numbers are never 15 apart
    last_fields_.back() = field;
  }
  void number(int field, Type type, int64_t value) {
    begin_field(field, type);
    varint(zigzag(value));
  }
  void begin_list(int field, Type type, size_t size) {
    constexpr size_t kLongList = 15;
    begin_field(field, kList);
    byte(std::min(size, kLongList) << 4 | type);
    if (size >= kLongList) varint(size);
  }

  std::string* out_;
  std::vector<int> last_fields_;  // of the structs that are open
};

}  // namespace linkwright
