#include "expr/expression.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

namespace linkwright {

struct Expression::Node {
  Kind kind = Kind::kLiteral;
  size_t position = 0;
  size_t height = 1;
  size_t size = 1;
  Value literal;     // text points into `text`
  std::string text;  // of a text literal; function name; digits of a decimal literal
  ColumnReference column;
  std::vector<Expression> arguments;
  std::vector<std::string> parameters;
};

namespace {

bool same_literal(const Value& a, const Value& b) {
  if (a.kind != b.kind) return false;
  switch (a.kind) {
    case ValueKind::kBoolean:
      return a.boolean == b.boolean;
    case ValueKind::kInteger:
      return a.integer == b.integer;
    case ValueKind::kDouble:
      return a.number == b.number;
    case ValueKind::kText:
      return a.text() == b.text();
    default:
      return true;
  }
}

}  // namespace

Expression::Expression(std::shared_ptr<const Node> node) : node_(std::move(node)) {}

Expression Expression::null_literal(size_t position) {
  auto node = std::make_shared<Node>();
  node->position = position;
  return Expression(std::move(node));
}

Expression Expression::boolean_literal(bool value, size_t position) {
  auto node = std::make_shared<Node>();
  node->position = position;
  node->literal = Value::of_boolean(value);
  return Expression(std::move(node));
}

Expression Expression::integer_literal(int64_t value, size_t position) {
  auto node = std::make_shared<Node>();
  node->position = position;
  node->literal = Value::of_integer(value);
  return Expression(std::move(node));
}

Expression Expression::double_literal(double value, size_t position) {
  auto node = std::make_shared<Node>();
  node->position = position;
  node->literal = Value::of_double(value);
  return Expression(std::move(node));
}

Expression Expression::decimal_literal(std::string digits, size_t position) {
  auto node = std::make_shared<Node>();
  double value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  node->position = position;
  node->literal = Value::of_double(value);
  node->text = std::move(digits);
  return Expression(std::move(node));
}

Expression Expression::text_literal(std::string value, size_t position) {
  auto node = std::make_shared<Node>();
  node->position = position;
  node->text = std::move(value);
  node->literal = Value::of_text(node->text);
  return Expression(std::move(node));
}

Expression Expression::column(ColumnReference column, size_t position) {
  auto node = std::make_shared<Node>();
  node->kind = Kind::kColumn;
  node->position = position;
  node->column = std::move(column);
  return Expression(std::move(node));
}

Expression Expression::call(std::string function, std::vector<Expression> arguments, size_t position) {
  auto node = std::make_shared<Node>();
  node->kind = Kind::kCall;
  node->position = position;
  node->text = std::move(function);
  node->arguments = std::move(arguments);
  for (const Expression& argument : node->arguments) {
    node->height = std::max(node->height, argument.height() + 1);
    node->size = std::min(node->size + argument.size(), kMaxSize + 1);  // no overflow, however much is shared
  }
  return Expression(std::move(node));
}

Expression Expression::lambda(std::vector<std::string> parameters, Expression body, size_t position) {
  auto node = std::make_shared<Node>();
  node->kind = Kind::kLambda;
  node->position = position;
  node->height = body.height() + 1;
  node->size = body.size() + 1;
  node->parameters = std::move(parameters);
  node->arguments = {std::move(body)};
  return Expression(std::move(node));
}

Expression Expression::parameter(std::string name, size_t position) {
  auto node = std::make_shared<Node>();
  node->kind = Kind::kParameter;
  node->position = position;
  node->parameters = {std::move(name)};
  return Expression(std::move(node));
}

Expression::Kind Expression::kind() const { return node_->kind; }
const Value& Expression::literal() const { return node_->literal; }
const ColumnReference& Expression::column() const { return node_->column; }
const std::string& Expression::function() const { return node_->text; }
const std::vector<Expression>& Expression::arguments() const { return node_->arguments; }
const std::vector<std::string>& Expression::parameters() const { return node_->parameters; }
size_t Expression::position() const { return node_->position; }
size_t Expression::height() const { return node_->height; }
size_t Expression::size() const { return node_->size; }

bool Expression::is_call(std::string_view function) const {
  return node_->kind == Kind::kCall && node_->text == function;
}

const std::string& Expression::decimal_digits() const {
  static const std::string none;
  return node_->kind == Kind::kLiteral && node_->literal.kind == ValueKind::kDouble ? node_->text : none;
}

Expression Expression::with_sides(const std::function<bool(std::string_view)>& has_column) const {
  const Node& node = *node_;
  if (node.kind == Kind::kColumn) {
    const std::string& name = node.column.name;
    const size_t suffix = name.size() < 3 ? 0 : name.size() - 2;
    if (node.column.side != Side::kNone || suffix == 0 || name[suffix] != '_') return *this;
    if (has_column(name) && !has_column(std::string_view(name).substr(0, suffix))) return *this;
    const char side = name[suffix + 1];
    if (side != 'l' && side != 'r' && side != 'L' && side != 'R') return *this;
    const bool is_left = side == 'l' || side == 'L';
    return column({is_left ? Side::kLeft : Side::kRight, name.substr(0, suffix)}, node.position);
  }
  if (node.arguments.empty()) return *this;
  std::vector<Expression> arguments;
  arguments.reserve(node.arguments.size());
  for (const Expression& argument : node.arguments) arguments.push_back(argument.with_sides(has_column));
  if (node.kind == Kind::kLambda) return lambda(node.parameters, std::move(arguments.front()), node.position);
  return call(node.text, std::move(arguments), node.position);
}

std::vector<ColumnReference> Expression::columns() const {
  std::vector<ColumnReference> columns;
  std::set<ColumnReference> seen;
  const std::function<void(const Expression&)> visit = [&](const Expression& expression) {
    if (expression.kind() == Kind::kColumn && seen.insert(expression.column()).second) {
      columns.push_back(expression.column());
    }
    for (const Expression& argument : expression.arguments()) visit(argument);
  };
  visit(*this);
  return columns;
}

bool Expression::operator==(const Expression& other) const {
  const Node& a = *node_;
  const Node& b = *other.node_;
  return &a == &b || (a.kind == b.kind && a.text == b.text && a.column == b.column && a.parameters == b.parameters &&
                      same_literal(a.literal, b.literal) && a.arguments == b.arguments);
}

}  // namespace linkwright
