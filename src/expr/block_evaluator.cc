#include "expr/block_evaluator.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <optional>
#include <utility>

#include "base/simd_clones.h"
#include "expr/arena.h"
#include "expr/block_builder.h"
#include "expr/compiler.h"

namespace linkwright {
namespace {

constexpr std::array<uint8_t, kBlockSize> kNoNulls{};

const uint8_t* nulls_of(const BlockColumn& column) { return column.nulls == nullptr ? kNoNulls.data() : column.nulls; }

LW_SIMD_CLONES void or_bytes(const uint8_t* __restrict other, size_t size, uint8_t* __restrict bytes) {
  for (size_t k = 0; k < size; ++k) bytes[k] |= other[k];
}
LW_SIMD_CLONES void clear_where(const uint8_t* __restrict nulls, size_t size, uint8_t* __restrict bytes) {
  for (size_t k = 0; k < size; ++k) bytes[k] = nulls[k] != 0 ? 0 : bytes[k];
}
LW_SIMD_CLONES bool any_bit(const uint8_t* bytes, size_t size, uint8_t bit) {
  uint8_t all = 0;
  for (size_t k = 0; k < size; ++k) all |= bytes[k];
  return (all & bit) != 0;
}
LW_SIMD_CLONES bool all_bit(const uint8_t* bytes, size_t size, uint8_t bit) {
  uint8_t all = bit;
  for (size_t k = 0; k < size; ++k) all &= bytes[k];
  return all != 0;
}
LW_SIMD_CLONES void and_truths(const Truth* __restrict other, size_t size, Truth* __restrict truths) {
  for (size_t k = 0; k < size; ++k) truths[k] = truth_and(truths[k], other[k]);
}
LW_SIMD_CLONES void or_truths(const Truth* __restrict other, size_t size, Truth* __restrict truths) {
  for (size_t k = 0; k < size; ++k) truths[k] = truth_or(truths[k], other[k]);
}
// Takes the branch where its condition is true and no branch has been taken yet.
LW_SIMD_CLONES bool choose_branch(const Truth* __restrict condition, uint8_t branch, size_t size,
                                  uint8_t* __restrict chosen, uint8_t unchosen) {
  uint8_t any = 0;
  for (size_t k = 0; k < size; ++k) {
    const bool takes = chosen[k] == unchosen && condition[k] == kTrue;
    chosen[k] = takes ? branch : chosen[k];
    any |= takes ? 1 : 0;
  }
  return any != 0;
}
LW_SIMD_CLONES void select_numbers(const double* __restrict from, const uint8_t* __restrict chosen, uint8_t branch,
                                   size_t size, double* __restrict to) {
  for (size_t k = 0; k < size; ++k) to[k] = chosen[k] == branch ? from[k] : to[k];
}
LW_SIMD_CLONES void select_integers(const int64_t* __restrict from, const uint8_t* __restrict chosen, uint8_t branch,
                                    size_t size, int64_t* __restrict to) {
  for (size_t k = 0; k < size; ++k) to[k] = chosen[k] == branch ? from[k] : to[k];
}
LW_SIMD_CLONES void select_bytes(const uint8_t* __restrict from, const uint8_t* __restrict chosen, uint8_t branch,
                                 size_t size, uint8_t* __restrict to) {
  for (size_t k = 0; k < size; ++k) to[k] = chosen[k] == branch ? from[k] : to[k];
}

// to[k] = from[k] where chosen[k] == branch.
void select(const BlockColumn& from, const uint8_t* chosen, uint8_t branch, size_t size, BlockBuffer* to) {
  if (from.truths != nullptr) return select_bytes(from.truths, chosen, branch, size, to->truths());
  if (from.values != nullptr) {
    for (size_t k = 0; k < size; ++k) {
      if (chosen[k] == branch) to->values()[k] = from.values[k];
    }
    return;
  }
  select_bytes(nulls_of(from), chosen, branch, size, to->nulls());
  if (from.numbers != nullptr) return select_numbers(from.numbers, chosen, branch, size, to->numbers());
  select_integers(from.integers, chosen, branch, size, to->integers());
}

}  // namespace

struct BlockEvaluator::Program {
  Arena constants;
  std::vector<CompiledSteps> expressions;  // what the nodes point into
  std::vector<ColumnReference> columns;
  std::vector<ValueKind> column_kinds;
  std::vector<BlockNode> nodes;
  std::vector<size_t> roots;
  size_t parameter_count = 0;
};

struct BlockEvaluator::Workspace::State {
  struct Node {
    BlockBuffer buffer;
    BlockColumn column;
    uint64_t block = 0;  // for which `column` holds
  };

