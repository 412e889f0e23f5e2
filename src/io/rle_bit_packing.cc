#include "io/rle_bit_packing.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cstring>
#include <utility>

namespace linkwright {
namespace {

constexpr size_t kGroup = 8;
constexpr int kWidest = 32;
constexpr size_t kLongestHeader = 5;

uint8_t* append_varint(uint64_t number, uint8_t* out) {
  while (number >= 0x80) {
    *out++ = static_cast<uint8_t>(number | 0x80);
    number >>= 7;
  }
  *out++ = static_cast<uint8_t>(number);
  return out;
}

// Eight values in kWidth bytes, the first in the lowest bits. Unrolled by the compiler, every shift is a constant.
template <int kWidth>
uint8_t* pack_group(const uint32_t* values, uint8_t* out) {
  uint64_t word = 0;
  int bits = 0;
  for (size_t k = 0; k < kGroup; ++k) {
    word |= uint64_t{values[k]} << bits;
    bits += kWidth;
    if (bits >= 32) {
      std::memcpy(out, &word, 4);
      out += 4;
      word >>= 32;
      bits -= 32;
    }
  }
  std::memcpy(out, &word, static_cast<size_t>(bits / 8));
  return out + bits / 8;
}

template <int kWidth>
uint8_t* pack(std::span<const uint32_t> values, uint8_t* out) {
  const size_t whole = values.size() / kGroup * kGroup;
  for (size_t k = 0; k < whole; k += kGroup) out = pack_group<kWidth>(values.data() + k, out);
  if (whole < values.size()) {
    std::array<uint32_t, kGroup> last{};
    std::copy(values.begin() + static_cast<std::ptrdiff_t>(whole), values.end(), last.begin());
    out = pack_group<kWidth>(last.data(), out);
  }
  return out;
}

using Packer = uint8_t* (*)(std::span<const uint32_t>, uint8_t*);

template <int... kWidths>
constexpr std::array<Packer, sizeof...(kWidths)> packers(std::integer_sequence<int, kWidths...> /*widths*/) {
  return {&pack<kWidths + 1>...};
}

uint8_t* append_packed(std::span<const uint32_t> values, int bit_width, uint8_t* out) {
  static constexpr auto kPackers = packers(std::make_integer_sequence<int, kWidest>());
  if (values.empty()) return out;
  out = append_varint((values.size() + kGroup - 1) / kGroup << 1 | 1, out);
  return kPackers[static_cast<size_t>(bit_width - 1)](values, out);
}

uint8_t* append_run(uint32_t value, size_t length, int bit_width, uint8_t* out) {
  out = append_varint(length << 1, out);
  const auto bytes = static_cast<size_t>((bit_width + 7) / 8);
  std::memcpy(out, &value, bytes);
  return out + bytes;
}

bool is_run(const uint32_t* group) {
  uint32_t differences = 0;
  for (size_t k = 1; k < kGroup; ++k) differences |= group[k] ^ group[0];
  return differences == 0;
}

// A run ends the packed values before it, so it costs the header of those that follow as well as its own.
size_t shortest_run(int bit_width) {
  const size_t bytes_of_run = 3 + static_cast<size_t>((bit_width + 7) / 8);
  return (bytes_of_run / static_cast<size_t>(bit_width) + 1) * kGroup;
}

}  // namespace

int bits_for(size_t count) { return count <= 2 ? 1 : static_cast<int>(std::bit_width(count - 1)); }

size_t most_rle_bit_packed_bytes(size_t size, int bit_width) {
  return (size + kGroup - 1) / kGroup * (static_cast<size_t>(bit_width) + 1) + 2 * kLongestHeader;
}

uint8_t* append_rle_bit_packed(std::span<const uint32_t> values, int bit_width, uint8_t* out) {
  assert(bit_width >= 1 && bit_width <= kWidest);
  const size_t shortest = shortest_run(bit_width);
  size_t unwritten = 0;
  size_t k = 0;
  while (k + kGroup <= values.size()) {
    if (is_run(values.data() + k)) {
      const auto rest = values.subspan(k);
      const auto end = std::find_if(rest.begin(), rest.end(), [&](uint32_t value) { return value != rest[0]; });
      const auto length = static_cast<size_t>(end - rest.begin());
      if (length >= shortest) {
        out = append_packed(values.subspan(unwritten, k - unwritten), bit_width, out);
        out = append_run(rest[0], length, bit_width, out);
        k += length;
        unwritten = k;
        continue;
      }
    }
    k += kGroup;
  }
  return append_packed(values.subspan(unwritten), bit_width, out);
}

}  // namespace linkwright
