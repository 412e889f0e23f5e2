#include "io/arrow_threads.h"

#include <arrow/util/thread_pool.h>

namespace linkwright {

Status give_arrow_threads(int threads) {
  return threads == arrow::GetCpuThreadPoolCapacity() ? Status::OK() : arrow::SetCpuThreadPoolCapacity(threads);
}

}  // namespace linkwright
