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

template <typename V>
inline bool any(V vector) {
  const auto words = reinterpret_cast<Vector<uint64_t>>(vector);
  uint64_t all = 0;
  for (size_t w = 0; w < kVectorBytes / sizeof(uint64_t); ++w) all |= words[w];
  return all != 0;
}

}  // namespace
}  // namespace linkwright
