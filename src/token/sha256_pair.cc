#define OPENSSL_SUPPRESS_DEPRECATED  // SHA256_Transform is what EVP calls as well

#include "token/sha256_pair.h"

#include <cpuid.h>
#include <immintrin.h>
#include <openssl/sha.h>

#include <algorithm>

#include "token/sha256_constants.h"

namespace linkwright {
namespace {

#define LW_SHA_INSTRUCTIONS __attribute__((target("sha,sse4.1")))

/// One chain in the layout of the SHA instructions, after Intel's "New Instructions Supporting the Secure Hash
/// Algorithm on Intel Architecture Processors" (2013).
struct Lane {
  __m128i abef;
  __m128i cdgh;
  __m128i start_abef;
  __m128i start_cdgh;
  __m128i words[4];  // the next 16 words of the message schedule
};

LW_SHA_INSTRUCTIONS inline void begin(const Sha256State& state, const Sha256Block& block, Lane* lane) {
  const __m128i dcba = _mm_loadu_si128(reinterpret_cast<const __m128i*>(state.data()));
  const __m128i hgfe = _mm_loadu_si128(reinterpret_cast<const __m128i*>(state.data() + 4));
  const __m128i cdab = _mm_shuffle_epi32(dcba, 0xb1);
  const __m128i efgh = _mm_shuffle_epi32(hgfe, 0x1b);
  lane->start_abef = lane->abef = _mm_alignr_epi8(cdab, efgh, 8);
  lane->start_cdgh = lane->cdgh = _mm_blend_epi16(efgh, cdab, 0xf0);
  const __m128i big_endian = _mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3);
  for (size_t i = 0; i < 4; ++i) {
    const auto* quarter = reinterpret_cast<const __m128i*>(block.data() + 16 * i);
    lane->words[i] = _mm_shuffle_epi8(_mm_loadu_si128(quarter), big_endian);
  }
}

/// Four rounds; the words they used make place for the four that are due sixteen rounds later.
LW_SHA_INSTRUCTIONS inline void four_rounds(size_t step, Lane* lane) {
  const auto* constants = reinterpret_cast<const __m128i*>(kSha256RoundConstants.data() + 4 * step);
  __m128i& now = lane->words[step % 4];
  const __m128i input = _mm_add_epi32(now, _mm_load_si128(constants));
  lane->cdgh = _mm_sha256rnds2_epu32(lane->cdgh, lane->abef, input);
  lane->abef = _mm_sha256rnds2_epu32(lane->abef, lane->cdgh, _mm_shuffle_epi32(input, 0x0e));
  if (step >= 12) return;
  const __m128i third = lane->words[(step + 2) % 4];
  const __m128i last = lane->words[(step + 3) % 4];
  const __m128i sum =
      _mm_add_epi32(_mm_sha256msg1_epu32(now, lane->words[(step + 1) % 4]), _mm_alignr_epi8(last, third, 4));
  now = _mm_sha256msg2_epu32(sum, last);
}

LW_SHA_INSTRUCTIONS inline void end(const Lane& lane, Sha256State* state) {
  const __m128i abef = _mm_add_epi32(lane.abef, lane.start_abef);
  const __m128i cdgh = _mm_add_epi32(lane.cdgh, lane.start_cdgh);
  const __m128i feba = _mm_shuffle_epi32(abef, 0x1b);
  const __m128i dchg = _mm_shuffle_epi32(cdgh, 0xb1);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(state->data()), _mm_blend_epi16(feba, dchg, 0xf0));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(state->data() + 4), _mm_alignr_epi8(dchg, feba, 8));
}

void compress_by_openssl(Sha256State* state, const Sha256Block& block) {
  SHA256_CTX context;
  std::copy(state->begin(), state->end(), context.h);
  SHA256_Transform(&context, block.data());
  std::copy_n(context.h, state->size(), state->begin());
}

}  // namespace

void write_sha256_digest(const Sha256State& state, uint8_t* out) {
  // In 16 bytes, as the digest is read next: loads that span narrower stores wait for all of them.
  const __m128i big_endian = _mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3);
  for (size_t half = 0; half < 2; ++half) {
    const __m128i words = _mm_loadu_si128(reinterpret_cast<const __m128i*>(state.data() + 4 * half));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out + 16 * half), _mm_shuffle_epi8(words, big_endian));
  }
}

bool has_sha_instructions() {
  constexpr unsigned kShaBit = 1U << 29;
  unsigned eax = 0;
  unsigned ebx = 0;
  unsigned ecx = 0;
  unsigned edx = 0;
  return __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) != 0 && (ebx & kShaBit) != 0;
}

LW_SHA_INSTRUCTIONS void sha256_compress_pair_by_instructions(Sha256State* a, const Sha256Block& block_a,
                                                              Sha256State* b, const Sha256Block& block_b) {
  Lane first;
  Lane second;
  begin(*a, block_a, &first);
  begin(*b, block_b, &second);
#pragma GCC unroll 16  // the places of the words must be known, or they go through memory
  for (size_t step = 0; step < 16; ++step) {
    four_rounds(step, &first);
    four_rounds(step, &second);
  }
  end(first, a);
  end(second, b);
}

void sha256_compress_pair_by_openssl(Sha256State* a, const Sha256Block& block_a, Sha256State* b,
                                     const Sha256Block& block_b) {
  compress_by_openssl(a, block_a);
  compress_by_openssl(b, block_b);
}

void sha256_compress_pair(Sha256State* a, const Sha256Block& block_a, Sha256State* b, const Sha256Block& block_b) {
  static const bool by_instructions = has_sha_instructions();
  by_instructions ? sha256_compress_pair_by_instructions(a, block_a, b, block_b)
                  : sha256_compress_pair_by_openssl(a, block_a, b, block_b);
}

}  // namespace linkwright
