#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/status.h"

namespace linkwright {

/// Writes one column of an expression: its name, and whether the expression had it in quotes.
using ColumnWriter = std::function<std::string(std::string_view name, bool quoted)>;

/// `text` between two of `quote`, which is doubled inside it.
std::string in_quotes(std::string_view text, char quote);

/// The expression in the words that sqlglot writes for DuckDB (functions and types in upper case and by one name,
/// NOT before IN and IS, single blanks), which Splink puts every expression through. What this does not know how to
/// write is copied as it stands, which means the same. One thing sqlglot does is left out, as it changes the meaning:
/// it puts UPPER around what jaro_winkler_similarity compares.
///
/// Errors: the SQL does not parse, or names a record (`l.name`).
/// Source: sqlglot 30.30.0, dialect "duckdb".
Result<std::string> sqlglot_text(std::string_view sql, const ColumnWriter& write_column);

}  // namespace linkwright
