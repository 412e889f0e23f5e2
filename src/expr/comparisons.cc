#include "expr/block_functions.h"
#include "expr/cast.h"
#include "expr/function_library.h"
#include "expr/value_order.h"

namespace linkwright {
namespace {

using Test = bool (*)(std::strong_ordering order);

BoundCall same_types(const SqlType& type, size_t count, const SqlType& result, ScalarFunction function,
                     bool takes_nulls, BlockFunction block = {}) {
  return {std::vector<SqlType>(count, type), result, std::move(function), takes_nulls, std::move(block)};
}

Binder equality() {
  return [](const BindContext& context) -> Result<BoundCall> {
    ARROW_ASSIGN_OR_RAISE(const SqlType type, common_type(context.function, context.operands, true));
    const auto equal = [](std::span<const Value> values, Frame& /*frame*/) {
      return Value::of_boolean(equal_values(values[0], values[1]));
    };
    return same_types(type, 2, kBoolean, equal, false, block_order(Order::kEqual, type));
  };
}

Binder ordering(Test test, Order order) {
  return [test, order](const BindContext& context) -> Result<BoundCall> {
    ARROW_ASSIGN_OR_RAISE(const SqlType type, common_type(context.function, context.operands, true));
    const auto compare = [test](std::span<const Value> values, Frame& /*frame*/) {
      return Value::of_boolean(test(order_of(values[0], values[1])));
    };
    return same_types(type, 2, kBoolean, compare, false, block_order(order, type));
  };
}

Result<BoundCall> bind_is_distinct(const BindContext& context) {
  ARROW_ASSIGN_OR_RAISE(const SqlType type, common_type("IS DISTINCT FROM", context.operands, true));
  const auto distinct = [](std::span<const Value> values, Frame& /*frame*/) {
    return Value::of_boolean(order_with_nulls(values[0], values[1]) != 0);
  };
  return same_types(type, 2, kBoolean, distinct, true);
}

Result<BoundCall> bind_is_null(const BindContext& context) {
  const auto is_null = [](std::span<const Value> values, Frame& /*frame*/) {
    return Value::of_boolean(values[0].is_null());
  };
  return same_types(context.operands[0].type, 1, kBoolean, is_null, true, block_is_null());
}

Result<BoundCall> bind_not(const BindContext& /*context*/) {
  const auto negate = [](std::span<const Value> values, Frame& /*frame*/) {
    return Value::of_boolean(!values[0].boolean);
  };
  return same_types(kBoolean, 1, kBoolean, negate, false, block_not());
}

// NULL when nothing equals and the list has a null.
Value is_in(std::span<const Value> values, Frame& /*frame*/) {
  if (values[0].is_null()) return Value::null();
  bool saw_null = false;
  for (const Value& item : values.subspan(1)) {
    if (item.is_null()) {
      saw_null = true;
    } else if (equal_values(values[0], item)) {
      return Value::of_boolean(true);
    }
  }
  return saw_null ? Value::null() : Value::of_boolean(false);
}

Result<BoundCall> bind_in(const BindContext& context) {
  ARROW_ASSIGN_OR_RAISE(const SqlType type, common_type("IN", context.operands, true));
  return same_types(type, context.operands.size(), kBoolean, is_in, true);
}

Value casted(const CastFunction& cast, const Value& value, Frame& frame) { return cast ? cast(value, frame) : value; }

// The result keeps the first argument's type, only the comparison is between values of the common one.
Result<BoundCall> bind_nullif(const BindContext& context) {
  ARROW_ASSIGN_OR_RAISE(const SqlType common, common_type(context.function, context.operands, true));
  const SqlType& first = context.operands[0].type;
  const SqlType& second = context.operands[1].type;
  const std::optional<CastFunction> first_cast = find_cast(first, common, false);
  const std::optional<CastFunction> second_cast = find_cast(second, common, false);
  if (!first_cast || !second_cast) {
    return Status::Invalid("nullif cannot compare ", first.to_string(), " and ", second.to_string());
  }
  auto null_if = [a = *first_cast, b = *second_cast](std::span<const Value> values, Frame& frame) {
    if (values[0].is_null() || values[1].is_null()) return values[0];
    const Value left = casted(a, values[0], frame);
    const Value right = casted(b, values[1], frame);
    return frame.failed() || equal_values(left, right) ? Value::null() : values[0];
  };
  const bool converts = *first_cast || *second_cast;
  return BoundCall{
      {first, second}, first, std::move(null_if), true, converts ? BlockFunction() : block_null_if(common)};
}

// NULLs are passed over.
Binder extreme(Test is_better, bool greatest) {
  return [is_better, greatest](const BindContext& context) -> Result<BoundCall> {
    ARROW_ASSIGN_OR_RAISE(const SqlType type, common_type(context.function, context.operands, true));
    const auto best = [is_better](std::span<const Value> values, Frame& /*frame*/) {
      Value result = Value::null();
      for (const Value& value : values) {
        if (value.is_null()) continue;
        if (result.is_null() || is_better(order_of(value, result))) result = value;
      }
      return result;
    };
    return same_types(type, context.operands.size(), type, best, true, block_extreme(greatest, type));
  };
}

bool is_less(std::strong_ordering order) { return order < 0; }
bool is_greater(std::strong_ordering order) { return order > 0; }
bool is_at_most(std::strong_ordering order) { return order <= 0; }
bool is_at_least(std::strong_ordering order) { return order >= 0; }

}  // namespace

void add_comparisons(FunctionLibrary& library) {
  library.add("=", equality());
  library.add("<", ordering(is_less, Order::kLess));
  library.add(">", ordering(is_greater, Order::kGreater));
  library.add("<=", ordering(is_at_most, Order::kLessEqual));
  library.add(">=", ordering(is_at_least, Order::kGreaterEqual));
  library.add("is distinct from", Binder(bind_is_distinct));
  library.add("is null", Binder(bind_is_null));
  library.add("not", Binder(bind_not));
  library.add("in", Binder(bind_in));
  library.add("nullif", Binder(bind_nullif));
  library.add("greatest", extreme(is_greater, true));
  library.add("least", extreme(is_less, false));
}

}  // namespace linkwright
