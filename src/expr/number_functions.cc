#include <cmath>
#include <numbers>

#include "expr/block_functions.h"
#include "expr/cast.h"
#include "expr/function_library.h"

namespace linkwright {
namespace {

using DoubleFunction = double (*)(double);

ScalarFunction of_double(DoubleFunction function) {
  return [function](std::span<const Value> values, Frame& /*frame*/) {
    return Value::of_double(function(values[0].number));
  };
}

ScalarFunction of_doubles(double (*function)(double, double)) {
  return [function](std::span<const Value> values, Frame& /*frame*/) {
    return Value::of_double(function(values[0].number, values[1].number));
  };
}

ScalarFunction test_double(bool (*test)(double)) {
  return [test](std::span<const Value> values, Frame& /*frame*/) { return Value::of_boolean(test(values[0].number)); };
}

Status not_a_number(const BindContext& context) {
  return Status::Invalid(signature(context.function, context.operands), " does not exist, only ", context.function,
                         "(number); CAST the argument");
}

// The type of the only or first argument, a number; text literals and NULL count as DOUBLE.
Result<SqlType> number_argument(const BindContext& context) {
  const Operand& operand = context.operands[0];
  if (operand.type.is_number()) return operand.type;
  if (operand.type.is_null() || operand.is_text_literal) return kDouble;
  return not_a_number(context);
}

Result<BoundCall> bind_abs(const BindContext& context) {
  ARROW_ASSIGN_OR_RAISE(const SqlType type, number_argument(context));
  if (!type.is_integer()) {
    return BoundCall{{type}, type, of_double([](double x) { return std::abs(x); }), false, block_absolute()};
  }
  const auto absolute = [](std::span<const Value> values, Frame& frame) {
    if (values[0].integer >= 0) return values[0];
    int64_t result = 0;
    if (__builtin_sub_overflow(int64_t{0}, values[0].integer, &result)) return frame.fail("integer overflow in abs");
    return Value::of_integer(result);
  };
  return BoundCall{{type}, type, absolute, false, block_integer_absolute()};
}

Result<BoundCall> bind_sign(const BindContext& context) {
  ARROW_ASSIGN_OR_RAISE(const SqlType type, number_argument(context));
  if (!type.is_integer()) {
    const auto sign = [](std::span<const Value> values, Frame& /*frame*/) {
      return Value::of_integer((values[0].number > 0 ? 1 : 0) - (values[0].number < 0 ? 1 : 0));
    };
    return BoundCall{{type}, kTinyint, sign};
  }
  const auto sign = [](std::span<const Value> values, Frame& /*frame*/) {
    return Value::of_integer((values[0].integer > 0 ? 1 : 0) - (values[0].integer < 0 ? 1 : 0));
  };
  return BoundCall{{type}, kTinyint, sign};
}

// floor, ceil and trunc: a DECIMAL stays one without digits after the point, all others become DOUBLE.
Binder whole_number(DoubleFunction function) {
  return [function](const BindContext& context) -> Result<BoundCall> {
    ARROW_ASSIGN_OR_RAISE(const SqlType type, number_argument(context));
    SqlType result = kDouble;
    if (type.kind == SqlKind::kDecimal) result = {.kind = SqlKind::kDecimal, .width = type.width, .scale = 0};
    if (type.kind == SqlKind::kFloat) result = type;
    const SqlType parameter = type.is_integer() ? kDouble : type;
    return BoundCall{{parameter}, result, of_double(function), false, block_function(function)};
  };
}

double round_double(double value, int64_t digits) {
  constexpr int64_t kMostDigits = 400;
  const double factor = std::pow(10.0, static_cast<double>(std::min(std::abs(digits), kMostDigits)));
  const double rounded = digits >= 0 ? std::round(value * factor) / factor : std::round(value / factor) * factor;
  return std::isfinite(rounded) ? rounded : value;
}

int64_t round_integer(int64_t value, int64_t digits) {
  constexpr int64_t kMostDigits = 18;
  if (digits >= 0) return value;
  if (digits < -kMostDigits) return 0;
  int64_t factor = 1;
  for (; digits < 0; ++digits) factor *= 10;
  const int64_t remainder = value % factor;
  const int64_t base = value - remainder;
  if (std::abs(remainder) < factor - std::abs(remainder)) return base;
  int64_t result = 0;
  return __builtin_add_overflow(base, value < 0 ? -factor : factor, &result) ? base : result;
}

Result<BoundCall> bind_round_decimal(const BindContext& context, const SqlType& type) {
  const bool has_digits = context.operands.size() > 1;
  const std::optional<Value>& digits = context.operands.back().constant;
  if (has_digits && (!digits || digits->kind != ValueKind::kInteger)) {
    const auto round = [](std::span<const Value> values, Frame& /*frame*/) {
      return Value::of_double(round_double(values[0].number, values[1].integer));
    };
    return BoundCall{{kDouble, kBigint}, kDouble, round};
  }
  const int64_t wanted = has_digits ? digits->integer : 0;
  const auto scale = static_cast<int>(std::min<int64_t>(wanted, type.scale));
  auto round = [scale](std::span<const Value> values, Frame& /*frame*/) {
    return Value::of_double(scale >= 0 ? round_to_scale(values[0].number, scale)
                                       : round_double(values[0].number, scale));
  };
  SqlType result = type;
  result.scale = static_cast<uint8_t>(std::max(scale, 0));
  BoundCall call{{type}, result, std::move(round)};
  if (has_digits) call.parameters.push_back(kBigint);
  return call;
}

// Halves are rounded away from zero.
Result<BoundCall> bind_round(const BindContext& context) {
  ARROW_ASSIGN_OR_RAISE(const SqlType type, number_argument(context));
  if (type.kind == SqlKind::kDecimal) return bind_round_decimal(context, type);
  ScalarFunction round;
  if (type.is_integer()) {
    round = [](std::span<const Value> values, Frame& /*frame*/) {
      return Value::of_integer(round_integer(values[0].integer, values.size() > 1 ? values[1].integer : 0));
    };
  } else {
    const bool is_float = type.kind == SqlKind::kFloat;
    round = [is_float](std::span<const Value> values, Frame& /*frame*/) {
      const double rounded = round_double(values[0].number, values.size() > 1 ? values[1].integer : 0);
      return Value::of_double(is_float ? static_cast<double>(static_cast<float>(rounded)) : rounded);
    };
  }
  BoundCall call{{type}, type, std::move(round)};
  if (context.operands.size() > 1) call.parameters.push_back(kBigint);
  return call;
}

double to_radians(double degrees) { return degrees * (std::numbers::pi / 180); }
double to_degrees(double radians) { return radians / (std::numbers::pi / 180); }
double cotangent(double x) { return 1.0 / std::tan(x); }

}  // namespace

void add_number_functions(FunctionLibrary& library) {
  const auto add_double = [&](std::string_view name, DoubleFunction function) {
    library.add(name, {{{SqlKind::kDouble}, SqlKind::kDouble, of_double(function), block_function(function)}});
  };
  library.add("abs", Binder(bind_abs));
  library.add("sign", Binder(bind_sign));
  library.add("round", Binder(bind_round));
  library.add("floor", whole_number([](double x) { return std::floor(x); }));
  library.add("ceil", whole_number([](double x) { return std::ceil(x); }));
  library.add("trunc", whole_number([](double x) { return std::trunc(x); }));
  add_double("sqrt", [](double x) { return std::sqrt(x); });
  add_double("exp", [](double x) { return std::exp(x); });
  add_double("ln", [](double x) { return std::log(x); });
  add_double("log2", [](double x) { return std::log2(x); });
  add_double("log10", [](double x) { return std::log10(x); });
  add_double("sin", [](double x) { return std::sin(x); });
  add_double("cos", [](double x) { return std::cos(x); });
  add_double("tan", [](double x) { return std::tan(x); });
  add_double("cot", cotangent);
  add_double("asin", [](double x) { return std::asin(x); });
  add_double("acos", [](double x) { return std::acos(x); });
  add_double("atan", [](double x) { return std::atan(x); });
  add_double("radians", to_radians);
  add_double("degrees", to_degrees);
  constexpr SqlKind kNumber = SqlKind::kDouble;
  library.add("atan2",
              {{{kNumber, kNumber}, kNumber, of_doubles([](double y, double x) { return std::atan2(y, x); })}});
  library.add("power", {{{kNumber, kNumber}, kNumber, of_doubles([](double x, double y) { return std::pow(x, y); })}});
  library.add("log", {{{kNumber}, kNumber, of_double([](double x) { return std::log10(x); })},
                      {{kNumber, kNumber}, kNumber, of_doubles([](double base, double x) {
                         return std::log10(x) / std::log10(base);
                       })}});
  library.add("isnan", {{{kNumber}, SqlKind::kBoolean, test_double([](double x) { return std::isnan(x); })}});
  library.add("isinf", {{{kNumber}, SqlKind::kBoolean, test_double([](double x) { return std::isinf(x); })}});
  library.add("isfinite", {{{kNumber}, SqlKind::kBoolean, test_double([](double x) { return std::isfinite(x); })}});
  const auto pi = [](std::span<const Value> /*values*/, Frame& /*frame*/) {
    return Value::of_double(std::numbers::pi);
  };
  library.add("pi", {{{}, kNumber, pi}});
}

}  // namespace linkwright
