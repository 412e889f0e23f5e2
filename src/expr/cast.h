#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "expr/sql_type.h"
#include "expr/step.h"

namespace linkwright {

/// Converts one value that is not null; fails the frame, or gives null for TRY_CAST, when the value does not fit.
using CastFunction = std::function<Value(const Value& value, Frame& frame)>;

/// The conversion of CAST(x AS to); nothing when SQL has none between these types. An empty function: nothing to do.
std::optional<CastFunction> find_cast(const SqlType& from, const SqlType& to, bool is_try);

/// Whether a value of type `from` is taken where `to` is wanted, without CAST: a cost (0 is best), or nothing.
/// `is_text_literal`: 'text' in the SQL itself, which DuckDB reads as whatever type is wanted.
///
/// Wider than DuckDB on purpose: numbers, dates and booleans are taken as text, since a CSV column of digits is typed
/// as integer although the model compares it as text.
std::optional<int> implicit_cast_cost(const SqlType& from, const SqlType& to, bool is_text_literal);

/// The text of a value as CAST(x AS VARCHAR) writes it.
std::string text_of(const Value& value, const SqlType& type);

/// The number rounded half away from zero to `scale` digits after the point.
double round_to_scale(double value, int scale);

}  // namespace linkwright
