#pragma once

#include <string_view>

#include "expr/arena.h"

namespace linkwright {

// Unicode transforms code point by code point, as in DuckDB (utf8proc); bytes that are no UTF-8 stay as they are.

/// The text itself when nothing changes.
std::string_view lower_text(std::string_view text, Arena& arena);
std::string_view upper_text(std::string_view text, Arena& arena);

/// Without the marks on letters: "é" becomes "e"; letters that are no composition ("ø") stay.
std::string_view strip_accents(std::string_view text, Arena& arena);

/// The grapheme clusters in reverse order, so that marks stay on their letters.
std::string_view reverse_text(std::string_view text, Arena& arena);

}  // namespace linkwright
