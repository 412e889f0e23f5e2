#pragma once

// Errors are arrow::Status and arrow::Result everywhere (docs/decisions/0002-errors.md). A message names the thing
// (file, line, column, field, JSON path), what was expected, and what to do next.

#include <arrow/result.h>
#include <arrow/status.h>

namespace linkwright {

using arrow::Result;
using arrow::Status;

/// What std::bad_alloc becomes where exceptions end.
inline Status memory_ran_out() {
  return Status::OutOfMemory("memory ran out; close other programs, or give a --memory-limit");
}

}  // namespace linkwright
