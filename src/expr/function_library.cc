#include "expr/function_library.h"

#include <algorithm>
#include <limits>

#include "expr/cast.h"

namespace linkwright {
namespace {

// The cost of calling `overload`, or nothing when an argument does not fit.
std::optional<int> cost_of(const Overload& overload, std::span<const Operand> operands) {
  if (overload.parameters.size() != operands.size()) return std::nullopt;
  int total = 0;
  for (size_t i = 0; i < operands.size(); ++i) {
    const SqlKind wanted = overload.parameters[i];
    const Operand& operand = operands[i];
    if (wanted == SqlKind::kList) {
      if (!operand.type.is_list() && !operand.type.is_null()) return std::nullopt;
      continue;
    }
    const std::optional<int> cost = implicit_cast_cost(operand.type, {.kind = wanted}, operand.is_text_literal);
    if (!cost) return std::nullopt;
    total += *cost;
  }
  return total;
}

std::string wanted_types(std::string_view function, const std::vector<Overload>& overloads) {
  std::string text;
  for (const Overload& overload : overloads) {
    std::vector<Operand> operands;
    for (const SqlKind kind : overload.parameters) {
      operands.push_back({kind == SqlKind::kList ? SqlType::nested(SqlKind::kVarchar, 1) : SqlType{.kind = kind}});
    }
    text += (text.empty() ? "" : " or ") + signature(function, operands);
  }
  return text;
}

Result<BoundCall> bind_overload(const std::vector<Overload>& overloads, const BindContext& context) {
  const Overload* best = nullptr;
  int best_cost = std::numeric_limits<int>::max();
  for (const Overload& overload : overloads) {
    const std::optional<int> cost = cost_of(overload, context.operands);
    if (cost && *cost < best_cost) {
      best = &overload;
      best_cost = *cost;
    }
  }
  if (best == nullptr) {
    return Status::Invalid(signature(context.function, context.operands), " does not exist, only ",
                           wanted_types(context.function, overloads), "; CAST the arguments");
  }
  BoundCall call{{}, {.kind = best->result}, best->function, false, best->block};
  for (size_t i = 0; i < best->parameters.size(); ++i) {
    const SqlKind wanted = best->parameters[i];
    call.parameters.push_back(wanted == SqlKind::kList ? context.operands[i].type : SqlType{.kind = wanted});
  }
  return call;
}

SqlType decimal_for(const SqlType& type) {
  constexpr uint8_t kIntegerWidth = 10;
  constexpr uint8_t kBigintWidth = 19;
  if (type.kind == SqlKind::kDecimal) return type;
  return {
      .kind = SqlKind::kDecimal, .width = type.kind <= SqlKind::kInteger ? kIntegerWidth : kBigintWidth, .scale = 0};
}

std::optional<SqlType> common_number(const SqlType& a, const SqlType& b) {
  if (a.kind == SqlKind::kDouble || b.kind == SqlKind::kDouble) return kDouble;
  if (a.kind == SqlKind::kFloat || b.kind == SqlKind::kFloat) return SqlType{.kind = SqlKind::kFloat};
  if (a.kind != SqlKind::kDecimal && b.kind != SqlKind::kDecimal) return a.kind > b.kind ? a : b;
  const SqlType left = decimal_for(a);
  const SqlType right = decimal_for(b);
  constexpr int kMostDigits = 38;
  const int scale = std::max(left.scale, right.scale);
  const int whole = std::max(left.width - left.scale, right.width - right.scale);
  return SqlType{.kind = SqlKind::kDecimal,
                 .width = static_cast<uint8_t>(std::min(whole + scale, kMostDigits)),
                 .scale = static_cast<uint8_t>(scale)};
}

std::optional<SqlType> common_list(const SqlType& a, const SqlType& b, bool text_yields) {
  if (!a.is_list() || !b.is_list()) return std::nullopt;
  const std::optional<SqlType> element = common_type({a.element_type()}, {b.element_type()}, text_yields);
  return element ? std::optional(SqlType::list_of(*element)) : std::nullopt;
}

}  // namespace

std::optional<SqlType> common_type(const Operand& left, const Operand& right, bool text_yields) {
  const SqlType& a = left.type;
  const SqlType& b = right.type;
  if (a == b || b.is_null()) return a;
  if (a.is_null()) return b;
  const bool a_is_text = a.kind == SqlKind::kVarchar;
  const bool b_is_text = b.kind == SqlKind::kVarchar;
  if (a_is_text && (left.is_text_literal || text_yields)) return b;
  if (b_is_text && (right.is_text_literal || text_yields)) return a;
  if ((a_is_text || b_is_text) && !a.is_list() && !b.is_list()) return kVarchar;
  if (a.is_number() && b.is_number()) return common_number(a, b);
  if (a.kind == SqlKind::kBoolean && b.is_number()) return b;
  if (b.kind == SqlKind::kBoolean && a.is_number()) return a;
  const auto is_moment = [](const SqlType& type) {
    return type.kind == SqlKind::kDate || type.kind == SqlKind::kTimestamp;
  };
  if (is_moment(a) && is_moment(b)) return kTimestamp;
  return common_list(a, b, text_yields);
}

Result<SqlType> common_type(std::string_view function, std::span<const Operand> operands, bool text_yields) {
  std::vector<Operand> ordered(operands.begin(), operands.end());
  // Text literals come last: they take the type that the others have.
  std::stable_partition(ordered.begin(), ordered.end(),
                        [](const Operand& operand) { return !operand.is_text_literal; });
  Operand common = ordered.front();
  for (const Operand& operand : std::span(ordered).subspan(1)) {
    const std::optional<SqlType> type = common_type(common, operand, text_yields);
    if (!type) {
      return Status::Invalid(function, " cannot mix ", common.type.to_string(), " and ", operand.type.to_string(),
                             "; CAST one of them");
    }
    common.type = *type;
    common.is_text_literal = common.is_text_literal && operand.is_text_literal;
  }
  return common.type;
}

const FunctionLibrary& FunctionLibrary::instance() {
  static const FunctionLibrary library = [] {
    FunctionLibrary all;
    add_comparisons(all);
    add_arithmetic(all);
    add_number_functions(all);
    add_text_functions(all);
    add_pattern_functions(all);
    add_similarity_functions(all);
    add_date_functions(all);
    add_list_functions(all);
    add_list_sets(all);
    add_list_numbers(all);
    return all;
  }();
  return library;
}

void FunctionLibrary::add(std::string_view name, Binder binder) { binders_[std::string(name)] = std::move(binder); }

void FunctionLibrary::add(std::string_view name, std::vector<Overload> overloads) {
  add(name,
      [overloads = std::move(overloads)](const BindContext& context) { return bind_overload(overloads, context); });
}

const Binder* FunctionLibrary::find(std::string_view name) const {
  const auto found = binders_.find(std::string(name));
  return found == binders_.end() ? nullptr : &found->second;
}

std::string signature(std::string_view function, std::span<const Operand> operands) {
  std::string text(function);
  text += '(';
  for (size_t i = 0; i < operands.size(); ++i) text += (i == 0 ? "" : ", ") + operands[i].type.to_string();
  return text + ")";
}

}  // namespace linkwright
