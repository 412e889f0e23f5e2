#pragma once

#include <span>
#include <string>
#include <string_view>

namespace linkwright {

/// The known name closest to a misspelt one, for "did you mean" in error messages; "" when none is near (more than a
/// third of the letters differ). Case is ignored; ties go to the first of `known`.
std::string nearest_name(std::string_view misspelt, std::span<const std::string> known);

/// "; did you mean 'X'?" for a near name, "; known: a, b, c" for a short list without one, "" otherwise.
std::string suggestion(std::string_view misspelt, std::span<const std::string> known);

}  // namespace linkwright
