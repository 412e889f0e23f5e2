#pragma once

#include <cstddef>
#include <string_view>

namespace linkwright {

/// Levenshtein distance in bytes: the fewest insertions, deletions and substitutions that turn one text into the other.
/// Symmetric; the length of the other text when one is empty. O(n * ceil(m / 64)) time. Thread-safe.
/// Source: Myers (1999) and Hyyro (2003), bit-parallel; equal to DuckDB's levenshtein, which counts bytes as well.
size_t levenshtein(std::string_view a, std::string_view b);

/// min(levenshtein(a, b), max + 1): settled by the lengths alone where those differ by more than `max`.
size_t levenshtein_within(std::string_view a, std::string_view b, size_t max);

}  // namespace linkwright
