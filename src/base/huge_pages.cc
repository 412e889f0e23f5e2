#include "base/huge_pages.h"

#include <sys/mman.h>
#include <unistd.h>

#include <memory>

namespace linkwright {

void prefer_huge_pages(void* begin, size_t bytes) {
  constexpr size_t kLeast = size_t{4} << 20;
  if (bytes < kLeast) return;
  const auto page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  void* first = begin;
  if (std::align(page, page, first, bytes) != nullptr) madvise(first, bytes / page * page, MADV_HUGEPAGE);
}

}  // namespace linkwright
