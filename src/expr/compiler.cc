#include "expr/compiler.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "base/nearest_name.h"
#include "expr/block_functions.h"
#include "expr/cast.h"
#include "expr/function_library.h"
#include "expr/function_names.h"
#include "expr/sql_error.h"
#include "expr/value_order.h"

namespace linkwright {
namespace {

/// A step with what the type checker knows of its result.
struct Typed {
  StepPtr step;
  Operand operand;

  const SqlType& type() const { return operand.type; }
  bool is_constant() const { return operand.constant.has_value(); }
};

struct LambdaParameter {
  std::string name;
  SqlType type;
  size_t slot;
};

class Compiler {
 public:
  Compiler(std::string_view sql, const Evaluator::ColumnTypes& column_types, const EvaluationOptions& options,
           Arena& constants)
      : sql_(sql), column_types_(column_types), options_(options), constants_(constants) {}

  Result<CompiledSteps> run(const Expression& expression) {
    ARROW_ASSIGN_OR_RAISE(Typed root, compile(expression));
    return CompiledSteps{std::move(root.step), root.type(), std::move(columns_), parameter_count_};
  }

 private:
  Status fail(const Expression& at, const Status& problem) const {
    return problem.WithMessage(problem.message(), "\n", sql_caret(sql_, at.position()));
  }

  // --- leaves

  Result<Typed> compile(const Expression& expression) {
    switch (expression.kind()) {
      case Expression::Kind::kLiteral:
        return literal(expression);
      case Expression::Kind::kColumn:
        return column(expression);
      case Expression::Kind::kParameter:
        return parameter(expression);
      case Expression::Kind::kLambda:
        return fail(expression,
                    Status::Invalid("a lambda may only be the second argument of list_transform or list_filter"));
      case Expression::Kind::kCall:
        return call(expression);
    }
    return Status::Invalid("unknown kind of expression");
  }

  Typed constant(const Value& value, const SqlType& type, bool is_text_literal = false) {
    const Value kept = constants_.copy(value);
    return {constant_step(kept, type.value_type().kind), {type, is_text_literal, kept}};
  }

  Typed literal(const Expression& expression) {
    const Value& value = expression.literal();
    SqlType type = SqlType::from_value_type({value.kind});
    const std::string& digits = expression.decimal_digits();
    if (value.kind == ValueKind::kInteger && value.integer == static_cast<int32_t>(value.integer)) {
      type.kind = SqlKind::kInteger;
    } else if (!digits.empty()) {
      const auto count = static_cast<uint8_t>(
          std::count_if(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; }));
      const auto scale = static_cast<uint8_t>(digits.size() - digits.find('.') - 1);
      type = {.kind = SqlKind::kDecimal, .width = count, .scale = scale};
    }
    return constant(value, type, value.kind == ValueKind::kText);
  }

  Result<Typed> column(const Expression& expression) {
    const ColumnReference& reference = expression.column();
    const Result<ValueType> type = column_types_(reference);
    if (!type.ok()) return fail(expression, type.status());
    const auto [place, is_new] = column_index_.emplace(reference, columns_.size());
    if (is_new) columns_.push_back(reference);
    return Typed{column_step(place->second), {SqlType::from_value_type(*type)}};
  }

  Result<Typed> parameter(const Expression& expression) {
    const std::string& name = expression.parameters().front();
    for (auto scope = parameters_.rbegin(); scope != parameters_.rend(); ++scope) {
      if (scope->name == name) return Typed{parameter_step(scope->slot), {scope->type}};
    }
    return fail(expression, Status::Invalid("'", name, "' is no parameter of a lambda around it"));
  }

  // --- calls

  Result<Typed> call(const Expression& expression) {
    const std::string& function = expression.function();
    if (function == "and" || function == "or") return junction(expression);
    if (function == "case") return case_when(expression);
    if (function == "coalesce") return coalesce(expression);
    if (function == "cast" || function == "try_cast") return explicit_cast(expression);
    if (function == "list_transform" || function == "list_filter") return lambda_call(expression);
    ARROW_ASSIGN_OR_RAISE(std::vector<Typed> arguments, compile_all(expression.arguments()));
    return bound_call(expression, std::move(arguments));
  }

  Result<std::vector<Typed>> compile_all(const std::vector<Expression>& expressions) {
    std::vector<Typed> all;
    all.reserve(expressions.size());
    for (const Expression& expression : expressions) {
      ARROW_ASSIGN_OR_RAISE(Typed one, compile(expression));
      all.push_back(std::move(one));
    }
    return all;
  }

