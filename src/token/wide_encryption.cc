#include "token/wide_encryption.h"

#include <immintrin.h>
#include <openssl/crypto.h>

#include <algorithm>

#include "token/token_crypto.h"
#include "token/token_kernels.h"
#include "token/wide_base64.h"

namespace linkwright {
namespace {

constexpr size_t kGroup = 4;  // messages at a time
constexpr __mmask64 kOfToken = (__mmask64{1} << kHashTokenLength) - 1;

/// A product of polynomials before it is reduced, in three parts that overlap: the low half, the middle, the high half.
struct Product {
  __m512i low;
  __m512i middle;
  __m512i high;
};

LW_WIDE_TOKENS inline __m512i xor3(__m512i a, __m512i b, __m512i c) { return _mm512_ternarylogic_epi64(a, b, c, 0x96); }

LW_WIDE_TOKENS inline Product multiply(__m512i a, __m512i b) {
  return {_mm512_clmulepi64_epi128(a, b, 0x00),
          _mm512_xor_si512(_mm512_clmulepi64_epi128(a, b, 0x01), _mm512_clmulepi64_epi128(a, b, 0x10)),
          _mm512_clmulepi64_epi128(a, b, 0x11)};
}

/// Modulo the polynomial of GCM, x^128 + x^7 + x^2 + x + 1 with its bits reflected. One factor was multiplied by x
/// beforehand, which makes up for the bit that a product of reflected numbers is shifted by.
LW_WIDE_TOKENS inline __m512i reduce(const Product& product) {
  const __m512i polynomial = _mm512_set1_epi64(static_cast<int64_t>(0xc200000000000000));
  const __m512i low_folded = _mm512_clmulepi64_epi128(polynomial, product.low, 0x01);
  const __m512i middle = xor3(product.middle, low_folded, _mm512_shuffle_epi32(product.low, _MM_PERM_BADC));
  const __m512i middle_folded = _mm512_clmulepi64_epi128(polynomial, middle, 0x01);
  return xor3(product.high, middle_folded, _mm512_shuffle_epi32(middle, _MM_PERM_BADC));
}

/// The bytes of every block in reverse: GCM numbers bits from the first byte's highest on.
LW_WIDE_TOKENS inline __m512i reverse_blocks(__m512i blocks) {
  return _mm512_shuffle_epi8(
      blocks, _mm512_broadcast_i32x4(_mm_setr_epi8(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)));
}

/// Block i of the result is the sum of the blocks of parts[i].
LW_WIDE_TOKENS inline __m512i sums_of_blocks(__m512i part0, __m512i part1, __m512i part2, __m512i part3) {
  const __m512i first =
      _mm512_xor_si512(_mm512_shuffle_i64x2(part0, part1, 0x44), _mm512_shuffle_i64x2(part0, part1, 0xee));
  const __m512i second =
      _mm512_xor_si512(_mm512_shuffle_i64x2(part2, part3, 0x44), _mm512_shuffle_i64x2(part2, part3, 0xee));
  return _mm512_xor_si512(_mm512_shuffle_i64x2(first, second, 0x88), _mm512_shuffle_i64x2(first, second, 0xdd));
}

/// The last block of every part.
LW_WIDE_TOKENS inline __m512i last_blocks(const __m512i parts[kGroup]) {
  const __m512i first = _mm512_shuffle_i64x2(parts[0], parts[1], 0xff);
  const __m512i second = _mm512_shuffle_i64x2(parts[2], parts[3], 0xff);
  return _mm512_shuffle_i64x2(first, second, 0x88);
}

LW_WIDE_TOKENS inline __m512i load(const void* blocks) { return _mm512_load_si512(blocks); }
LW_WIDE_TOKENS inline __m128i load_one(const void* block) {
  return _mm_loadu_si128(static_cast<const __m128i*>(block));
}

/// The words of a key exclusive-ored with all before them, as the key schedule goes on.
LW_WIDE_TOKENS inline __m128i running_xor(__m128i key) {
  key = _mm_xor_si128(key, _mm_slli_si128(key, 4));
  return _mm_xor_si128(key, _mm_slli_si128(key, 8));
}

}  // namespace

/// Messages that are encrypted together.
struct WideTokenEncryptor::Group {
  const char* tokens[kGroup];
  const uint8_t* ivs[kGroup];
  char* places[kGroup];
};

LW_WIDE_TOKENS void WideTokenEncryptor::expand_key(std::string_view key) {
  // FIPS 197, section 5.2, two round keys a step.
  __m128i keys[kRoundKeys + 1];
  keys[0] = load_one(key.data());
  keys[1] = load_one(key.data() + sizeof(__m128i));
  __m128i constant = _mm_set1_epi32(1);
  for (size_t i = 2; i < kRoundKeys; i += 2) {
    const __m128i rotated = _mm_shuffle_epi32(_mm_aeskeygenassist_si128(keys[i - 1], 0), 0xff);
    keys[i] = _mm_xor_si128(running_xor(keys[i - 2]), _mm_xor_si128(rotated, constant));
    const __m128i substituted = _mm_shuffle_epi32(_mm_aeskeygenassist_si128(keys[i], 0), 0xaa);
    keys[i + 1] = _mm_xor_si128(running_xor(keys[i - 1]), substituted);
    constant = _mm_slli_epi32(constant, 1);
  }
  for (size_t i = 0; i < kRoundKeys; ++i) {
    _mm512_store_si512(round_keys_[i].bytes.data(), _mm512_broadcast_i32x4(keys[i]));
  }
  OPENSSL_cleanse(keys, sizeof(keys));
}

LW_WIDE_TOKENS void WideTokenEncryptor::compute_hash_keys() {
  __m128i zeros = load_one(&round_keys_[0]);
  for (size_t i = 1; i + 1 < kRoundKeys; ++i) zeros = _mm_aesenc_si128(zeros, load_one(&round_keys_[i]));
  zeros = _mm_aesenclast_si128(zeros, load_one(&round_keys_[kRoundKeys - 1]));
  __m128i key = _mm512_castsi512_si128(reverse_blocks(_mm512_castsi128_si512(zeros)));
  // Times x: one bit up, and what leaves at the top comes back as the polynomial. A carry out of the low half and the
  // top bit are words 1 and 3 of the signs.
  const __m128i signs = _mm_srai_epi32(_mm_shuffle_epi32(key, 0xd3), 31);
  const __m128i carries = _mm_and_si128(signs, _mm_set_epi32(static_cast<int>(0xc2000000), 1, 0, 1));
  key = _mm_xor_si128(_mm_add_epi64(key, key), carries);
  const __m512i first = _mm512_broadcast_i32x4(key);
  const __m512i second = reduce(multiply(first, first));
  const __m512i third = reduce(multiply(second, first));
  const __m512i fourth = reduce(multiply(third, first));
  const __m512i high_powers = _mm512_mask_mov_epi64(fourth, 0x0c, third);
  const __m512i low_powers = _mm512_mask_mov_epi64(second, 0xc0, first);
  _mm512_store_si512(hash_keys_.bytes.data(), _mm512_mask_mov_epi64(high_powers, 0xf0, low_powers));
}

WideTokenEncryptor::WideTokenEncryptor(std::string_view key) {
  expand_key(key);
  compute_hash_keys();
}

WideTokenEncryptor::~WideTokenEncryptor() {
  OPENSSL_cleanse(round_keys_.data(), sizeof(round_keys_));
  OPENSSL_cleanse(&hash_keys_, sizeof(hash_keys_));
}

LW_WIDE_TOKENS void WideTokenEncryptor::encrypt_group(const Group& group) const {
  // Counters 2, 3 and 4 make the key stream of the text; counter 1, which comes last, that of the tag.
  const __m512i counters = _mm512_set_epi32(1 << 24, 0, 0, 0, 4 << 24, 0, 0, 0, 3 << 24, 0, 0, 0, 2 << 24, 0, 0, 0);
  __m512i ivs[kGroup];
  __m512i streams[kGroup];
  for (size_t i = 0; i < kGroup; ++i) {
    constexpr __mmask16 kOfIv = (1 << WideTokenEncryptor::kIvBytes) - 1;
    ivs[i] = _mm512_broadcast_i32x4(_mm_maskz_loadu_epi8(kOfIv, group.ivs[i]));
    streams[i] = _mm512_xor_si512(_mm512_or_si512(ivs[i], counters), load(&round_keys_[0]));
  }
  for (size_t round = 1; round + 1 < kRoundKeys; ++round) {
    for (__m512i& stream : streams) stream = _mm512_aesenc_epi128(stream, load(&round_keys_[round]));
  }
  for (__m512i& stream : streams) stream = _mm512_aesenclast_epi128(stream, load(&round_keys_[kRoundKeys - 1]));

  const __m512i lengths = _mm512_set_epi64(static_cast<int64_t>(__builtin_bswap64(kHashTokenLength * 8)), 0, 0, 0, 0, 0,
                                           0, 0);  // none of additional data, and that of the text
  __m512i texts[kGroup];
  Product products[kGroup];
  for (size_t i = 0; i < kGroup; ++i) {
    const __m512i token = _mm512_maskz_loadu_epi8(kOfToken, group.tokens[i]);
    texts[i] = _mm512_maskz_mov_epi8(kOfToken, _mm512_xor_si512(token, streams[i]));
    const __m512i hashed = reverse_blocks(_mm512_or_si512(texts[i], lengths));
    products[i] = multiply(hashed, load(&hash_keys_));
  }
  const Product sums = {sums_of_blocks(products[0].low, products[1].low, products[2].low, products[3].low),
                        sums_of_blocks(products[0].middle, products[1].middle, products[2].middle, products[3].middle),
                        sums_of_blocks(products[0].high, products[1].high, products[2].high, products[3].high)};
  const __m512i tags = _mm512_xor_si512(reverse_blocks(reduce(sums)), last_blocks(streams));

  // 48 bytes of the IV and the text make 64 characters, the text's last 8 and the tag another 32. A permutation of two
  // registers finds byte i of the second one at 64 + i.
  static constexpr WideBase64::Places kStart = [] {
    WideBase64::Places places = WideBase64::places(0);
    for (uint8_t& byte : places.bytes) {
      byte = static_cast<uint8_t>(byte < kIvBytes ? byte : 64 + byte - WideTokenEncryptor::kIvBytes);
    }
    return places;
  }();
  static constexpr std::array<WideBase64::Places, kGroup> kEnds = [] {
    constexpr uint8_t kTextBytes = 8;
    std::array<WideBase64::Places, kGroup> ends;
    for (uint8_t message = 0; message < kGroup; ++message) {
      ends[message] = WideBase64::places(0);
      for (uint8_t& byte : ends[message].bytes) {
        byte = static_cast<uint8_t>(byte < kTextBytes ? kHashTokenLength - kTextBytes + byte
                                                      : 64 + 16 * message + byte - kTextBytes);
      }
    }
    return ends;
  }();
  for (size_t i = 0; i < kGroup; ++i) {
    const __m512i start = _mm512_permutex2var_epi8(ivs[i], load(kStart.bytes), texts[i]);
    const __m512i end = _mm512_permutex2var_epi8(texts[i], load(kEnds[i].bytes), tags);
    _mm512_storeu_si512(group.places[i], WideBase64::characters(start));
    const __m256i last = _mm512_castsi512_si256(WideBase64::characters(end));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(group.places[i] + 64), last);
  }
}

void WideTokenEncryptor::encrypt(const char* tokens, const uint8_t* ivs, std::span<char* const> places) const {
  for (size_t done = 0; done < places.size(); done += kGroup) {
    Group group;
    for (size_t i = 0; i < kGroup; ++i) {
      // Where fewer are left, the last one is done again.
      const size_t token = std::min(done + i, places.size() - 1);
      group.tokens[i] = tokens + token * kHashTokenLength;
      group.ivs[i] = ivs + token * kIvBytes;
      group.places[i] = places[token];
    }
    encrypt_group(group);
  }
}

}  // namespace linkwright
