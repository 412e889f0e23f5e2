#include "expr/value_order.h"

#include <cmath>

namespace linkwright {
namespace {

std::strong_ordering order_of_doubles(double a, double b) {
  if (a < b) return std::strong_ordering::less;
  if (a > b) return std::strong_ordering::greater;
  return std::isnan(a) <=> std::isnan(b);
}

}  // namespace

std::strong_ordering order_of(const Value& a, const Value& b) {
  switch (a.kind) {
    case ValueKind::kNull:
      return std::strong_ordering::equal;
    case ValueKind::kBoolean:
      return a.boolean <=> b.boolean;
    case ValueKind::kDouble:
      return order_of_doubles(a.number, b.number);
    case ValueKind::kText:
      return a.text() <=> b.text();
    case ValueKind::kList:
      return std::lexicographical_compare_three_way(a.list().begin(), a.list().end(), b.list().begin(), b.list().end(),
                                                    order_with_nulls);
    case ValueKind::kInteger:
    case ValueKind::kDate:
    case ValueKind::kTimestamp:
      break;
  }
  return a.integer <=> b.integer;
}

std::strong_ordering order_with_nulls(const Value& a, const Value& b) {
  if (a.is_null() || b.is_null()) return a.is_null() <=> b.is_null();
  return order_of(a, b);
}

bool equal_values(const Value& a, const Value& b) {
  if (a.kind == ValueKind::kText) return a.text() == b.text();  // compares the lengths first
  return order_of(a, b) == 0;
}

}  // namespace linkwright