  static std::vector<Operand> operands_of(const std::vector<Typed>& arguments) {
    std::vector<Operand> operands;
    operands.reserve(arguments.size());
    for (const Typed& argument : arguments) operands.push_back(argument.operand);
    return operands;
  }

  Result<Typed> bound_call(const Expression& expression, std::vector<Typed> arguments) {
    const std::string& function = expression.function();
    const Binder* binder = FunctionLibrary::instance().find(function);
    if (binder == nullptr) {
      return fail(expression,
                  Status::Invalid("unknown function '", function, "'", suggestion(function, known_function_names())));
    }
    const std::vector<Operand> operands = operands_of(arguments);
    Result<BoundCall> bound = (*binder)({function, operands, options_.jaro_winkler});
    if (!bound.ok()) return fail(expression, bound.status());
    return apply(expression, bound.MoveValueUnsafe(), std::move(arguments));
  }

  Status check_depth(const Expression& expression, const SqlType& type) const {
    if (type.depth <= SqlType::kMaxDepth) return Status::OK();
    return fail(expression, Status::NotImplemented("lists nested more than ", static_cast<int>(SqlType::kMaxDepth),
                                                   " levels deep are not supported"));
  }

  Result<Typed> apply(const Expression& expression, BoundCall bound, std::vector<Typed> arguments) {
    ARROW_RETURN_NOT_OK(check_depth(expression, bound.result));
    StepFunction function{std::move(bound.function),
                          std::move(bound.block),
                          bound.takes_nulls,
                          signature(expression.function(), operands_of(arguments)),
                          {},
                          bound.result.value_type().kind};
    function.key += bound.result.to_string();
    bool all_constant = true;
    std::vector<StepPtr> steps;
    for (size_t i = 0; i < arguments.size(); ++i) {
      ARROW_ASSIGN_OR_RAISE(Typed argument, converted(std::move(arguments[i]), bound.parameters[i], expression,
                                                      expression.arguments()[i]));
      all_constant = all_constant && argument.is_constant();
      function.parameters.push_back(bound.parameters[i].value_type().kind);
      arguments[i] = std::move(argument);
    }
    if (expression.is_call("in") && all_constant_after_first(arguments)) {
      return in_constants(expression, std::move(arguments));
    }
    for (Typed& argument : arguments) steps.push_back(std::move(argument.step));
    Typed result{call_step(std::move(function), std::move(steps), expression.position()), {bound.result}};
    return all_constant ? folded(std::move(result)) : std::move(result);
  }

  static bool all_constant_after_first(const std::vector<Typed>& arguments) {
    return std::all_of(arguments.begin() + 1, arguments.end(),
                       [](const Typed& argument) { return argument.is_constant(); });
  }

  Typed in_constants(const Expression& expression, std::vector<Typed> arguments) {
    std::vector<Value> sorted;
    bool has_null = false;
    std::string key = "in " + arguments[0].type().to_string();
    for (size_t i = 1; i < arguments.size(); ++i) {
      const Value& value = *arguments[i].operand.constant;
      has_null = has_null || value.is_null();
      if (!value.is_null()) sorted.push_back(value);
      key += " " + expression.arguments()[i].to_sql();
    }
    const auto before = [](const Value& a, const Value& b) { return order_of(a, b) < 0; };
    std::sort(sorted.begin(), sorted.end(), before);
    auto is_in = [sorted = std::move(sorted), has_null, before](std::span<const Value> values, Frame& /*frame*/) {
      if (std::binary_search(sorted.begin(), sorted.end(), values[0], before)) return Value::of_boolean(true);
      return has_null ? Value::null() : Value::of_boolean(false);
    };
    StepFunction function{std::move(is_in),   {}, false, std::move(key), {arguments[0].type().value_type().kind},
                          ValueKind::kBoolean};
    std::vector<StepPtr> steps;
    steps.push_back(std::move(arguments[0].step));
    return {call_step(std::move(function), std::move(steps), expression.position()), {kBoolean}};
  }

  // Runs a step of constants now. One that fails is left as it is: it may never be reached.
  Typed folded(Typed typed) {
    Arena arena;
    Frame frame({}, {}, arena);
    const Value value = typed.step->run(frame);
    if (frame.failed()) return typed;
    return constant(value, typed.type());
  }

  // --- conversions

