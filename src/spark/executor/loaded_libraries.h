#pragma once

#include <string>
#include <string_view>

namespace linkwright::spark {

/// The library whose absence the loader (glibc's) names in a message: "libre2.so.9: cannot open shared object file: No
/// such file or directory" -> "libre2.so.9". "" when the message is another one.
std::string missing_library(std::string_view message);

/// The file of a library that this process has loaded under this name, links followed; "" when it has none.
/// Thread-safe.
std::string loaded_library(std::string_view name);

}  // namespace linkwright::spark
