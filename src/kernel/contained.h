#pragma once

#include <exception>
#include <new>

#include "base/status.h"

namespace linkwright {

/// What `work` returns, or the error that an exception in it stands for: none may leave the kernel or end its thread.
template <typename Work>
Status contained(const Work& work) {
  try {
    return work();
  } catch (const std::bad_alloc&) {
    return Status::OutOfMemory(
        "memory ran out on an executor; give executors more memory outside the JVM "
        "(spark.executor.memoryOverhead), or the job more partitions");
  } catch (const std::exception& exception) {
    return Status::UnknownError("unexpected: ", exception.what());
  }
}

}  // namespace linkwright