  // `argument` as a value of `type`, if that needs no CAST in the SQL.
  Result<Typed> converted(Typed argument, const SqlType& type, const Expression& call, const Expression& at) {
    if (argument.type() == type) return argument;
    const bool fits = implicit_cast_cost(argument.type(), type, argument.operand.is_text_literal).has_value() ||
                      is_comparison_cast(call, argument.type(), type);
    std::optional<CastFunction> cast = fits ? find_cast(argument.type(), type, false) : std::nullopt;
    if (!cast) {
      return fail(at, Status::Invalid(call.function(), " wants ", type.to_string(), " here, not ",
                                      argument.type().to_string(), "; CAST it"));
    }
    return cast_with(std::move(argument), type, std::move(*cast), false, at);
  }

  // In comparisons text is read as the type of the other side, and booleans mix with anything that has truth.
  static bool is_comparison_cast(const Expression& call, const SqlType& from, const SqlType& to) {
    if (to.kind == SqlKind::kBoolean || from.kind == SqlKind::kBoolean) return !from.is_list() && !to.is_list();
    const std::string& function = call.function();
    return function == "=" || function == "<" || function == ">" || function == "<=" || function == ">=" ||
           function == "in" || function == "is distinct from" || function == "greatest" || function == "least";
  }

  Result<Typed> cast_with(Typed argument, const SqlType& type, CastFunction cast, bool is_try, const Expression& at) {
    if (!cast) {  // the values are the same, only the type is another
      argument.operand.type = type;
      argument.operand.is_text_literal = false;
      return argument;
    }
    const bool is_constant = argument.is_constant();
    const SqlType& from = argument.type();
    auto convert = [cast = std::move(cast)](std::span<const Value> values, Frame& frame) {
      return cast(values[0], frame);
    };
    StepFunction function{std::move(convert),
                          block_cast(from, type, is_try),
                          false,
                          (is_try ? "try_cast " : "cast ") + from.to_string() + " as " + type.to_string(),
                          {from.value_type().kind},
                          type.value_type().kind};
    std::vector<StepPtr> steps;
    steps.push_back(std::move(argument.step));
    Typed result{call_step(std::move(function), std::move(steps), at.position()), {type}};
    return is_constant ? folded(std::move(result)) : std::move(result);
  }

  Result<Typed> explicit_cast(const Expression& expression) {
    ARROW_ASSIGN_OR_RAISE(Typed argument, compile(expression.arguments()[0]));
    const bool is_try = expression.is_call("try_cast");
    const std::string_view name = expression.arguments()[1].literal().text();
    const std::optional<SqlType> type = parse_sql_type(name);
    if (!type)
      return fail(expression, Status::Invalid("unknown type '", name, "'", suggestion(name, known_type_names())));
    std::optional<CastFunction> cast = find_cast(argument.type(), *type, is_try);
    if (!cast) {
      return fail(expression,
                  Status::Invalid("there is no cast from ", argument.type().to_string(), " to ", type->to_string()));
    }
    return cast_with(std::move(argument), *type, std::move(*cast), is_try, expression);
  }

  Result<Typed> condition(const Expression& expression, const Expression& parent) {
    ARROW_ASSIGN_OR_RAISE(Typed typed, compile(expression));
    if (typed.type().kind == SqlKind::kVarchar || typed.type().is_number()) {  // as DuckDB: 't' and 1 are true
      std::optional<CastFunction> cast = find_cast(typed.type(), kBoolean, false);
      return cast_with(std::move(typed), kBoolean, std::move(*cast), false, expression);
    }
    return converted(std::move(typed), kBoolean, parent, expression);
  }

  // --- control flow

  Result<Typed> junction(const Expression& expression) {
    const bool is_and = expression.is_call("and");
    std::vector<StepPtr> steps;
    bool all_constant = true;
    for (const Expression& argument : expression.arguments()) {
      ARROW_ASSIGN_OR_RAISE(Typed typed, condition(argument, expression));
      all_constant = all_constant && typed.is_constant();
      const bool decides =
          typed.is_constant() && !typed.operand.constant->is_null() && typed.operand.constant->boolean != is_and;
      const bool is_neutral = typed.is_constant() && !typed.operand.constant->is_null() && !decides;
      if (is_neutral) continue;  // TRUE AND x
      steps.push_back(std::move(typed.step));
    }
    if (steps.empty()) return constant(Value::of_boolean(is_and), kBoolean);
    Typed result{is_and ? and_step(std::move(steps)) : or_step(std::move(steps)), {kBoolean}};
    return all_constant ? folded(std::move(result)) : std::move(result);
  }

  // The arguments from `first` on, every `stride`-th, all converted to their common type.
  Result<std::vector<Typed>> unified(const Expression& expression, std::vector<Typed> values,
                                     const std::vector<const Expression*>& sources) {
    Result<SqlType> type = common_type(expression.function(), operands_of(values), false);
    if (!type.ok()) return fail(expression, type.status());
    for (size_t i = 0; i < values.size(); ++i) {
      ARROW_ASSIGN_OR_RAISE(values[i], converted(std::move(values[i]), *type, expression, *sources[i]));
    }
    return values;
  }