  const Program& program;
  std::span<const BlockColumn> inputs;
  size_t size = 0;
  uint64_t block = 0;
  std::vector<Node> nodes;
  Arena arena;
  std::array<uint8_t, kBlockSize> failed{};
  bool any_failed = false;

  explicit State(const Program& of) : program(of) {
    for (const BlockNode& node : program.nodes) {
      nodes.push_back({BlockBuffer(node.kind), {}, 0});
      if (node.op != BlockNode::Op::kConstant) continue;
      for (size_t k = 0; k < kBlockSize; ++k) nodes.back().buffer.set(k, node.constant);
      nodes.back().column = nodes.back().buffer.column(node.constant.is_null());
    }
  }

  // The node's column for the block at hand.
  const BlockColumn& column(size_t index);

 private:
  bool call(const BlockNode& node, BlockBuffer* result);
  bool call_block(const BlockNode& node, std::span<const BlockColumn> arguments, BlockBuffer* result);
  void call_one_by_one(const BlockNode& node, std::span<const BlockColumn> arguments, BlockBuffer* result);
  void run_one_by_one(const BlockNode& node, BlockBuffer* result);
  void junction(const BlockNode& node, BlockBuffer* result);
  void case_when(const BlockNode& node, BlockBuffer* result);
  BlockColumn coalesce(const BlockNode& node, BlockBuffer* result);
  void fail(size_t k) {
    failed[k] = 1;
    any_failed = true;
  }
};

const BlockColumn& BlockEvaluator::Workspace::State::column(size_t index) {
  const BlockNode& node = program.nodes[index];
  Node& made = nodes[index];
  if (node.op == BlockNode::Op::kConstant || made.block == block) return made.column;
  made.block = block;
  bool has_nulls = true;
  switch (node.op) {
    case BlockNode::Op::kConstant:
      break;
    case BlockNode::Op::kColumn:
      return made.column = inputs[node.column];
    case BlockNode::Op::kCall:
      has_nulls = call(node, &made.buffer);
      break;
    case BlockNode::Op::kAnd:
    case BlockNode::Op::kOr:
      junction(node, &made.buffer);
      break;
    case BlockNode::Op::kCase:
      case_when(node, &made.buffer);
      break;
    case BlockNode::Op::kCoalesce:
      return made.column = coalesce(node, &made.buffer);
    case BlockNode::Op::kOneByOne:
      run_one_by_one(node, &made.buffer);
      break;
  }
  return made.column = made.buffer.column(has_nulls);
}

// Returns whether the result can have nulls.
bool BlockEvaluator::Workspace::State::call(const BlockNode& node, BlockBuffer* result) {
  constexpr size_t kInline = 8;
  std::array<BlockColumn, kInline> few;
  std::vector<BlockColumn> many(node.arguments.size() > kInline ? node.arguments.size() : 0);
  const std::span<BlockColumn> arguments =
      many.empty() ? std::span<BlockColumn>(few).first(node.arguments.size()) : std::span<BlockColumn>(many);
  for (size_t i = 0; i < arguments.size(); ++i) arguments[i] = column(node.arguments[i]);
  if (node.function->block) return call_block(node, arguments, result);
  call_one_by_one(node, arguments, result);
  return true;
}

bool BlockEvaluator::Workspace::State::call_block(const BlockNode& node, std::span<const BlockColumn> arguments,
                                                  BlockBuffer* result) {
  std::array<uint8_t, kBlockSize> fails{};
  node.function->block({arguments, size, result, fails.data()});
  bool has_nulls = node.function->takes_nulls;
  uint8_t nulls[kBlockSize];
  if (!node.function->takes_nulls) {
    std::memset(nulls, 0, size);
    for (const BlockColumn& argument : arguments) {
      if (argument.values != nullptr) {
        has_nulls = true;
        for (size_t k = 0; k < size; ++k) nulls[k] |= argument.values[k].is_null() ? 1 : 0;
      } else if (argument.nulls != nullptr) {
        has_nulls = true;
        or_bytes(argument.nulls, size, nulls);
      }
    }
    if (has_nulls) {
      clear_where(nulls, size, fails.data());
      if (result->truths() != nullptr) {
        clear_where(nulls, size, result->truths());
      } else {
        std::memcpy(result->nulls(), nulls, size);
      }
    }
  }
  if (any_bit(fails.data(), size, 1)) {
    or_bytes(fails.data(), size, failed.data());
    any_failed = true;
  }
  return has_nulls;
}

void BlockEvaluator::Workspace::State::call_one_by_one(const BlockNode& node, std::span<const BlockColumn> arguments,
                                                       BlockBuffer* result) {
  const std::span<Value> values = arena.allocate_values(arguments.size());
  std::optional<Frame> frame(std::in_place, std::span<const Value>(), std::span<Value>(), arena);
  for (size_t k = 0; k < size; ++k) {
    bool is_null = false;
    for (size_t i = 0; i < arguments.size(); ++i) {
      values[i] = arguments[i].at(k);
      is_null = is_null || values[i].is_null();
    }
    if (is_null && !node.function->takes_nulls) {
      result->set(k, Value::null());
      continue;
    }
    result->set(k, node.function->scalar(values, *frame));
    if (frame->failed()) {
      fail(k);
      frame.emplace(std::span<const Value>(), std::span<Value>(), arena);
    }
  }
}

void BlockEvaluator::Workspace::State::run_one_by_one(const BlockNode& node, BlockBuffer* result) {
  const std::span<Value> columns = arena.allocate_values(node.arguments.size());
  const std::span<Value> parameters = arena.allocate_values(program.parameter_count);
  for (const size_t argument : node.arguments) column(argument);
  for (size_t k = 0; k < size; ++k) {
    for (size_t i = 0; i < columns.size(); ++i) columns[i] = nodes[node.arguments[i]].column.at(k);
    Frame frame(columns, parameters, arena);
    result->set(k, node.step->run(frame));
    if (frame.failed()) fail(k);
  }
}

void BlockEvaluator::Workspace::State::junction(const BlockNode& node, BlockBuffer* result) {
  const bool is_and = node.op == BlockNode::Op::kAnd;
  std::memcpy(result->truths(), column(node.arguments[0]).truths, size);
  for (size_t i = 1; i < node.arguments.size(); ++i) {
    if (all_bit(result->truths(), size, is_and ? kFalse : kTrue)) return;
    const Truth* truths = column(node.arguments[i]).truths;
    is_and ? and_truths(truths, size, result->truths()) : or_truths(truths, size, result->truths());
  }
}

void BlockEvaluator::Workspace::State::case_when(const BlockNode& node, BlockBuffer* result) {
  const size_t conditions = node.arguments.size() / 2;
  constexpr size_t kMostBranches = 250;
  const auto otherwise = static_cast<uint8_t>(std::min(conditions, kMostBranches));
  std::array<uint8_t, kBlockSize> chosen;
  std::memset(chosen.data(), otherwise, size);
  for (size_t i = 0; i < otherwise; ++i) {
    const auto branch = static_cast<uint8_t>(i);
    if (!choose_branch(column(node.arguments[i]).truths, branch, size, chosen.data(), otherwise)) continue;
    select(column(node.arguments[conditions + i]), chosen.data(), branch, size, result);
  }
  if (std::memchr(chosen.data(), otherwise, size) == nullptr) return;
  select(column(node.arguments[conditions + otherwise]), chosen.data(), otherwise, size, result);
  if (conditions <= kMostBranches) return;
  for (size_t k = 0; k < size; ++k) {  // nobody writes so many by hand: those behind are left to Evaluator
    if (chosen[k] == otherwise) fail(k);
  }
}

BlockColumn BlockEvaluator::Workspace::State::coalesce(const BlockNode& node, BlockBuffer* result) {
  const BlockColumn& first = column(node.arguments[0]);
  const auto is_null = [](const BlockColumn& of, size_t k) -> uint8_t { return of.is_null(k) ? 1 : 0; };
  std::array<uint8_t, kBlockSize> missing;
  for (size_t k = 0; k < size; ++k) missing[k] = is_null(first, k);
  if (!any_bit(missing.data(), size, 1)) return first;
  std::array<uint8_t, kBlockSize> all{};
  select(first, all.data(), 0, size, result);
  for (size_t i = 1; i < node.arguments.size() && any_bit(missing.data(), size, 1); ++i) {
    const BlockColumn& next = column(node.arguments[i]);
    select(next, missing.data(), 1, size, result);
    for (size_t k = 0; k < size; ++k) missing[k] &= is_null(next, k);
  }
  return result->column(true);
}

BlockEvaluator::Workspace::Workspace(const BlockEvaluator& evaluator)
    : state_(std::make_unique<State>(*evaluator.program_)) {}
BlockEvaluator::Workspace::Workspace(Workspace&&) noexcept = default;
BlockEvaluator::Workspace& BlockEvaluator::Workspace::operator=(Workspace&&) noexcept = default;
BlockEvaluator::Workspace::~Workspace() = default;

BlockEvaluator::BlockEvaluator(std::shared_ptr<const Program> program) : program_(std::move(program)) {}

std::span<const ColumnReference> BlockEvaluator::columns() const { return program_->columns; }
std::span<const ValueKind> BlockEvaluator::column_kinds() const { return program_->column_kinds; }

Result<BlockEvaluator> BlockEvaluator::compile(std::span<const Expression> expressions,
                                               const Evaluator::ColumnTypes& column_types,
                                               const EvaluationOptions& options) {
  auto program = std::make_shared<Program>();
  BlockBuilder builder;
  std::map<ColumnReference, size_t> place_of_column;
  program->expressions.reserve(expressions.size());
  for (const Expression& expression : expressions) {
    ARROW_ASSIGN_OR_RAISE(CompiledSteps steps,
                          compile_steps(expression, expression.to_sql(), column_types, options, program->constants));
    std::vector<size_t> inputs;
    std::vector<ValueKind> kinds;
    for (const ColumnReference& column : steps.columns) {
      const auto [place, is_new] = place_of_column.try_emplace(column, program->columns.size());
      if (is_new) {
        ARROW_ASSIGN_OR_RAISE(const ValueType type, column_types(column));
        program->columns.push_back(column);
        program->column_kinds.push_back(type.kind);
      }
      inputs.push_back(place->second);
      kinds.push_back(program->column_kinds[place->second]);
    }
    builder.begin(std::move(inputs), std::move(kinds));
    program->roots.push_back(builder.as(steps.root->add_to(builder), steps.type.value_type().kind));
    program->parameter_count = std::max(program->parameter_count, steps.parameter_count);
    program->expressions.push_back(std::move(steps));
  }
  program->nodes = builder.take_nodes();
  return BlockEvaluator(std::move(program));
}

void BlockEvaluator::evaluate(std::span<const BlockColumn> columns, size_t size, Workspace* workspace) const {
  Workspace::State& state = *workspace->state_;
  state.inputs = columns;
  state.size = size;
  ++state.block;
  state.arena.clear();
  if (state.any_failed) state.failed.fill(0);
  state.any_failed = false;
  for (const size_t root : program_->roots) state.column(root);
}

const BlockColumn& BlockEvaluator::result(size_t expression, const Workspace& workspace) const {
  return workspace.state_->nodes[program_->roots[expression]].column;
}

std::span<const uint8_t> BlockEvaluator::failures(const Workspace& workspace) {
  if (!workspace.state_->any_failed) return {};
  return std::span(workspace.state_->failed).first(workspace.state_->size);
}

}  // namespace linkwright
