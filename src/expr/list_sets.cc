#include <algorithm>

#include "expr/function_library.h"
#include "expr/value_order.h"

namespace linkwright {
namespace {

using Items = std::span<const Value>;

bool before(const Value& a, const Value& b) { return order_of(a, b) < 0; }

/// The elements of a list that are not null, for look-ups: as they are when few, sorted when many.
class ItemSet {
 public:
  ItemSet(Items items, Frame& frame) {
    std::span<Value> kept = frame.arena().allocate_values(items.size());
    kept = kept.first(static_cast<size_t>(
        std::copy_if(items.begin(), items.end(), kept.begin(), [](const Value& item) { return !item.is_null(); }) -
        kept.begin()));
    is_sorted_ = kept.size() > kFew;
    if (is_sorted_) std::sort(kept.begin(), kept.end(), before);
    items_ = kept;
  }

  bool contains(const Value& value) const {
    if (is_sorted_) return std::binary_search(items_.begin(), items_.end(), value, before);
    return std::any_of(items_.begin(), items_.end(), [&](const Value& item) { return equal_values(item, value); });
  }

 private:
  static constexpr size_t kFew = 16;
  Items items_;
  bool is_sorted_ = false;
};

// Each value once, in the order of first appearance, without nulls; only those that `wanted` takes.
template <typename Wanted>
std::span<Value> distinct(Items items, Frame& frame, const Wanted& wanted) {
  const std::span<Value> kept = frame.arena().allocate_values(items.size());
  size_t size = 0;
  constexpr size_t kFew = 16;
  if (items.size() <= kFew) {
    for (const Value& item : items) {
      const auto same = [&](const Value& other) { return equal_values(other, item); };
      if (item.is_null() || !wanted(item) || std::any_of(kept.begin(), kept.begin() + size, same)) continue;
      kept[size++] = item;
    }
    return kept.first(size);
  }
  std::vector<const Value*> sorted;
  for (const Value& item : items) {
    if (!item.is_null() && wanted(item)) sorted.push_back(&item);
  }
  std::stable_sort(sorted.begin(), sorted.end(), [](const Value* a, const Value* b) { return before(*a, *b); });
  sorted.erase(
      std::unique(sorted.begin(), sorted.end(), [](const Value* a, const Value* b) { return equal_values(*a, *b); }),
      sorted.end());
  std::sort(sorted.begin(), sorted.end());
  for (const Value* item : sorted) kept[size++] = *item;
  return kept.first(size);
}

// In the order of the second list, as in DuckDB.
Value intersect(Values values, Frame& frame) {
  if (values[0].is_null()) return Value::null();
  if (values[1].is_null()) return Value::of_list({});
  const ItemSet first(values[0].list(), frame);
  return Value::of_list(distinct(values[1].list(), frame, [&](const Value& item) { return first.contains(item); }));
}

Value has_any(Values values, Frame& frame) {
  const ItemSet first(values[0].list(), frame);
  const Items second = values[1].list();
  return Value::of_boolean(std::any_of(second.begin(), second.end(),
                                       [&](const Value& item) { return !item.is_null() && first.contains(item); }));
}

Value has_all(Values values, Frame& frame) {
  const ItemSet first(values[0].list(), frame);
  const Items second = values[1].list();
  return Value::of_boolean(std::all_of(second.begin(), second.end(),
                                       [&](const Value& item) { return item.is_null() || first.contains(item); }));
}

Value distinct_items(Values values, Frame& frame) {
  return Value::of_list(distinct(values[0].list(), frame, [](const Value& /*item*/) { return true; }));
}

Value count_distinct(Values values, Frame& frame) {
  return Value::of_integer(static_cast<int64_t>(distinct_items(values, frame).list().size()));
}

// A function of one or two lists, which become lists of one type; its result is such a list, too, or of the given type.
Binder set_function(ScalarFunction function, std::optional<SqlType> result = std::nullopt, bool takes_nulls = false) {
  return [function = std::move(function), result, takes_nulls](const BindContext& context) -> Result<BoundCall> {
    ARROW_ASSIGN_OR_RAISE(SqlType list, common_type(context.function, context.operands, false));
    if (list.is_null()) list = SqlType::list_of({});
    if (!list.is_list()) return Status::Invalid(context.function, " wants lists, not ", list.to_string());
    return BoundCall{std::vector<SqlType>(context.operands.size(), list), result.value_or(list), function, takes_nulls};
  };
}

}  // namespace

void add_list_sets(FunctionLibrary& library) {
  library.add("list_intersect", set_function(intersect, std::nullopt, true));
  library.add("list_has_any", set_function(has_any, kBoolean));
  library.add("list_has_all", set_function(has_all, kBoolean));
  library.add("list_distinct", set_function(distinct_items));
  library.add("list_unique", set_function(count_distinct, kBigint));
}

}  // namespace linkwright