  Result<Typed> case_when(const Expression& expression) {
    const std::vector<Expression>& arguments = expression.arguments();
    std::vector<StepPtr> conditions;
    std::vector<Typed> values;
    std::vector<const Expression*> sources;
    for (size_t i = 0; i < arguments.size(); ++i) {
      const bool is_condition = i % 2 == 0 && i + 1 < arguments.size();
      if (is_condition) {
        ARROW_ASSIGN_OR_RAISE(Typed typed, condition(arguments[i], expression));
        conditions.push_back(std::move(typed.step));
      } else {
        ARROW_ASSIGN_OR_RAISE(Typed typed, compile(arguments[i]));
        values.push_back(std::move(typed));
        sources.push_back(&arguments[i]);
      }
    }
    ARROW_ASSIGN_OR_RAISE(values, unified(expression, std::move(values), sources));
    const SqlType type = values.front().type();
    std::vector<StepPtr> steps;
    for (Typed& value : values) steps.push_back(std::move(value.step));
    return Typed{case_step(std::move(conditions), std::move(steps), type.value_type().kind), {type}};
  }

  Result<Typed> coalesce(const Expression& expression) {
    ARROW_ASSIGN_OR_RAISE(std::vector<Typed> values, compile_all(expression.arguments()));
    std::vector<const Expression*> sources;
    for (const Expression& argument : expression.arguments()) sources.push_back(&argument);
    ARROW_ASSIGN_OR_RAISE(values, unified(expression, std::move(values), sources));
    const SqlType type = values.front().type();
    std::vector<StepPtr> steps;
    for (Typed& value : values) steps.push_back(std::move(value.step));
    return Typed{coalesce_step(std::move(steps), type.value_type().kind), {type}};
  }

  // --- lambdas

  Result<Typed> lambda_call(const Expression& expression) {
    const Expression& lambda = expression.arguments()[1];
    const size_t count = lambda.parameters().size();
    if (lambda.kind() != Expression::Kind::kLambda || count > 2) {
      return fail(lambda,
                  Status::Invalid(expression.function(),
                                  " wants a lambda as its second argument: x -> f(x), or (x, index) -> f(x, index)"));
    }
    ARROW_ASSIGN_OR_RAISE(Typed list, compile(expression.arguments()[0]));
    if (list.type().is_null()) return constant(Value::null(), SqlType::list_of({}));
    if (!list.type().is_list()) {
      return fail(expression, Status::Invalid(expression.function(), " wants a list, not ", list.type().to_string()));
    }
    const SqlType list_type = list.type();
    LambdaStep step{std::move(list.step), nullptr, parameter_count_++, std::nullopt};
    parameters_.push_back({lambda.parameters()[0], list_type.element_type(), step.element_parameter});
    if (count == 2) {
      step.index_parameter = parameter_count_++;
      parameters_.push_back({lambda.parameters()[1], {.kind = SqlKind::kBigint}, *step.index_parameter});
    }
    const bool is_filter = expression.is_call("list_filter");
    const Expression& body_expression = lambda.arguments().front();
    Result<Typed> body = is_filter ? condition(body_expression, expression) : compile(body_expression);
    parameters_.resize(parameters_.size() - count);
    ARROW_RETURN_NOT_OK(body);
    const SqlType body_type = body->type();
    const SqlType result_type = is_filter ? list_type : SqlType::list_of(body_type);
    ARROW_RETURN_NOT_OK(check_depth(expression, result_type));
    step.body = std::move(body->step);
    return Typed{is_filter ? list_filter_step(std::move(step)) : list_transform_step(std::move(step)), {result_type}};
  }

  std::string_view sql_;
  const Evaluator::ColumnTypes& column_types_;
  const EvaluationOptions& options_;
  Arena& constants_;
  std::vector<ColumnReference> columns_;
  std::map<ColumnReference, size_t> column_index_;
  std::vector<LambdaParameter> parameters_;
  size_t parameter_count_ = 0;
};

}  // namespace

Result<CompiledSteps> compile_steps(const Expression& expression, std::string_view sql,
                                    const Evaluator::ColumnTypes& column_types, const EvaluationOptions& options,
                                    Arena& constants) {
  if (expression.height() > Expression::kMaxHeight) return Status::Invalid("the expression is nested too deep");
  return Compiler(sql, column_types, options, constants).run(expression);
}

}  // namespace linkwright
