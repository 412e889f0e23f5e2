#include "token/text_encoding.h"

#include <tmmintrin.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace linkwright {
namespace {

constexpr size_t kBase64Bytes = 12;  // one step of base64: 12 bytes to 16 characters
constexpr size_t kBase64Chars = 16;

__m128i load(const uint8_t* bytes) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes)); }
void store(char* out, __m128i chars) { _mm_storeu_si128(reinterpret_cast<__m128i*>(out), chars); }

/// The first 12 of 16 bytes as base64, by W. Mula and D. Lemire, "Faster Base64 Encoding and Decoding Using AVX2
/// Instructions" (2018), in 128 bits: two multiplications move the four 6-bit groups of every 3 bytes into bytes of
/// their own, and one table lookup finds what to add to a group to get its character.
__m128i base64_of_12(__m128i bytes) {
  const __m128i triples = _mm_shuffle_epi8(bytes, _mm_set_epi8(10, 11, 9, 10, 7, 8, 6, 7, 4, 5, 3, 4, 1, 2, 0, 1));
  const __m128i outer = _mm_mulhi_epu16(_mm_and_si128(triples, _mm_set1_epi32(0x0fc0fc00)), _mm_set1_epi32(0x04000040));
  const __m128i inner = _mm_mullo_epi16(_mm_and_si128(triples, _mm_set1_epi32(0x003f03f0)), _mm_set1_epi32(0x01000010));
  const __m128i groups = _mm_or_si128(outer, inner);
  // 0 for a-z, 1 to 10 for the digits, 11 for +, 12 for /, 13 for A-Z.
  const __m128i upper = _mm_and_si128(_mm_cmpgt_epi8(_mm_set1_epi8(26), groups), _mm_set1_epi8(13));
  const __m128i kind = _mm_or_si128(_mm_subs_epu8(groups, _mm_set1_epi8(51)), upper);
  constexpr char kDigit = '0' - 52;
  const __m128i shifts = _mm_setr_epi8('a' - 26, kDigit, kDigit, kDigit, kDigit, kDigit, kDigit, kDigit, kDigit, kDigit,
                                       kDigit, '+' - 62, '/' - 63, 'A', 0, 0);
  return _mm_add_epi8(_mm_shuffle_epi8(shifts, kind), groups);
}

/// The last `size` bytes of a text of `whole`, fewer than 16, with zeros behind them.
__m128i last_bytes(const uint8_t* bytes, size_t size, size_t whole) {
  if (whole < sizeof(__m128i)) {
    std::array<uint8_t, sizeof(__m128i)> copy{};
    std::memcpy(copy.data(), bytes, size);
    return load(copy.data());
  }
  // The 16 bytes that end where the text does, moved to the front.
  static constexpr std::array<uint8_t, 2 * sizeof(__m128i)> kMoves = [] {
    std::array<uint8_t, 2 * sizeof(__m128i)> moves{};
    for (size_t i = 0; i < moves.size(); ++i) moves[i] = i < sizeof(__m128i) ? static_cast<uint8_t>(i) : 0x80;
    return moves;
  }();
  const size_t by = sizeof(__m128i) - size;
  return _mm_shuffle_epi8(load(bytes - by), load(kMoves.data() + by));
}

}  // namespace

void write_hex(const uint8_t* bytes, size_t size, char* out) {
  const __m128i digits = _mm_setr_epi8('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f');
  const __m128i low_half = _mm_set1_epi8(0x0f);
  for (; size >= sizeof(__m128i); size -= sizeof(__m128i), bytes += sizeof(__m128i), out += 2 * sizeof(__m128i)) {
    const __m128i all = load(bytes);
    const __m128i high = _mm_shuffle_epi8(digits, _mm_and_si128(_mm_srli_epi16(all, 4), low_half));
    const __m128i low = _mm_shuffle_epi8(digits, _mm_and_si128(all, low_half));
    store(out, _mm_unpacklo_epi8(high, low));
    store(out + sizeof(__m128i), _mm_unpackhi_epi8(high, low));
  }
  for (; size > 0; --size, ++bytes) {
    *out++ = "0123456789abcdef"[*bytes >> 4];
    *out++ = "0123456789abcdef"[*bytes & 15];
  }
}

void write_base64(const uint8_t* bytes, size_t size, char* out) {
  const size_t whole = size;
  for (; size >= kBase64Chars; size -= kBase64Bytes, bytes += kBase64Bytes, out += kBase64Chars) {
    store(out, base64_of_12(load(bytes)));
  }
  if (size == 0) return;
  for (__m128i rest = last_bytes(bytes, size, whole); size > 0; rest = _mm_srli_si128(rest, kBase64Bytes)) {
    const size_t used = std::min(kBase64Bytes, size);
    std::array<char, kBase64Chars> chars;
    store(chars.data(), base64_of_12(rest));
    const size_t length = (used + 2) / 3 * 4;
    for (size_t i = (used * 4 + 2) / 3; i < length; ++i) chars[i] = '=';
    std::memcpy(out, chars.data(), length);
    out += length;
    size -= used;
  }
}

}  // namespace linkwright
