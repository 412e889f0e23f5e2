#include "text/shared_bytes_screen.h"

#include <immintrin.h>

#include <algorithm>
#include <cassert>

#include "text/byte_pattern.h"

namespace linkwright {
namespace {

// Generic code may not be compiled for an instruction set that the processor does not have, so only what follows is.
#define LW_EIGHT_AT_ONCE __attribute__((target("avx512f,avx512vl,avx512dq,avx512vpopcntdq")))

int32_t first_byte(std::string_view text) { return text.empty() ? -1 : static_cast<uint8_t>(text.front()); }
float inverse_length(std::string_view text) { return 1 / static_cast<float>(text.size()); }

}  // namespace

bool SharedBytesScreen::has_vectors() {
  static const bool has = [] {
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vpopcntdq");
  }();
  return has;
}

void SharedBytesScreen::add(std::string_view text) {
  assert(size_ < kMostTexts && text.size() <= ByteSignature::kLongest);
  const ByteSignature signature(text);
  low_[size_] = signature.low();
  high_[size_] = signature.high();
  lengths_[size_] = static_cast<int32_t>(text.size());
  first_bytes_[size_] = first_byte(text);
  inverse_lengths_[size_] = inverse_length(text);
  ++size_;
}

// c matches of texts of a and b bytes give at most (c / a + c / b + 1) / 3. An empty text's infinite share of no bytes
// is NaN, which is not enough.
struct SharedBytesScreen::Reach {
  Reach(const SharedBytesScreen& texts, std::string_view query, const JaroCutoff& cutoff)
      : screen(texts), inverse(inverse_length(query)), first(first_byte(query)) {
    const auto& needed = cutoff.needed_by_prefix();
    constexpr float kDoubt = 1e-5F;
    of_strangers = 3 * needed[0] - 1 - kDoubt;
    of_others = 3 * *std::min_element(needed.begin() + 1, needed.end()) - 1 - kDoubt;
  }

  bool holds(size_t place, size_t shared) const {
    const float needed = screen.first_bytes_[place] == first ? of_others : of_strangers;
    return static_cast<float>(shared) * (inverse + screen.inverse_lengths_[place]) >= needed;
  }

  LW_EIGHT_AT_ONCE __mmask8 holds_for_eight(size_t place, __m256i shared) const {
    const __m256i firsts = _mm256_load_si256(reinterpret_cast<const __m256i*>(screen.first_bytes_.data() + place));
    const __mmask8 others = _mm256_cmpeq_epi32_mask(firsts, _mm256_set1_epi32(first));
    const __m256 needed = _mm256_mask_blend_ps(others, _mm256_set1_ps(of_strangers), _mm256_set1_ps(of_others));
    const __m256 inverses =
        _mm256_add_ps(_mm256_set1_ps(inverse), _mm256_load_ps(screen.inverse_lengths_.data() + place));
    return _mm256_cmp_ps_mask(_mm256_mul_ps(_mm256_cvtepi32_ps(shared), inverses), needed, _CMP_GE_OQ);
  }

  const SharedBytesScreen& screen;
  float inverse;
  int32_t first;
  float of_strangers;  // needed of texts with different first bytes, and so without Winkler's bonus
  float of_others;
};

struct SharedBytesScreen::Edits {
  bool holds(size_t place, size_t shared) const {
    return static_cast<int32_t>(shared) + most >= std::max(length, screen.lengths_[place]);
  }

  LW_EIGHT_AT_ONCE __mmask8 holds_for_eight(size_t place, __m256i shared) const {
    const __m256i lengths = _mm256_load_si256(reinterpret_cast<const __m256i*>(screen.lengths_.data() + place));
    const __m256i longer = _mm256_max_epi32(lengths, _mm256_set1_epi32(length));
    return _mm256_cmpge_epi32_mask(_mm256_add_epi32(shared, _mm256_set1_epi32(most)), longer);
  }

  const SharedBytesScreen& screen;
  int32_t length;
  int32_t most;
};

template <typename Condition>
LW_EIGHT_AT_ONCE uint64_t SharedBytesScreen::where_by_vectors(const Condition& condition,
                                                              ByteSignature signature) const {
  const __m512i low = _mm512_set1_epi64(static_cast<int64_t>(signature.low()));
  const __m512i high = _mm512_set1_epi64(static_cast<int64_t>(signature.high() & ByteSignature::kClassesOfHigh));
  const __m512i more = _mm512_set1_epi64(static_cast<int64_t>(signature.high() >> ByteSignature::kClassBitsOfHigh));
  uint64_t places = 0;
  for (size_t place = 0; place < size_; place += 8) {
    const __m512i lows = _mm512_load_si512(low_.data() + place);
    const __m512i highs = _mm512_load_si512(high_.data() + place);
    const __m512i classes = _mm512_add_epi64(_mm512_popcnt_epi64(_mm512_and_si512(low, lows)),
                                             _mm512_popcnt_epi64(_mm512_and_si512(high, highs)));
    const __m512i shared =
        _mm512_add_epi64(classes, _mm512_min_epu64(more, _mm512_srli_epi64(highs, ByteSignature::kClassBitsOfHigh)));
    places |= uint64_t{condition.holds_for_eight(place, _mm512_cvtepi64_epi32(shared))} << place;
  }
  return places & low_bits(size_);
}

template <typename Condition>
uint64_t SharedBytesScreen::where(const Condition& condition, ByteSignature signature, bool vectors) const {
  if (vectors) return where_by_vectors(condition, signature);
  uint64_t places = 0;
  for (size_t place = 0; place < size_; ++place) {
    places |= uint64_t{condition.holds(place, signature.most_shared(this->signature(place)))} << place;
  }
  return places;
}

uint64_t SharedBytesScreen::may_reach(const Query& query, const JaroCutoff& cutoff, bool vectors) const {
  return where(Reach(*this, query.text, cutoff), query.signature, vectors);
}

uint64_t SharedBytesScreen::may_be_within(const Query& query, size_t edits, bool vectors) const {
  const Edits condition{*this, static_cast<int32_t>(query.text.size()), static_cast<int32_t>(edits)};
  return where(condition, query.signature, vectors);
}

}  // namespace linkwright
