#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace linkwright {

/// A function that SQL text may call. Aliases share the `name` that trees use.
struct FunctionName {
  std::string_view name;
  size_t min_arguments;
  size_t max_arguments;
};

/// The function that lower-case `spelling` (a name or an alias) calls.
std::optional<FunctionName> find_function(std::string_view spelling);

/// All names and aliases, for suggestions.
std::span<const std::string> known_function_names();

}  // namespace linkwright
