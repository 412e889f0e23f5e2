#pragma once

#include <string>
#include <string_view>

namespace linkwright {

/// A regular expression of RE2 as Java's, where the two read the same text differently: `$` is the end of the text and
/// not also the place before a last line feed, `.` is anything but a line feed, a `[` or `&&` inside brackets stands
/// for itself, [:alpha:] is a class, (?P<name>...) a named group, and (?i) folds other letters than ASCII's as well.
/// Patterns that neither reads otherwise come back as they are. RE2 must accept the pattern.
std::string java_pattern(std::string_view pattern);

}  // namespace linkwright
