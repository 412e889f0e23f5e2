#include "spark/connect/literals.h"

#include <type_traits>

namespace linkwright::spark {

proto::Expression::Literal literal_of(const Value& value) {
  proto::Expression::Literal literal;
  std::visit(
      [&](const auto& item) {
        using Item = std::decay_t<decltype(item)>;
        if constexpr (std::is_same_v<Item, std::monostate>) literal.mutable_null()->mutable_null();
        if constexpr (std::is_same_v<Item, bool>) literal.set_boolean(item);
        if constexpr (std::is_same_v<Item, int32_t>) literal.set_integer(item);
        if constexpr (std::is_same_v<Item, int64_t>) literal.set_long_(item);
        if constexpr (std::is_same_v<Item, double>) literal.set_double_(item);
        if constexpr (std::is_same_v<Item, std::string>) literal.set_string(item);
      },
      value);
  return literal;
}

Value value_of(const proto::Expression::Literal& literal) {
  using Literal = proto::Expression::Literal;
  switch (literal.literal_type_case()) {
    case Literal::kNull:
    case Literal::LITERAL_TYPE_NOT_SET:
      return std::monostate();
    case Literal::kBoolean:
      return literal.boolean();
    case Literal::kByte:
      return literal.byte();
    case Literal::kShort:
      return literal.short_();
    case Literal::kInteger:
      return literal.integer();
    case Literal::kLong:
      return static_cast<int64_t>(literal.long_());
    case Literal::kFloat:
      return static_cast<double>(literal.float_());
    case Literal::kDouble:
      return literal.double_();
    case Literal::kString:
      return literal.string();
    case Literal::kDecimal:
      return literal.decimal().value();
    default:
      return literal.ShortDebugString();
  }
}

}  // namespace linkwright::spark
