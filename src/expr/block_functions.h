#pragma once

#include <cstdint>
#include <type_traits>

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

/// of(x, y) of two texts: a bool, an integer or a double.
template <typename Function>
BlockFunction block_texts_function(Function of) {
  return [of](const BlockCall& call) {
    const Value* x = call.arguments[0].values;
    const Value* y = call.arguments[1].values;
    for (size_t k = 0; k < call.size; ++k) {
      if (x[k].is_null() || y[k].is_null()) continue;
      const auto result = of(x[k].text(), y[k].text());
      if constexpr (std::is_same_v<decltype(result), const bool>) {
        call.result->truths()[k] = truth_of(result);
      } else if constexpr (std::is_same_v<decltype(result), const double>) {
        call.result->numbers()[k] = result;
      } else {
        call.result->integers()[k] = static_cast<int64_t>(result);
      }
    }
  };
}

enum class Order : uint8_t { kEqual, kLess, kLessEqual, kGreater, kGreaterEqual };
/// Of two columns of `type`; NaN is equal to itself and greater than all else. Empty for types that are no numbers, but
/// for equal texts.
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
