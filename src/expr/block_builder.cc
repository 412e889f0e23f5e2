#include "expr/block_builder.h"

#include <cstdint>
#include <utility>

namespace linkwright {
namespace {

// What tells constants apart: their bits.
std::string key_of(const Value& value) {
  std::string kind = std::to_string(static_cast<int>(value.kind)) + ":";
  switch (value.kind) {
    case ValueKind::kNull:
      return kind;
    case ValueKind::kBoolean:
      return kind + (value.boolean ? "1" : "0");
    case ValueKind::kText:
      return kind + std::to_string(value.text().size()) + ":" + std::string(value.text());
    case ValueKind::kList: {
      std::string key = kind + "[";
      for (const Value& item : value.list()) key += key_of(item) + ",";
      return key + "]";
    }
    default:
      return kind + std::to_string(value.integer);  // of a double: its bits
  }
}

}  // namespace

void BlockBuilder::begin(std::vector<size_t> inputs, std::vector<ValueKind> kinds) {
  inputs_ = std::move(inputs);
  input_kinds_ = std::move(kinds);
}

size_t BlockBuilder::add(BlockNode node, std::string key) {
  key += "/" + std::to_string(static_cast<int>(node.op)) + "/" + std::to_string(static_cast<int>(node.kind));
  for (const size_t argument : node.arguments) key += " " + std::to_string(argument);
  const auto [place, is_new] = node_of_key_.try_emplace(std::move(key), nodes_.size());
  if (is_new) nodes_.push_back(std::move(node));
  return place->second;
}

size_t BlockBuilder::constant(const Value& value, ValueKind kind) {
  BlockNode node{BlockNode::Op::kConstant, kind, {}, {}, 0, nullptr, nullptr};
  node.constant = value;
  return add(std::move(node), key_of(value));
}

size_t BlockBuilder::column(size_t index) {
  BlockNode node{BlockNode::Op::kColumn, input_kinds_[index], {}, {}, inputs_[index], nullptr, nullptr};
  return add(std::move(node), std::to_string(inputs_[index]));
}

size_t BlockBuilder::as(size_t node, ValueKind kind) {
  const bool is_untyped = nodes_[node].kind == ValueKind::kNull && kind != ValueKind::kNull;
  return is_untyped ? constant(Value::null(), kind) : node;
}

std::vector<size_t> BlockBuilder::all_as(std::vector<size_t> nodes, ValueKind kind) {
  for (size_t& node : nodes) node = as(node, kind);
  return nodes;
}

size_t BlockBuilder::call(const StepFunction& function, const std::vector<size_t>& arguments) {
  BlockNode node{BlockNode::Op::kCall, function.result, arguments, {}, 0, &function, nullptr};
  for (size_t i = 0; i < arguments.size(); ++i) node.arguments[i] = as(arguments[i], function.parameters[i]);
  return add(std::move(node), function.key);
}

size_t BlockBuilder::junction(bool is_and, const std::vector<size_t>& conditions) {
  return add({is_and ? BlockNode::Op::kAnd : BlockNode::Op::kOr,
              ValueKind::kBoolean,
              all_as(conditions, ValueKind::kBoolean),
              {},
              0,
              nullptr,
              nullptr},
             "");
}

size_t BlockBuilder::case_when(const std::vector<size_t>& conditions, const std::vector<size_t>& values,
                               ValueKind kind) {
  std::vector<size_t> arguments = all_as(conditions, ValueKind::kBoolean);
  for (const size_t value : all_as(values, kind)) arguments.push_back(value);
  return add({BlockNode::Op::kCase, kind, std::move(arguments), {}, 0, nullptr, nullptr}, "");
}

size_t BlockBuilder::coalesce(const std::vector<size_t>& values, ValueKind kind) {
  return add({BlockNode::Op::kCoalesce, kind, all_as(values, kind), {}, 0, nullptr, nullptr}, "");
}

size_t BlockBuilder::one_by_one(const Step& step, ValueKind kind) {
  std::vector<size_t> columns(inputs_.size());
  for (size_t i = 0; i < columns.size(); ++i) columns[i] = column(i);
  return add({BlockNode::Op::kOneByOne, kind, std::move(columns), {}, 0, nullptr, &step},
             std::to_string(reinterpret_cast<uintptr_t>(&step)));
}

}  // namespace linkwright
