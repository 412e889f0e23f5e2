#include "expr/evaluator.h"

#include <string>
#include <utility>

#include "expr/arena.h"
#include "expr/compiler.h"
#include "expr/sql_error.h"

namespace linkwright {

struct Evaluator::Program {
  std::string sql;
  Arena constants;
  CompiledSteps compiled;
  ValueType type;
};

struct Evaluator::Scratch::Arena {
  linkwright::Arena memory;
};

Evaluator::Scratch::Scratch() : arena_(std::make_unique<Arena>()) {}
Evaluator::Scratch::Scratch(Scratch&&) noexcept = default;
Evaluator::Scratch& Evaluator::Scratch::operator=(Scratch&&) noexcept = default;
Evaluator::Scratch::~Scratch() = default;
void Evaluator::Scratch::clear() { arena_->memory.clear(); }

Evaluator::Evaluator(std::shared_ptr<const Program> program) : program_(std::move(program)) {}

Result<Evaluator> Evaluator::compile(const Expression& expression, std::string_view sql,
                                     const ColumnTypes& column_types, const EvaluationOptions& options) {
  auto program = std::make_shared<Program>();
  program->sql = sql;
  ARROW_ASSIGN_OR_RAISE(program->compiled, compile_steps(expression, sql, column_types, options, program->constants));
  program->type = program->compiled.type.value_type();
  return Evaluator(std::move(program));
}

const ValueType& Evaluator::type() const { return program_->type; }
std::span<const ColumnReference> Evaluator::columns() const { return program_->compiled.columns; }

Result<Value> Evaluator::evaluate(std::span<const Value> columns, Scratch& scratch) const {
  linkwright::Arena& arena = scratch.arena_->memory;
  const CompiledSteps& compiled = program_->compiled;
  std::span<Value> parameters;
  if (compiled.parameter_count > 0) parameters = arena.allocate_values(compiled.parameter_count);
  Frame frame(columns, parameters, arena);
  const Value value = compiled.root->run(frame);
  if (frame.failed()) [[unlikely]] {
    return sql_error(program_->sql, frame.error_position(), frame.error());
  }
  return value;
}

}  // namespace linkwright
