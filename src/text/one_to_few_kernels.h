#pragma once

#include <cstddef>
#include <cstdint>

namespace linkwright {

/// One text against some others, each by itself. Implemented in one_to_few_kernels_inl.h, compiled once an instruction
/// set.
struct OneToFewKernels {
  struct Other {
    const char* text;
    uint8_t length;
    uint8_t fewest_matches;  // asked of it
    uint8_t common = 0;      // matches; 0 where they are fewer
    uint8_t out_of_place = 0;
  };

  /// Counts the matches of each. All texts have up to 64 bytes.
  using Jaro = void (*)(const char* text, size_t length, Other* others, size_t count);

  Jaro jaro;
};

extern const OneToFewKernels kBaselineOneToFewKernels;
extern const OneToFewKernels kAvx2OneToFewKernels;
extern const OneToFewKernels kAvx512OneToFewKernels;

}  // namespace linkwright
