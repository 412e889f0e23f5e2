// What the lane kernels are written in: the compiler's generic vectors. Each file that includes the kernels is compiled
// for another instruction set and says under which names their tables go. Only built-in types are used, so that no
// inline function of a library is compiled for an instruction set that the processor may not have.

#pragma once

#include <cstddef>
#include <cstdint>

namespace linkwright {
namespace {

constexpr size_t kRowBytes = 64;  // PackedStrings::kVectorBytes

// What one register holds. Wider generic vectors would be kept in memory, operation by operation: AVX2 was slower than
// the baseline with 64 bytes.
#if defined(__AVX512BW__)
constexpr size_t kVectorBytes = 64;
#elif defined(__AVX2__)
constexpr size_t kVectorBytes = 32;
#else
constexpr size_t kVectorBytes = 16;
#endif
template <typename Lane>
struct VectorOf {
  typedef Lane Type __attribute__((vector_size(kVectorBytes), aligned(kVectorBytes)));
};

template <typename Lane>
using Vector = typename VectorOf<Lane>::Type;

template <typename Lane>
inline Vector<Lane> broadcast(Lane value) {
  return Vector<Lane>{} + value;
}

// Bit k: the sign of byte k. Of a vector that is all ones or zero lane by lane, the lanes' bytes.
template <typename V>
inline uint64_t byte_mask(V vector) {
#if defined(__AVX512BW__)
  typedef char Chars __attribute__((vector_size(64)));
  return __builtin_ia32_cvtb2mask512(reinterpret_cast<Chars>(vector));
#elif defined(__AVX2__)
  typedef char Chars __attribute__((vector_size(32)));
  return static_cast<uint32_t>(__builtin_ia32_pmovmskb256(reinterpret_cast<Chars>(vector)));
#else
  typedef char Chars __attribute__((vector_size(16)));
  return static_cast<uint32_t>(__builtin_ia32_pmovmskb128(reinterpret_cast<Chars>(vector)));
#endif
}

}  // namespace
}  // namespace linkwright
