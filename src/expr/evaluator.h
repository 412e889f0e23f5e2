#pragma once

#include <functional>
#include <memory>
#include <span>

#include "base/status.h"
#include "expr/expression.h"
#include "expr/value.h"
#include "text/jaro_winkler_rounding.h"

namespace linkwright {

struct EvaluationOptions {
  JaroWinklerRounding jaro_winkler = JaroWinklerRounding::kFused;
};

/// A type-checked expression, ready to run on values. Source: DuckDB 2.0 semantics (three-valued logic, implicit casts,
/// substring by code points, string distances by bytes).
///
/// Immutable; one instance may be used from many threads, each with its own `Scratch`.
class Evaluator {
 public:
  /// Type of a column; an error (with the nearest known name) when there is no such column.
  using ColumnTypes = std::function<Result<ValueType>(const ColumnReference&)>;

  /// Memory for text and lists made during an evaluation; values it made stay valid until `clear`.
  class Scratch {
   public:
    Scratch();
    Scratch(Scratch&&) noexcept;
    Scratch& operator=(Scratch&&) noexcept;
    ~Scratch();
    void clear();

   private:
    friend class Evaluator;
    struct Arena;
    std::unique_ptr<Arena> arena_;
  };

  /// Checks types and resolves functions. `sql` is the text `expression` was parsed from, for the caret in messages.
  static Result<Evaluator> compile(const Expression& expression, std::string_view sql, const ColumnTypes& column_types,
                                   const EvaluationOptions& options = {});

  const ValueType& type() const;

  /// The columns that `evaluate` wants, in the order of its `columns` argument.
  std::span<const ColumnReference> columns() const;

  /// Evaluates for one record or pair. Errors are those SQL itself raises (a cast of 'x' to integer, jaccard of '').
  Result<Value> evaluate(std::span<const Value> columns, Scratch& scratch) const;

 private:
  struct Program;
  explicit Evaluator(std::shared_ptr<const Program> program);
  std::shared_ptr<const Program> program_;
};

}  // namespace linkwright
