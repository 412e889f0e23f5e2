#pragma once

#include <arrow/memory_pool.h>

namespace linkwright {

/// Arrow's default memory, for Parquet: an allocation that fails throws std::bad_alloc instead of returning a status,
/// since libparquet drops that status in places (the hash table of a dictionary) and goes on with no memory, to a crash
/// or to a file with other bytes. Thread-safe; lives as long as the process.
arrow::MemoryPool* throwing_memory_pool();

}  // namespace linkwright
