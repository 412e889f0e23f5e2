#include "token/wide_hashing.h"

#include <immintrin.h>

#include <algorithm>
#include <array>

#include "token/sha256_constants.h"
#include "token/token_kernels.h"
#include "token/wide_base64.h"

namespace linkwright {
namespace {

constexpr size_t kLanes = 16;
constexpr size_t kWords = 16;  // of a block
constexpr size_t kStateWords = 8;
constexpr size_t kLengthBytes = 8;  // at the end of a message's last block
constexpr size_t kDigestBytes = 32;

/// One state word of sixteen chains in each register.
struct Chains {
  __m512i words[kStateWords];
};

/// One word of the blocks of sixteen chains in each register.
struct Blocks {
  __m512i words[kWords];
};

LW_WIDE_TOKENS inline __m512i xor3(__m512i a, __m512i b, __m512i c) { return _mm512_ternarylogic_epi32(a, b, c, 0x96); }
LW_WIDE_TOKENS inline __m512i choose(__m512i e, __m512i f, __m512i g) {
  return _mm512_ternarylogic_epi32(e, f, g, 0xca);
}
LW_WIDE_TOKENS inline __m512i majority(__m512i a, __m512i b, __m512i c) {
  return _mm512_ternarylogic_epi32(a, b, c, 0xe8);
}

LW_WIDE_TOKENS inline __m512i big_sigma_0(__m512i a) {
  return xor3(_mm512_ror_epi32(a, 2), _mm512_ror_epi32(a, 13), _mm512_ror_epi32(a, 22));
}
LW_WIDE_TOKENS inline __m512i big_sigma_1(__m512i e) {
  return xor3(_mm512_ror_epi32(e, 6), _mm512_ror_epi32(e, 11), _mm512_ror_epi32(e, 25));
}
LW_WIDE_TOKENS inline __m512i small_sigma_0(__m512i w) {
  return xor3(_mm512_ror_epi32(w, 7), _mm512_ror_epi32(w, 18), _mm512_srli_epi32(w, 3));
}
LW_WIDE_TOKENS inline __m512i small_sigma_1(__m512i w) {
  return xor3(_mm512_ror_epi32(w, 17), _mm512_ror_epi32(w, 19), _mm512_srli_epi32(w, 10));
}

/// Round `round` of all chains. `input` is the word of the message schedule and the round's constant; the words of the
/// state do not move, their names do.
LW_WIDE_TOKENS inline void advance(size_t round, __m512i input, Chains* chains) {
  __m512i* const s = chains->words;
  const size_t a = (kStateWords - round % kStateWords) % kStateWords;
  const auto at = [a](size_t i) { return (a + i) % kStateWords; };
  const __m512i e = s[at(4)];
  const __m512i first = _mm512_add_epi32(_mm512_add_epi32(s[at(7)], input),
                                         _mm512_add_epi32(big_sigma_1(e), choose(e, s[at(5)], s[at(6)])));
  const __m512i second = _mm512_add_epi32(big_sigma_0(s[a]), majority(s[a], s[at(1)], s[at(2)]));
  s[at(3)] = _mm512_add_epi32(s[at(3)], first);
  s[at(7)] = _mm512_add_epi32(first, second);
}

LW_WIDE_TOKENS inline void add(const Chains& from, Chains* to) {
  for (size_t i = 0; i < kStateWords; ++i) to->words[i] = _mm512_add_epi32(to->words[i], from.words[i]);
}

/// Advances the chains by one block each. The blocks' words become those of the schedule's last rounds.
LW_WIDE_TOKENS void compress(Blocks* blocks, Chains* chains) {
  const Chains start = *chains;
  Chains state = start;
  __m512i* const w = blocks->words;
#pragma GCC unroll 64  // every word has a register of its own only if its number is known
  for (size_t round = 0; round < kSha256RoundConstants.size(); ++round) {
    __m512i& word = w[round % kWords];
    const auto constant = _mm512_set1_epi32(static_cast<int>(kSha256RoundConstants[round]));
    advance(round, _mm512_add_epi32(word, constant), &state);
    if (round >= kSha256RoundConstants.size() - kWords) continue;
    // The word that is due sixteen rounds later.
    const __m512i older = _mm512_add_epi32(word, small_sigma_0(w[(round + 1) % kWords]));
    const __m512i newer = _mm512_add_epi32(w[(round + 9) % kWords], small_sigma_1(w[(round + 14) % kWords]));
    word = _mm512_add_epi32(older, newer);
  }
  add(start, &state);
  *chains = state;
}

/// The schedule and the constants of a block that is the same for all chains: nothing but a length.
using ConstantBlock = std::array<uint32_t, 64>;
constexpr ConstantBlock padding_block(uint64_t message_bytes) {
  ConstantBlock w{};
  w[0] = 0x80000000;
  w[kWords - 1] = static_cast<uint32_t>(message_bytes * 8);
  const auto ror = [](uint32_t x, int by) { return x >> by | x << (32 - by); };
  for (size_t t = kWords; t < w.size(); ++t) {
    const uint32_t older = w[t - 16] + (ror(w[t - 15], 7) ^ ror(w[t - 15], 18) ^ w[t - 15] >> 3);
    w[t] = older + w[t - 7] + (ror(w[t - 2], 17) ^ ror(w[t - 2], 19) ^ w[t - 2] >> 10);
  }
  for (size_t t = 0; t < w.size(); ++t) w[t] += kSha256RoundConstants[t];
  return w;
}

LW_WIDE_TOKENS void compress(const ConstantBlock& block, Chains* chains) {
  const Chains start = *chains;
  Chains state = start;
#pragma GCC unroll 64
  for (size_t round = 0; round < block.size(); ++round) {
    advance(round, _mm512_set1_epi32(static_cast<int>(block[round])), &state);
  }
  add(start, &state);
  *chains = state;
}

LW_WIDE_TOKENS inline Chains all_at(const Sha256State& state) {
  Chains chains;
  for (size_t i = 0; i < kStateWords; ++i) chains.words[i] = _mm512_set1_epi32(static_cast<int>(state[i]));
  return chains;
}

LW_WIDE_TOKENS inline __m512i swap_bytes_of_words(__m512i words) {
  return _mm512_shuffle_epi8(words, _mm512_set4_epi32(0x0c0d0e0f, 0x08090a0b, 0x04050607, 0x00010203));
}

/// Rows to columns and back: word i of register j becomes word j of register i.
LW_WIDE_TOKENS inline void transpose(__m512i rows[kLanes]) {
  __m512i pairs[kLanes];
  for (size_t i = 0; i < kLanes; i += 2) {
    pairs[i] = _mm512_unpacklo_epi32(rows[i], rows[i + 1]);
    pairs[i + 1] = _mm512_unpackhi_epi32(rows[i], rows[i + 1]);
  }
  __m512i fours[kLanes];  // [4 g + j]: word j of each 128 bits, of rows 4 g to 4 g + 3
  for (size_t i = 0; i < kLanes; i += 4) {
    fours[i] = _mm512_unpacklo_epi64(pairs[i], pairs[i + 2]);
    fours[i + 1] = _mm512_unpackhi_epi64(pairs[i], pairs[i + 2]);
    fours[i + 2] = _mm512_unpacklo_epi64(pairs[i + 1], pairs[i + 3]);
    fours[i + 3] = _mm512_unpackhi_epi64(pairs[i + 1], pairs[i + 3]);
  }
  for (size_t j = 0; j < 4; ++j) {
    const __m512i even_low = _mm512_shuffle_i32x4(fours[j], fours[4 + j], 0x88);
    const __m512i odd_low = _mm512_shuffle_i32x4(fours[j], fours[4 + j], 0xdd);
    const __m512i even_high = _mm512_shuffle_i32x4(fours[8 + j], fours[12 + j], 0x88);
    const __m512i odd_high = _mm512_shuffle_i32x4(fours[8 + j], fours[12 + j], 0xdd);
    rows[j] = _mm512_shuffle_i32x4(even_low, even_high, 0x88);
    rows[8 + j] = _mm512_shuffle_i32x4(even_low, even_high, 0xdd);
    rows[4 + j] = _mm512_shuffle_i32x4(odd_low, odd_high, 0x88);
    rows[12 + j] = _mm512_shuffle_i32x4(odd_low, odd_high, 0xdd);
  }
}

/// How many blocks a message has with its padding: a byte that ends it, and its length.
constexpr size_t blocks_of(size_t bytes) { return (bytes + kLengthBytes) / kSha256BlockLength + 1; }

/// Block `number` of a message, padded, in the machine's byte order; what lies behind the last block is all zero.
LW_WIDE_TOKENS inline __m512i message_block(std::string_view text, size_t number) {
  const size_t start = number * kSha256BlockLength;
  const size_t held = text.size() > start ? std::min(kSha256BlockLength, text.size() - start) : 0;
  const __mmask64 of_text = held == kSha256BlockLength ? ~__mmask64{0} : (__mmask64{1} << held) - 1;
  __m512i bytes = _mm512_maskz_loadu_epi8(of_text, text.data() + (held == 0 ? 0 : start));
  const bool ends_here = text.size() >= start && text.size() < start + kSha256BlockLength;
  bytes = _mm512_mask_mov_epi8(bytes, ends_here ? __mmask64{1} << held : 0, _mm512_set1_epi8(static_cast<char>(0x80)));
  __m512i words = swap_bytes_of_words(bytes);
  if (number + 1 != blocks_of(text.size())) return words;
  const uint64_t bits = uint64_t{text.size()} * 8;
  words = _mm512_mask_set1_epi32(words, 1 << 14, static_cast<int>(bits >> 32));
  return _mm512_mask_set1_epi32(words, 1 << 15, static_cast<int>(bits & 0xffffffff));
}

/// The SHA-256 of up to sixteen texts. Nearly all have one block; a chain stays as it is behind its last one.
LW_WIDE_TOKENS Chains hash_texts(std::span<const std::string_view> texts) {
  size_t most_blocks = 1;
  for (std::string_view text : texts) most_blocks = std::max(most_blocks, blocks_of(text.size()));
  Chains chains = all_at(kSha256Start);
  for (size_t number = 0; number < most_blocks; ++number) {
    Blocks blocks;
    __mmask16 going_on = 0;
    for (size_t lane = 0; lane < kLanes; ++lane) {
      const std::string_view text = lane < texts.size() ? texts[lane] : std::string_view();
      blocks.words[lane] = message_block(text, number);
      if (number < blocks_of(text.size())) going_on = static_cast<__mmask16>(going_on | 1 << lane);
    }
    transpose(blocks.words);
    const Chains before = chains;
    compress(&blocks, &chains);
    for (size_t i = 0; i < kStateWords; ++i) {
      chains.words[i] = _mm512_mask_mov_epi32(before.words[i], going_on, chains.words[i]);
    }
  }
  return chains;
}

/// Four lower-case hexadecimal digits, the first one highest, of a number below 2^16 in each lane.
LW_WIDE_TOKENS inline __m512i hex_digits(__m512i halves) {
  const __m512i digits = _mm512_broadcast_i32x4(
      _mm_setr_epi8('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'));
  const __m512i bytes =
      _mm512_and_si512(_mm512_or_si512(halves, _mm512_slli_epi32(halves, 8)), _mm512_set1_epi32(0x00ff00ff));
  const __m512i nibbles =
      _mm512_and_si512(_mm512_or_si512(bytes, _mm512_slli_epi32(bytes, 4)), _mm512_set1_epi32(0x0f0f0f0f));
  return _mm512_shuffle_epi8(digits, nibbles);
}

/// The digests in hexadecimal are exactly a block.
LW_WIDE_TOKENS inline Blocks hex_of(const Chains& digests) {
  Blocks blocks;
  for (size_t i = 0; i < kStateWords; ++i) {
    blocks.words[2 * i] = hex_digits(_mm512_srli_epi32(digests.words[i], 16));
    blocks.words[2 * i + 1] = hex_digits(_mm512_and_si512(digests.words[i], _mm512_set1_epi32(0xffff)));
  }
  return blocks;
}

/// The last block of HMAC: the inner digest, and padding for it and the key's block.
LW_WIDE_TOKENS inline Blocks outer_block(const Chains& digests) {
  constexpr int kBits = (kSha256BlockLength + kDigestBytes) * 8;
  Blocks blocks;
  for (size_t i = 0; i < kStateWords; ++i) blocks.words[i] = digests.words[i];
  for (size_t i = kStateWords; i < kWords; ++i) blocks.words[i] = _mm512_setzero_si512();
  blocks.words[kStateWords] = _mm512_set1_epi32(static_cast<int>(0x80000000U));
  blocks.words[kWords - 1] = _mm512_set1_epi32(kBits);
  return blocks;
}

LW_WIDE_TOKENS void write_base64(const Chains& digests, std::span<char* const> places) {
  static constexpr WideBase64::Places kPlaces = WideBase64::places(0);
  constexpr size_t kChars = 44;
  constexpr __mmask64 kOfToken = (__mmask64{1} << kChars) - 1;
  constexpr __mmask64 kPadding = __mmask64{1} << (kChars - 1);
  __m512i rows[kLanes];
  for (size_t i = 0; i < kStateWords; ++i) rows[i] = digests.words[i];
  for (size_t i = kStateWords; i < kLanes; ++i) rows[i] = _mm512_setzero_si512();
  transpose(rows);
  const __m512i order = _mm512_load_si512(kPlaces.bytes);
  for (size_t lane = 0; lane < places.size(); ++lane) {
    const __m512i spread = _mm512_permutexvar_epi8(order, swap_bytes_of_words(rows[lane]));
    const __m512i chars = _mm512_mask_mov_epi8(WideBase64::characters(spread), kPadding, _mm512_set1_epi8('='));
    _mm512_mask_storeu_epi8(places[lane], kOfToken, chars);
  }
}

LW_WIDE_TOKENS void hash_sixteen(const Sha256State& inner, const Sha256State& outer,
                                 std::span<const std::string_view> signatures, std::span<char* const> places) {
  // Behind the key's block and the hexadecimal digest.
  static constexpr ConstantBlock kInnerPadding = padding_block(2 * kSha256BlockLength);
  Blocks blocks = hex_of(hash_texts(signatures));
  Chains chains = all_at(inner);
  compress(&blocks, &chains);
  compress(kInnerPadding, &chains);
  blocks = outer_block(chains);
  chains = all_at(outer);
  compress(&blocks, &chains);
  write_base64(chains, places);
}

}  // namespace

void hash_tokens_wide(const Sha256State& inner, const Sha256State& outer, std::span<const std::string_view> signatures,
                      std::span<char* const> places) {
  for (size_t done = 0; done < signatures.size(); done += kLanes) {
    const size_t count = std::min(kLanes, signatures.size() - done);
    hash_sixteen(inner, outer, signatures.subspan(done, count), places.subspan(done, count));
  }
}

}  // namespace linkwright
