#include <algorithm>
#include <cmath>

#include "expr/function_library.h"
#include "expr/vector_numbers.h"

namespace linkwright {
namespace {

using Items = std::span<const Value>;

Status wants_numbers(const BindContext& context) {
  return Status::Invalid(signature(context.function, context.operands), " does not exist: lists of numbers are wanted");
}

Value sum_integers(Values values, Frame& frame) {
  int64_t sum = 0;
  bool is_empty = true;
  for (const Value& item : values[0].list()) {
    if (item.is_null()) continue;
    if (__builtin_add_overflow(sum, item.integer, &sum)) return frame.fail("integer overflow in list_sum");
    is_empty = false;
  }
  return is_empty ? Value::null() : Value::of_integer(sum);
}

Value sum_doubles(Values values, Frame& /*frame*/) {
  double sum = 0;
  bool is_empty = true;
  for (const Value& item : values[0].list()) {
    if (item.is_null()) continue;
    sum += item.number;
    is_empty = false;
  }
  return is_empty ? Value::null() : Value::of_double(sum);
}

Value average(Values values, Frame& frame) {
  const Value sum = sum_doubles(values, frame);
  if (sum.is_null()) return sum;
  const Items items = values[0].list();
  const auto count = std::count_if(items.begin(), items.end(), [](const Value& item) { return !item.is_null(); });
  return Value::of_double(sum.number / static_cast<double>(count));
}

Result<BoundCall> bind_sum(const BindContext& context) {
  const SqlType& type = context.operands[0].type;
  const SqlType element = type.element_type();
  const bool is_integer = element.is_integer() || element.kind == SqlKind::kNull;
  if (type.is_null() || (type.is_list() && is_integer)) return BoundCall{{type}, kBigint, sum_integers};
  if (!type.is_list() || !element.is_number()) return wants_numbers(context);
  return BoundCall{{type}, kDouble, sum_doubles};
}

Result<BoundCall> bind_average(const BindContext& context) {
  const SqlType& type = context.operands[0].type;
  const SqlType element = type.element_type();
  const bool fits = type.is_null() || (type.is_list() && (element.is_number() || element.is_null()));
  if (!fits) return wants_numbers(context);
  return BoundCall{{SqlType::list_of(kDouble)}, kDouble, average};
}

// --- vectors: the arithmetic is that of the element type, as in DuckDB

template <typename Float>
struct Products {
  Float dot = 0;
  Float left = 0;
  Float right = 0;
};

template <typename Float>
Products<Float> products_of(Items left, Items right) {
  Products<Float> products;
  for (size_t i = 0; i < left.size(); ++i) {
    const auto x = static_cast<Float>(left[i].number);
    const auto y = static_cast<Float>(right[i].number);
    products.dot += x * y;
    products.left += x * x;
    products.right += y * y;
  }
  return products;
}

template <typename Float>
Float cosine_similarity(Items left, Items right) {
  const Products<Float> products = products_of<Float>(left, right);
  return cosine_of(products.dot, products.left, products.right);
}

template <typename Float>
Float cosine_distance(Items left, Items right) {
  return Float{1} - cosine_similarity<Float>(left, right);
}

template <typename Float>
Float inner_product(Items left, Items right) {
  return products_of<Float>(left, right).dot;
}

template <typename Float>
Float distance(Items left, Items right) {
  Float sum = 0;
  for (size_t i = 0; i < left.size(); ++i) {
    const Float difference = static_cast<Float>(left[i].number) - static_cast<Float>(right[i].number);
    sum += difference * difference;
  }
  return std::sqrt(sum);
}

// Equal lengths and no nulls; the empty message means that all is well.
std::string vector_problem(std::string_view function, Items left, Items right) {
  if (left.size() != right.size()) {
    return std::string(function) + " wants lists of one length, not " + std::to_string(left.size()) + " and " +
           std::to_string(right.size()) + " elements";
  }
  const auto is_null = [](const Value& item) { return item.is_null(); };
  const bool has_null =
      std::any_of(left.begin(), left.end(), is_null) || std::any_of(right.begin(), right.end(), is_null);
  return has_null ? std::string(function) + " wants lists without nulls" : "";
}

template <typename Float>
ScalarFunction vector_function(std::string_view function, Float (*compute)(Items, Items), bool null_if_empty) {
  return [function = std::string(function), compute, null_if_empty](Values values, Frame& frame) {
    const Items left = values[0].list();
    const Items right = values[1].list();
    if (const std::string problem = vector_problem(function, left, right); !problem.empty()) return frame.fail(problem);
    if (left.empty() && null_if_empty) return Value::null();
    return Value::of_double(static_cast<double>(compute(left, right)));
  };
}

struct VectorFunction {
  std::string_view name;
  float (*single)(Items, Items);
  double (*full)(Items, Items);
  bool null_if_empty;
};

Binder bind_vectors(VectorFunction function) {
  return [function](const BindContext& context) -> Result<BoundCall> {
    bool is_float = true;
    for (const Operand& operand : context.operands) {
      const SqlType element = operand.type.element_type();
      const bool fits =
          operand.type.is_null() || (operand.type.is_list() && (element.is_number() || element.is_null()));
      if (!fits) return wants_numbers(context);
      is_float = is_float && element.kind == SqlKind::kFloat;
    }
    const SqlType element{.kind = is_float ? SqlKind::kFloat : SqlKind::kDouble};
    const SqlType list = SqlType::list_of(element);
    ScalarFunction compute = is_float ? vector_function(function.name, function.single, function.null_if_empty)
                                      : vector_function(function.name, function.full, function.null_if_empty);
    return BoundCall{{list, list}, element, std::move(compute)};
  };
}

}  // namespace

void add_list_numbers(FunctionLibrary& library) {
  library.add("list_sum", Binder(bind_sum));
  library.add("list_avg", Binder(bind_average));
  for (const VectorFunction& function : {
           VectorFunction{"list_cosine_similarity", cosine_similarity<float>, cosine_similarity<double>, true},
           VectorFunction{"list_cosine_distance", cosine_distance<float>, cosine_distance<double>, true},
           VectorFunction{"list_inner_product", inner_product<float>, inner_product<double>, false},
           VectorFunction{"list_distance", distance<float>, distance<double>, false},
       }) {
    library.add(function.name, bind_vectors(function));
  }
}

}  // namespace linkwright
