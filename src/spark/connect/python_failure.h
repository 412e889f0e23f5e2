#pragma once

#include <string>
#include <string_view>

namespace linkwright::spark {

/// What the executors' Python said when it failed, in one line, out of Spark's message: the error that a traceback ends
/// with, or why Python did not start. Empty when the message tells of something else.
std::string python_failure(std::string_view message);

}  // namespace linkwright::spark
