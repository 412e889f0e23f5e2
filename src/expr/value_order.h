#pragma once

#include <compare>

#include "expr/value.h"

namespace linkwright {

/// Order of two values of one kind, neither null: text by bytes, false before true, NaN equal to itself and above all
/// numbers, lists element by element with null elements last. Source: DuckDB.
std::strong_ordering order_of(const Value& a, const Value& b);

/// As `order_of`, with null equal to null and above everything else.
std::strong_ordering order_with_nulls(const Value& a, const Value& b);

bool equal_values(const Value& a, const Value& b);

}  // namespace linkwright
