#pragma once

#include <string>

#include "base/status.h"
#include "linkwright/spark.h"

namespace linkwright::spark {

/// Whether executors run native code, and if not why: words for the report.
struct NativeCode {
  bool is_allowed = false;
  std::string refusal;  // of the server or an executor; "" when it is allowed
};

/// Finds out by doing it once: sends `library` (a shared library, its path here) and loads it in a Python function on
/// an executor. A refusal comes in many forms (no artifacts, no Python functions, another Python, a folder that forbids
/// execution, another kind of processor), so none of them is guessed at from the server's name or settings.
/// Errors: the library cannot be read here, or the server cannot be reached or ends the call.
Result<NativeCode> find_out_native_code(const Session& session, const std::string& library);

}  // namespace linkwright::spark
