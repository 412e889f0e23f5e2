#include <cmath>

#include "expr/block_functions.h"
#include "expr/cast.h"
#include "expr/function_library.h"

namespace linkwright {
namespace {

using IntegerOperation = bool (*)(int64_t a, int64_t b, int64_t* result);  // true: overflow
using DoubleOperation = double (*)(double a, double b);

constexpr int kMostDigits = 38;

bool add_integers(int64_t a, int64_t b, int64_t* result) { return __builtin_add_overflow(a, b, result); }
bool subtract_integers(int64_t a, int64_t b, int64_t* result) { return __builtin_sub_overflow(a, b, result); }
bool multiply_integers(int64_t a, int64_t b, int64_t* result) { return __builtin_mul_overflow(a, b, result); }

ScalarFunction integer_function(std::string_view sign, IntegerOperation operation) {
  return [sign = std::string(sign), operation](std::span<const Value> values, Frame& frame) {
    int64_t result = 0;
    if (operation(values[0].integer, values[1].integer, &result)) {
      return frame.fail("integer overflow in " + std::to_string(values[0].integer) + " " + sign + " " +
                        std::to_string(values[1].integer));
    }
    return Value::of_integer(result);
  };
}

ScalarFunction double_function(DoubleOperation operation) {
  return [operation](std::span<const Value> values, Frame& /*frame*/) {
    return Value::of_double(operation(values[0].number, values[1].number));
  };
}

// Two roundings, to double and then to float, give what one to float gives: double has more than twice the bits.
ScalarFunction float_function(DoubleOperation operation) {
  return [operation](std::span<const Value> values, Frame& /*frame*/) {
    return Value::of_double(static_cast<double>(static_cast<float>(operation(values[0].number, values[1].number))));
  };
}

ScalarFunction decimal_function(DoubleOperation operation, int scale) {
  return [operation, scale](std::span<const Value> values, Frame& /*frame*/) {
    return Value::of_double(round_to_scale(operation(values[0].number, values[1].number), scale));
  };
}

struct ArithmeticOperator {
  std::string_view sign;
  Arithmetic operation;
  IntegerOperation integers;
  DoubleOperation doubles;
};

SqlType decimal_result(const ArithmeticOperator& op, const SqlType& common, std::span<const Operand> operands) {
  SqlType result = common;
  int scale = common.scale;
  if (op.sign == "*") {
    scale = std::min(operands[0].type.scale + operands[1].type.scale, kMostDigits);
    result.width = static_cast<uint8_t>(std::min(2 * common.width, kMostDigits));
  }
  result.scale = static_cast<uint8_t>(scale);
  return result;
}

Status not_numbers(const BindContext& context) {
  return Status::Invalid(signature(context.function, context.operands),
                         " does not exist: both sides have to be numbers; CAST them");
}

// The type that both operands become, a number or NULL; text literals take the type of the other side.
Result<SqlType> number_type(const BindContext& context) {
  for (const Operand& operand : context.operands) {
    if (!operand.type.is_number() && !operand.type.is_null() && !operand.is_text_literal) return not_numbers(context);
  }
  ARROW_ASSIGN_OR_RAISE(SqlType type, common_type(context.function, context.operands, true));
  if (type.is_null()) return kBigint;
  if (!type.is_number()) return not_numbers(context);
  return type;
}

Result<BoundCall> bind_arithmetic(const ArithmeticOperator& op, const BindContext& context) {
  ARROW_ASSIGN_OR_RAISE(const SqlType type, number_type(context));
  if (type.is_integer()) {
    return BoundCall{
        {type, type}, type, integer_function(op.sign, op.integers), false, block_integer_arithmetic(op.operation)};
  }
  if (type.kind == SqlKind::kFloat) {
    return BoundCall{{type, type}, type, float_function(op.doubles), false, block_float_arithmetic(op.operation)};
  }
  if (type.kind == SqlKind::kDouble) {
    return BoundCall{{type, type}, type, double_function(op.doubles), false, block_arithmetic(op.operation)};
  }
  const SqlType result = decimal_result(op, type, context.operands);
  return BoundCall{{type, type}, result, decimal_function(op.doubles, result.scale)};
}

// DATE + days and days + DATE.
std::optional<BoundCall> bind_date_shift(std::span<const Operand> operands, std::string_view sign) {
  const bool date_first = operands[0].type.kind == SqlKind::kDate && operands[1].type.is_integer();
  const bool date_last = sign == "+" && operands[1].type.kind == SqlKind::kDate && operands[0].type.is_integer();
  if (!date_first && !date_last) return std::nullopt;
  const IntegerOperation operation = sign == "+" ? add_integers : subtract_integers;
  auto shift = [operation](std::span<const Value> values, Frame& frame) {
    constexpr int64_t kMostDays = 100'000'000;  // 270,000 years: keeps all later arithmetic in range
    int64_t days = 0;
    if (operation(values[0].integer, values[1].integer, &days) || days > kMostDays || days < -kMostDays) {
      return frame.fail("the date is out of range");
    }
    return Value::of_date(days);
  };
  return BoundCall{{operands[0].type, operands[1].type}, kDate, std::move(shift)};
}

Binder arithmetic(ArithmeticOperator op) {
  return [op](const BindContext& context) -> Result<BoundCall> {
    if (context.operands.size() == 2 && op.sign != "*") {
      if (std::optional<BoundCall> shift = bind_date_shift(context.operands, op.sign)) return *std::move(shift);
    }
    return bind_arithmetic(op, context);
  };
}

Result<BoundCall> bind_negation(const BindContext& context) {
  const SqlType& type = context.operands[0].type;
  if (!type.is_number() && !type.is_null()) return not_numbers(context);
  if (!type.is_integer()) {
    const auto negate = [](std::span<const Value> values, Frame& /*frame*/) {
      return Value::of_double(-values[0].number);
    };
    return BoundCall{{type},
                     type.is_null() ? kBigint : type,
                     negate,
                     false,
                     type.is_null() ? BlockFunction() : block_function([](double x) { return -x; })};
  }
  const auto negate = [](std::span<const Value> values, Frame& frame) {
    int64_t result = 0;
    if (subtract_integers(0, values[0].integer, &result)) return frame.fail("integer overflow in the negation");
    return Value::of_integer(result);
  };
  return BoundCall{{type}, type, negate};
}

Result<BoundCall> bind_minus(const BindContext& context) {
  if (context.operands.size() == 1) return bind_negation(context);
  const SqlKind left = context.operands[0].type.kind;
  const SqlKind right = context.operands[1].type.kind;
  if (left == SqlKind::kDate && right == SqlKind::kDate) {
    const auto days = [](std::span<const Value> values, Frame& /*frame*/) {
      return Value::of_integer(values[0].integer - values[1].integer);
    };
    return BoundCall{{kDate, kDate}, kBigint, days, false, block_integer_arithmetic(Arithmetic::kSubtract)};
  }
  const auto is_moment = [](SqlKind kind) { return kind == SqlKind::kDate || kind == SqlKind::kTimestamp; };
  if (is_moment(left) && is_moment(right)) {
    return Status::Invalid(
        "the difference of timestamps is an INTERVAL, which is not supported; use date_diff('day', b, a) "
        "or epoch(a) - epoch(b)");
  }
  return arithmetic({"-", Arithmetic::kSubtract, subtract_integers, [](double a, double b) { return a - b; }})(context);
}

double divide(double a, double b) { return a / b; }

// `/` never is an integer division; a division by zero gives an infinity or NaN.
Result<BoundCall> bind_division(const BindContext& context) {
  ARROW_ASSIGN_OR_RAISE(const SqlType type, number_type(context));
  if (type.kind == SqlKind::kFloat) {
    return BoundCall{{type, type}, type, float_function(divide), false, block_float_arithmetic(Arithmetic::kDivide)};
  }
  return BoundCall{{kDouble, kDouble}, kDouble, double_function(divide), false, block_arithmetic(Arithmetic::kDivide)};
}

// `//` rounds towards zero; numbers with fractions are divided as by `/`, as in DuckDB.
Result<BoundCall> bind_integer_division(const BindContext& context) {
  ARROW_ASSIGN_OR_RAISE(const SqlType type, number_type(context));
  if (!type.is_integer()) return bind_division(context);
  const auto quotient = [](std::span<const Value> values, Frame& frame) {
    if (values[1].integer == 0) return frame.fail("division by zero");
    if (values[1].integer == -1) {
      int64_t result = 0;
      if (subtract_integers(0, values[0].integer, &result)) return frame.fail("integer overflow in the division");
      return Value::of_integer(result);
    }
    return Value::of_integer(values[0].integer / values[1].integer);
  };
  return BoundCall{{type, type}, type, quotient};
}

Result<BoundCall> bind_remainder(const BindContext& context) {
  ARROW_ASSIGN_OR_RAISE(const SqlType type, number_type(context));
  if (!type.is_integer()) {
    const DoubleOperation remainder = [](double a, double b) { return std::fmod(a, b); };
    if (type.kind != SqlKind::kDecimal) return BoundCall{{type, type}, type, double_function(remainder)};
    return BoundCall{{type, type}, type, decimal_function(remainder, type.scale)};
  }
  const auto remainder = [](std::span<const Value> values, Frame& frame) {
    if (values[1].integer == 0) return frame.fail("division by zero");
    return Value::of_integer(values[1].integer == -1 ? 0 : values[0].integer % values[1].integer);
  };
  return BoundCall{{type, type}, type, remainder};
}

}  // namespace

void add_arithmetic(FunctionLibrary& library) {
  library.add("+", arithmetic({"+", Arithmetic::kAdd, add_integers, [](double a, double b) { return a + b; }}));
  library.add("-", Binder(bind_minus));
  library.add("*",
              arithmetic({"*", Arithmetic::kMultiply, multiply_integers, [](double a, double b) { return a * b; }}));
  library.add("/", Binder(bind_division));
  library.add("//", Binder(bind_integer_division));
  library.add("%", Binder(bind_remainder));
}

}  // namespace linkwright
