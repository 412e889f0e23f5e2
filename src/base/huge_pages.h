#pragma once

#include <cstddef>

namespace linkwright {

/// Asks the system to back a range that was not touched yet with huge pages: what is read in no order then waits less
/// for the addresses of its pages. The hint is free where it is refused, and is not given for what is small.
/// Source: madvise(2), MADV_HUGEPAGE.
void prefer_huge_pages(void* begin, size_t bytes);

}  // namespace linkwright
