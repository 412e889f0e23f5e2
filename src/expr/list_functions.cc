#include <algorithm>

#include "expr/block_functions.h"
#include "expr/cast.h"
#include "expr/function_library.h"
#include "expr/utf8.h"
#include "expr/value_order.h"

namespace linkwright {
namespace {

Status not_a_list(const BindContext& context) {
  return Status::Invalid(signature(context.function, context.operands),
                         " does not exist: the first argument has to be a list");
}

// The type of a list argument; NULL counts as a list of nulls.
Result<SqlType> list_operand(const BindContext& context, size_t index = 0) {
  const SqlType& type = context.operands[index].type;
  if (type.is_list()) return type;
  if (type.is_null()) return SqlType::list_of({});
  return not_a_list(context);
}

// The list type whose elements can hold those of the list and of `element`, too.
Result<SqlType> list_with_element(const BindContext& context, size_t list_index, size_t element_index) {
  ARROW_ASSIGN_OR_RAISE(const SqlType list, list_operand(context, list_index));
  const std::optional<SqlType> element =
      common_type(Operand{list.element_type()}, context.operands[element_index], false);
  if (!element) {
    return Status::Invalid(context.function, " cannot mix ", list.to_string(), " and ",
                           context.operands[element_index].type.to_string());
  }
  return SqlType::list_of(*element);
}

// --- making

Result<BoundCall> bind_list_value(const BindContext& context) {
  SqlType element;
  if (!context.operands.empty()) {
    ARROW_ASSIGN_OR_RAISE(element, common_type("a list", context.operands, false));
  }
  const SqlType list = SqlType::list_of(element);
  const auto make = [](Values values, Frame& frame) {
    const std::span<Value> items = frame.arena().allocate_values(values.size());
    std::copy(values.begin(), values.end(), items.begin());
    return Value::of_list(items);
  };
  return BoundCall{std::vector<SqlType>(context.operands.size(), list.element_type()), list, make, true};
}

Value with_item(std::span<const Value> list, const Value& item, bool at_end, Frame& frame) {
  const std::span<Value> items = frame.arena().allocate_values(list.size() + 1);
  std::copy(list.begin(), list.end(), items.begin() + (at_end ? 0 : 1));
  (at_end ? items.back() : items.front()) = item;
  return Value::of_list(items);
}

std::span<const Value> items_of(const Value& list) { return list.is_null() ? std::span<const Value>() : list.list(); }

Result<BoundCall> bind_append(const BindContext& context) {
  ARROW_ASSIGN_OR_RAISE(const SqlType list, list_with_element(context, 0, 1));
  const auto append = [](Values values, Frame& frame) {
    return with_item(items_of(values[0]), values[1], true, frame);
  };
  return BoundCall{{list, list.element_type()}, list, append, true};
}

Result<BoundCall> bind_prepend(const BindContext& context) {
  ARROW_ASSIGN_OR_RAISE(const SqlType list, list_with_element(context, 1, 0));
  const auto prepend = [](Values values, Frame& frame) {
    return with_item(items_of(values[1]), values[0], false, frame);
  };
  return BoundCall{{list.element_type(), list}, list, prepend, true};
}

// --- taking apart

// Position in a list of `size` for a 1-based index, where negative ones count from the end; nothing outside.
std::optional<size_t> place_of(int64_t index, size_t size) {
  const auto count = static_cast<int64_t>(size);
  if (index == 0 || index > count || index < -count) return std::nullopt;
  return static_cast<size_t>(index > 0 ? index - 1 : count + index);
}

Value extract_item(Values values, Frame& /*frame*/) {
  const std::optional<size_t> place = place_of(values[1].integer, values[0].list().size());
  return place ? values[0].list()[*place] : Value::null();
}

Value extract_character(Values values, Frame& /*frame*/) {
  const std::string_view text = values[0].text();
  const std::optional<size_t> place = place_of(values[1].integer, count_code_points(text));
  if (!place) return Value::of_text("");
  const auto begin = static_cast<int64_t>(*place);
  return Value::of_text(code_point_range(text, begin, begin + 1));
}

Result<BoundCall> bind_extract(const BindContext& context) {
  const Operand& subject = context.operands[0];
  if (subject.type.kind == SqlKind::kVarchar) return BoundCall{{kVarchar, kBigint}, kVarchar, extract_character};
  ARROW_ASSIGN_OR_RAISE(const SqlType list, list_operand(context));
  return BoundCall{{list, kBigint}, list.element_type(), extract_item};
}

struct Slice {
  int64_t begin;  // 0-based, inclusive
  int64_t end;    // exclusive
};

// The 1-based, inclusive bounds of a slice; negative ones count from the end, and both are clipped.
Slice slice_of(int64_t first, int64_t last, size_t size) {
  const auto count = static_cast<int64_t>(size);
  const auto from_start = [&](int64_t index) { return index < 0 ? std::max(count + index + 1, int64_t{0}) : index; };
  const int64_t begin = std::max<int64_t>(from_start(std::max(first, -count - 1)), 1) - 1;
  const int64_t end = std::min(from_start(std::max(last, -count - 1)), count);
  return {begin, std::max(begin, end)};
}

Value slice_list(Values values, Frame& frame) {
  const std::span<const Value> list = values[0].list();
  const int64_t step = values.size() > 3 ? values[3].integer : 1;
  if (step == 0) return frame.fail("the step of a slice cannot be zero");
  const bool is_backward = step < 0;
  const int64_t low = is_backward ? values[2].integer : values[1].integer;
  const int64_t high = is_backward ? values[1].integer : values[2].integer;
  const Slice slice = slice_of(low, high, list.size());
  const auto begin = static_cast<size_t>(std::min(slice.begin, static_cast<int64_t>(list.size())));
  const std::span<const Value> part =
      list.subspan(begin, static_cast<size_t>(std::max<int64_t>(slice.end - slice.begin, 0)));
  if (step == 1) return Value::of_list(part);
  const uint64_t stride = is_backward ? 0 - static_cast<uint64_t>(step) : static_cast<uint64_t>(step);
  const std::span<Value> items = frame.arena().allocate_values((part.size() + stride - 1) / stride);
  for (size_t i = 0; i < items.size(); ++i) {
    items[i] = is_backward ? part[part.size() - 1 - i * stride] : part[i * stride];
  }
  return Value::of_list(items);
}

Value slice_text(Values values, Frame& /*frame*/) {
  const std::string_view text = values[0].text();
  const Slice slice = slice_of(values[1].integer, values[2].integer, count_code_points(text));
  return Value::of_text(code_point_range(text, slice.begin, slice.end));
}

Result<BoundCall> bind_slice(const BindContext& context) {
  std::vector<SqlType> parameters(context.operands.size(), kBigint);
  if (context.operands[0].type.kind == SqlKind::kVarchar) {
    if (parameters.size() > 3) return Status::Invalid("a slice of a text has no step");
    parameters[0] = kVarchar;
    return BoundCall{parameters, kVarchar, slice_text};
  }
  ARROW_ASSIGN_OR_RAISE(parameters[0], list_operand(context));
  return BoundCall{parameters, parameters[0], slice_list};
}

// --- searching

Result<BoundCall> bind_list_contains(const BindContext& context) {
  ARROW_ASSIGN_OR_RAISE(const SqlType list, list_with_element(context, 0, 1));
  const auto contains = [](Values values, Frame& /*frame*/) {
    const std::span<const Value> items = values[0].list();
    return Value::of_boolean(std::any_of(items.begin(), items.end(), [&](const Value& item) {
      return !item.is_null() && equal_values(item, values[1]);
    }));
  };
  return BoundCall{{list, list.element_type()}, kBoolean, contains};
}

// x = ANY (list): as IN, but false when the list itself is NULL.
Result<BoundCall> bind_equals_any(const BindContext& context) {
  ARROW_ASSIGN_OR_RAISE(const SqlType list, list_with_element(context, 1, 0));
  const auto equals_any = [](Values values, Frame& /*frame*/) {
    if (values[1].is_null()) return Value::of_boolean(false);
    bool is_unknown = false;
    for (const Value& item : values[1].list()) {
      if (values[0].is_null() || item.is_null()) {
        is_unknown = true;
      } else if (equal_values(values[0], item)) {
        return Value::of_boolean(true);
      }
    }
    return is_unknown ? Value::null() : Value::of_boolean(false);
  };
  return BoundCall{{list.element_type(), list}, kBoolean, equals_any, true};
}

// contains(text, part) or contains(list, element).
Result<BoundCall> bind_contains(const BindContext& context) {
  if (context.operands[0].type.is_list()) return bind_list_contains(context);
  const auto has = [](std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
  };
  const auto contains = [has](Values values, Frame& /*frame*/) {
    return Value::of_boolean(has(values[0].text(), values[1].text()));
  };
  return BoundCall{{kVarchar, kVarchar}, kBoolean, contains, false, block_texts_function(has)};
}

Result<BoundCall> bind_position(const BindContext& context) {
  ARROW_ASSIGN_OR_RAISE(const SqlType list, list_with_element(context, 0, 1));
  const auto position = [](Values values, Frame& /*frame*/) {
    if (values[0].is_null()) return Value::null();
    const std::span<const Value> items = values[0].list();
    const auto found = std::find_if(items.begin(), items.end(),
                                    [&](const Value& item) { return order_with_nulls(item, values[1]) == 0; });
    return found == items.end() ? Value::null() : Value::of_integer(found - items.begin() + 1);
  };
  return BoundCall{{list, list.element_type()}, kBigint, position, true};
}

// --- shapes

Result<BoundCall> bind_flatten(const BindContext& context) {
  const SqlType& type = context.operands[0].type;
  const bool holds_lists = type.is_null() || (type.is_list() && (type.depth > 1 || type.base == SqlKind::kNull));
  if (!holds_lists) return Status::Invalid("flatten wants a list of lists, not ", type.to_string());
  const SqlType inner = type.depth > 1 ? type.element_type() : SqlType::list_of({});
  const auto flatten = [](Values values, Frame& frame) {
    size_t size = 0;
    for (const Value& list : values[0].list()) size += items_of(list).size();
    const std::span<Value> items = frame.arena().allocate_values(size);
    auto end = items.begin();
    for (const Value& list : values[0].list()) {
      const std::span<const Value> part = items_of(list);
      end = std::copy(part.begin(), part.end(), end);
    }
    return Value::of_list(items);
  };
  return BoundCall{{type}, inner, flatten};
}

using ListMap = Value (*)(std::span<const Value> items, Frame& frame);

Binder list_to_list(ListMap map) {
  return [map](const BindContext& context) -> Result<BoundCall> {
    ARROW_ASSIGN_OR_RAISE(const SqlType list, list_operand(context));
    return BoundCall{{list}, list, [map](Values values, Frame& frame) { return map(values[0].list(), frame); }};
  };
}

Binder list_to_element(ListMap map) {
  return [map](const BindContext& context) -> Result<BoundCall> {
    ARROW_ASSIGN_OR_RAISE(const SqlType list, list_operand(context));
    return BoundCall{
        {list}, list.element_type(), [map](Values values, Frame& frame) { return map(values[0].list(), frame); }};
  };
}

std::span<Value> copied(std::span<const Value> items, Frame& frame) {
  const std::span<Value> copy = frame.arena().allocate_values(items.size());
  std::copy(items.begin(), items.end(), copy.begin());
  return copy;
}

Value sorted(std::span<const Value> items, Frame& frame) {
  const std::span<Value> copy = copied(items, frame);
  std::stable_sort(copy.begin(), copy.end(), [](const Value& a, const Value& b) { return order_with_nulls(a, b) < 0; });
  return Value::of_list(copy);
}

Value reversed(std::span<const Value> items, Frame& frame) {
  const std::span<Value> copy = copied(items, frame);
  std::reverse(copy.begin(), copy.end());
  return Value::of_list(copy);
}

template <bool kGreatest>
Value extreme(std::span<const Value> items, Frame& /*frame*/) {
  Value best = Value::null();
  for (const Value& item : items) {
    if (item.is_null()) continue;
    if (best.is_null() || (kGreatest ? order_of(item, best) > 0 : order_of(item, best) < 0)) best = item;
  }
  return best;
}

Value first_not_null(std::span<const Value> items, Frame& /*frame*/) {
  const auto found = std::find_if(items.begin(), items.end(), [](const Value& item) { return !item.is_null(); });
  return found == items.end() ? Value::null() : *found;
}
Value first(std::span<const Value> items, Frame& /*frame*/) { return items.empty() ? Value::null() : items.front(); }
Value last(std::span<const Value> items, Frame& /*frame*/) { return items.empty() ? Value::null() : items.back(); }

Value length(Values values, Frame& /*frame*/) {
  return Value::of_integer(static_cast<int64_t>(values[0].list().size()));
}

// Lists have one dimension, whatever they hold.
Value length_of_dimension(Values values, Frame& frame) {
  return values[1].integer == 1 ? length(values, frame) : frame.fail("array_length has the dimension 1 only");
}

Value count(Values values, Frame& /*frame*/) {
  const std::span<const Value> items = values[0].list();
  return Value::of_integer(
      std::count_if(items.begin(), items.end(), [](const Value& item) { return !item.is_null(); }));
}

Result<BoundCall> bind_to_string(const BindContext& context) {
  ARROW_ASSIGN_OR_RAISE(const SqlType list, list_operand(context));
  auto join = [element = list.element_type()](Values values, Frame& frame) {
    if (values[0].is_null()) return Value::null();
    const std::string_view separator = values[1].is_null() ? "," : values[1].text();
    std::string text;
    bool is_first = true;
    for (const Value& item : values[0].list()) {
      if (item.is_null()) continue;
      if (!is_first) text += separator;
      text += text_of(item, element);
      is_first = false;
    }
    return frame.text(text);
  };
  return BoundCall{{list, kVarchar}, kVarchar, std::move(join), true};
}

}  // namespace

void add_list_functions(FunctionLibrary& library) {
  library.add("list_value", Binder(bind_list_value));
  library.add("list_append", Binder(bind_append));
  library.add("list_prepend", Binder(bind_prepend));
  library.add("list_extract", Binder(bind_extract));
  library.add("list_slice", Binder(bind_slice));
  library.add("list_contains", Binder(bind_list_contains));
  library.add("contains", Binder(bind_contains));
  library.add("= any", Binder(bind_equals_any));
  library.add("list_position", Binder(bind_position));
  library.add("flatten", Binder(bind_flatten));
  library.add("list_sort", list_to_list(sorted));
  library.add("list_reverse", list_to_list(reversed));
  library.add("list_max", list_to_element(extreme<true>));
  library.add("list_min", list_to_element(extreme<false>));
  library.add("list_any_value", list_to_element(first_not_null));
  library.add("list_first", list_to_element(first));
  library.add("list_last", list_to_element(last));
  library.add("array_length", {{{SqlKind::kList}, SqlKind::kBigint, length},
                               {{SqlKind::kList, SqlKind::kBigint}, SqlKind::kBigint, length_of_dimension}});
  library.add("list_count", {{{SqlKind::kList}, SqlKind::kBigint, count}});
  library.add("array_to_string", Binder(bind_to_string));
}

}  // namespace linkwright
