#include "compare/kernel_parts.h"

#include <arrow/array.h>

#include <optional>
#include <string_view>
#include <utility>

namespace linkwright {
namespace {

template <typename Function>
struct NamedFunction {
  std::string_view name;
  Function function;
};

template <typename Function, size_t kSize>
std::optional<Function> find_named(const NamedFunction<Function> (&named)[kSize], const Expression& call) {
  for (const NamedFunction<Function>& one : named) {
    if (call.is_call(one.name)) return one.function;
  }
  return std::nullopt;
}

constexpr NamedFunction<VectorFunction> kVectorFunctions[] = {
    {"list_cosine_similarity", VectorFunction::kCosineSimilarity},
    {"list_cosine_distance", VectorFunction::kCosineDistance},
    {"list_inner_product", VectorFunction::kInnerProduct},
    {"list_distance", VectorFunction::kDistance},
};
constexpr NamedFunction<SetFunction> kSetFunctions[] = {
    {"list_has_any", SetFunction::kHasAny},
    {"list_has_all", SetFunction::kHasAll},
};
constexpr NamedFunction<ElementDistance> kElementDistances[] = {
    {"levenshtein", ElementDistance::kLevenshtein},
    {"damerau_levenshtein", ElementDistance::kDamerauLevenshtein},
    {"jaro_similarity", ElementDistance::kJaro},
    {"jaro_winkler_similarity", ElementDistance::kJaroWinkler},
};

bool is_parameter(const Expression& expression, const std::string& name) {
  return expression.kind() == Expression::Kind::kParameter && expression.parameters()[0] == name;
}

// list_transform(list, parameter -> body) with one parameter.
struct Transform {
  Expression list;
  std::string parameter;
  Expression body;
};
std::optional<Transform> transform_of(const Expression& call) {
  if (!call.is_call("list_transform")) return std::nullopt;
  const Expression& lambda = call.arguments()[1];
  if (lambda.kind() != Expression::Kind::kLambda || lambda.parameters().size() != 1) return std::nullopt;
  return Transform{call.arguments()[0], lambda.parameters()[0], lambda.arguments()[0]};
}

// name[place] of a lambda's parameter.
bool is_element_of(const Expression& expression, const std::string& name, int64_t place) {
  if (!expression.is_call("list_extract") || !is_parameter(expression.arguments()[0], name)) return false;
  const Expression& index = expression.arguments()[1];
  return index.kind() == Expression::Kind::kLiteral && index.literal().kind == ValueKind::kInteger &&
         index.literal().integer == place;
}

// list_min or list_max of f(pair[1], pair[2]) over all pairs of elements, as Splink writes it.
struct Pairwise {
  Expression first;
  Expression second;
  ElementDistance distance;
  bool wants_largest;
};
std::optional<Pairwise> pairwise_of(const Expression& call) {
  if (!call.is_call("list_min") && !call.is_call("list_max")) return std::nullopt;
  const std::optional<Transform> distances = transform_of(call.arguments()[0]);
  if (!distances || !distances->list.is_call("flatten")) return std::nullopt;
  const std::optional<ElementDistance> distance = find_named(kElementDistances, distances->body);
  if (!distance || distances->body.arguments().size() != 2 ||
      !is_element_of(distances->body.arguments()[0], distances->parameter, 1) ||
      !is_element_of(distances->body.arguments()[1], distances->parameter, 2)) {
    return std::nullopt;
  }
  const std::optional<Transform> outer = transform_of(distances->list.arguments()[0]);
  const std::optional<Transform> inner = outer ? transform_of(outer->body) : std::nullopt;
  if (!inner || inner->parameter == outer->parameter || !inner->body.is_call("list_value") ||
      inner->body.arguments().size() != 2 || !is_parameter(inner->body.arguments()[0], outer->parameter) ||
      !is_parameter(inner->body.arguments()[1], inner->parameter)) {
    return std::nullopt;
  }
  return Pairwise{outer->list, inner->list, *distance, call.is_call("list_max")};
}

// The side of an expression that reads one column, and no lambda's parameter.
std::optional<Side> side_of(const Expression& expression) {
  const std::vector<ColumnReference> columns = expression.columns();
  if (columns.size() != 1 || columns[0].side == Side::kNone) return std::nullopt;
  return columns[0].side;
}

// The values of an operand; none where it cannot be computed for every value of its column.
std::optional<KernelValues> values_of(const Expression& expression, const RecordTable& records,
                                      const EvaluationOptions& options, KernelParts::Operand* operand) {
  operand->column = expression.columns()[0].name;
  const auto column = records.column(operand->column);
  if (!column.ok()) return std::nullopt;
  if (expression.kind() == Expression::Kind::kColumn) return KernelValues{(*column)->values, (*column)->type};
  const auto types = [&](const ColumnReference& reference) { return records.column_type(reference.name); };
  const auto evaluator = Evaluator::compile(expression, expression.to_sql(), types, options);
  if (!evaluator.ok()) return std::nullopt;
  auto derived = derive_codes(**column, *evaluator);
  if (!derived.ok()) return std::nullopt;
  operand->code_of = std::move(derived->code_of);
  return KernelValues{derived->values, derived->type};
}

}  // namespace

// A call that a kernel may compute, of a list of each record.
struct KernelParts::Call {
  Expression first;
  Expression second;
  std::optional<SetFunction> set;
  std::optional<VectorFunction> vector;
  std::optional<Pairwise> pairwise;

