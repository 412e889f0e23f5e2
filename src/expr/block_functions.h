#pragma once

#include <cstdint>

#include "expr/block_column.h"
#include "expr/sql_type.h"

// Functions over columns of numbers, as loops that the compiler vectorises. Each does one operation only, so that no
// multiplication is fused with an addition: results are DuckDB's to the last bit.
namespace linkwright {

enum class Arithmetic : uint8_t { kAdd, kSubtract, kMultiply, kDivide };
BlockFunction block_arithmetic(Arithmetic operation);          // doubles
BlockFunction block_float_arithmetic(Arithmetic operation);    // doubles that hold single precision
BlockFunction block_integer_arithmetic(Arithmetic operation);  // fails where it overflows; no division

BlockFunction block_absolute();
BlockFunction block_integer_absolute();

/// function(x) or function(x, y) of doubles.
BlockFunction block_function(double (*function)(double));
BlockFunction block_function(double (*function)(double, double));
BlockFunction block_function(bool (*test)(double));

enum class Order : uint8_t { kEqual, kLess, kLessEqual, kGreater, kGreaterEqual };
/// Of two columns of `type`; NaN is equal to itself and greater than all else. Empty for types that are no numbers.
BlockFunction block_order(Order order, const SqlType& type);

BlockFunction block_is_null();
BlockFunction block_not();

/// The greatest or least of columns of `type`, nulls passed over. Empty for types that are no numbers.
BlockFunction block_extreme(bool greatest, const SqlType& type);

/// Null where two columns of `type` are equal, else the first. Empty for types that are no numbers.
BlockFunction block_null_if(const SqlType& type);

/// The conversions among numbers and moments that are worth it; empty for others.
BlockFunction block_cast(const SqlType& from, const SqlType& to, bool is_try);

}  // namespace linkwright
