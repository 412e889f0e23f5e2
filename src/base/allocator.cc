#include "base/allocator.h"

#include <malloc.h>

#include <cstdlib>

namespace linkwright {

void keep_freed_memory() {
  constexpr int kLargestFromHeap = 16 << 20;
  constexpr int kNeverTrim = -1;
  constexpr int kHeapGrowth = 16 << 20;
  mallopt(M_MMAP_THRESHOLD, kLargestFromHeap);
  mallopt(M_TRIM_THRESHOLD, kNeverTrim);
  mallopt(M_TOP_PAD, kHeapGrowth);
  setenv("ARROW_DEFAULT_MEMORY_POOL", "system", 0);
}

void return_freed_memory() { malloc_trim(0); }

}  // namespace linkwright
