#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "expr/block_column.h"
#include "expr/step.h"

namespace linkwright {

/// A step of a block program: a column made of other nodes' columns.
struct BlockNode {
  enum class Op : uint8_t { kConstant, kColumn, kCall, kAnd, kOr, kCase, kCoalesce, kOneByOne };

  Op op = Op::kConstant;
  ValueKind kind = ValueKind::kNull;
  std::vector<size_t> arguments;           // nodes; kCase: conditions, then values; kOneByOne: all columns
  Value constant;                          // kConstant
  size_t column = 0;                       // kColumn
  const StepFunction* function = nullptr;  // kCall
  const Step* step = nullptr;              // kOneByOne
};

/// Turns the steps of one or more expressions into nodes. What stands in them several times, such as the distance in
/// the branches of a CASE or in levels with different thresholds, becomes one node. Borrows the steps.
class BlockBuilder {
 public:
  /// The columns of the expression that comes next: `inputs` of the program, and their kinds.
  void begin(std::vector<size_t> inputs, std::vector<ValueKind> kinds);

  size_t constant(const Value& value, ValueKind kind);
  size_t column(size_t index);
  size_t call(const StepFunction& function, const std::vector<size_t>& arguments);
  size_t junction(bool is_and, const std::vector<size_t>& conditions);
  size_t case_when(const std::vector<size_t>& conditions, const std::vector<size_t>& values, ValueKind kind);
  size_t coalesce(const std::vector<size_t>& values, ValueKind kind);
  /// A step that runs value by value with all it consists of.
  size_t one_by_one(const Step& step, ValueKind kind);

  /// The node itself, or nulls of `kind` in place of a NULL without a type.
  size_t as(size_t node, ValueKind kind);

  std::vector<BlockNode> take_nodes() { return std::move(nodes_); }

 private:
  size_t add(BlockNode node, std::string key);
  std::vector<size_t> all_as(std::vector<size_t> nodes, ValueKind kind);

  std::vector<BlockNode> nodes_;
  std::map<std::string, size_t> node_of_key_;
  std::vector<size_t> inputs_;
  std::vector<ValueKind> input_kinds_;
};

}  // namespace linkwright