  bool first_is_left() const { return side_of(first) == Side::kLeft; }

  static std::optional<Call> match(const Expression& expression) {
    const std::optional<Call> call = match_any(expression);
    if (!call) return std::nullopt;
    const std::optional<Side> first = side_of(call->first);
    const std::optional<Side> second = side_of(call->second);
    return first && second && *first != *second ? call : std::nullopt;
  }

 private:
  static std::optional<Call> match_any(const Expression& expression) {
    if (expression.kind() != Expression::Kind::kCall) return std::nullopt;
    const std::vector<Expression>& arguments = expression.arguments();
    if (expression.is_call("array_length") && arguments.size() == 1 && arguments[0].is_call("list_intersect")) {
      const std::vector<Expression>& lists = arguments[0].arguments();
      return Call{lists[0], lists[1], SetFunction::kSharedElements, {}, {}};
    }
    if (const auto set = find_named(kSetFunctions, expression)) return Call{arguments[0], arguments[1], *set, {}, {}};
    if (const auto vector = find_named(kVectorFunctions, expression)) {
      return Call{arguments[0], arguments[1], {}, *vector, {}};
    }
    if (const auto pairwise = pairwise_of(expression)) return Call{pairwise->first, pairwise->second, {}, {}, pairwise};
    return std::nullopt;
  }
};

// Null where there is none for such values.
Result<std::shared_ptr<const PairKernel>> KernelParts::make_kernel(const Call& call, Operand* left,
                                                                   Operand* right) const {
  const bool in_order = call.first_is_left();
  const auto lefts = values_of(in_order ? call.first : call.second, records_, options_, left);
  const auto rights = values_of(in_order ? call.second : call.first, records_, options_, right);
  if (!lefts || !rights) return nullptr;
  if (call.set) return make_set_kernel({*call.set, in_order}, *lefts, *rights);
  if (call.vector) return make_vector_kernel(*call.vector, *lefts, *rights);
  return make_nearest_elements_kernel({call.pairwise->distance, call.pairwise->wants_largest, in_order}, *lefts,
                                      *rights, options_.jaro_winkler);
}

Result<Expression> KernelParts::take_out(const Expression& expression) {
  if (expression.kind() != Expression::Kind::kCall) return expression;
  if (const std::optional<Call> call = Call::match(expression)) {
    const std::string sql = expression.to_sql();
    if (!parts_.contains(sql)) {
      Part part;
      ARROW_ASSIGN_OR_RAISE(part.kernel, make_kernel(*call, &part.left, &part.right));
      if (part.kernel != nullptr) parts_.emplace(sql, std::move(part));
    }
    if (parts_.contains(sql)) return Expression::column({Side::kNone, sql}, expression.position());
  }
  std::vector<Expression> arguments;
  for (const Expression& argument : expression.arguments()) {
    ARROW_ASSIGN_OR_RAISE(Expression reduced, take_out(argument));
    arguments.push_back(std::move(reduced));
  }
  return Expression::call(expression.function(), std::move(arguments), expression.position());
}

const KernelParts::Part* KernelParts::find(const ColumnReference& column) const {
  if (column.side != Side::kNone) return nullptr;
  const auto found = parts_.find(column.name);
  return found == parts_.end() ? nullptr : &found->second;
}

}  // namespace linkwright
