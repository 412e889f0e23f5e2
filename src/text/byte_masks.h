#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace linkwright {

/// For every byte, the positions (as bits) at which a text of up to 64 bytes has it. Only the entries of the text's own
/// bytes are written and later cleared, so that a short text costs its length and not 256 entries.
class ByteMasks {
 public:
  explicit ByteMasks(std::string_view text) : text_(text), masks_(shared_masks()) {
    for (size_t i = 0; i < text.size(); ++i) masks_[byte(text[i])] |= uint64_t{1} << i;
  }
  ~ByteMasks() {
    for (const char c : text_) masks_[byte(c)] = 0;
  }
  ByteMasks(const ByteMasks&) = delete;
  ByteMasks& operator=(const ByteMasks&) = delete;

  uint64_t operator[](char c) const { return masks_[byte(c)]; }

 private:
  static uint8_t byte(char c) { return static_cast<uint8_t>(c); }
  // All zero between uses; one a thread, so at most one ByteMasks lives in a thread at a time.
  static std::array<uint64_t, 256>& shared_masks() {
    static thread_local constinit std::array<uint64_t, 256> masks{};
    return masks;
  }

  std::string_view text_;
  std::array<uint64_t, 256>& masks_;
};

}  // namespace linkwright
