#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/status.h"
#include "compare/base_column.h"
#include "compare/level_rules.h"
#include "compare/value_comparator.h"
#include "model/linkage_model.h"

namespace linkwright {

/// The atoms of one comparison's conditions while it is compiled, spread over value comparators.
class ConditionCompiler {
 public:
  ConditionCompiler(const RecordTable& records, BaseColumns* columns, const EvaluationOptions& options)
      : records_(records), columns_(columns), options_(options) {}

  struct Compiled {
    std::vector<ValueComparator> comparators;  // one that gives the level, or several with packed atoms
    LevelRules levels;                         // over packed atoms, four a comparator
    bool symmetric = true;
  };

  /// Errors name the comparison and the level.
  Result<Compiled> compile(const Comparison& comparison);

 private:
  // An atom that has been found, with the base columns it reads; null where it reads none of that side.
  struct PendingAtom {
    const BaseColumn* left = nullptr;
    const BaseColumn* right = nullptr;
    Atom atom;
    ComparedOperand left_operand;
    ComparedOperand right_operand;
    bool has_operands = false;
    TextDistance function = TextDistance::kLevenshtein;
    std::string key;  // equal atoms are kept once
    std::string distance_key;
    std::optional<Expression> sql;  // kEvaluated, and kinds that are cheap to evaluate
  };

  // Atoms of one comparator, which reads these columns.
  struct AtomGroup {
    const BaseColumn* left;
    const BaseColumn* right;
    std::vector<size_t> atoms;
  };

  struct OneSided {
    const BaseColumn* column = nullptr;
    Evaluator evaluator;
    std::string sql;  // without its side
    bool is_column = false;
  };

  Result<Formula> compile_level(const ComparisonLevel& level, bool* symmetric);
  bool may_fail(const Expression& expression);
  bool meets_empty_texts(const Expression& expression);
  Result<Formula> compile_reached(const Expression& condition);
  Result<Formula> compile_condition(const Expression& condition);
  Result<CodeTruths> truths_of(const Expression& condition, const OneSided& operand);
  Result<Formula> add_one_sided(const Expression& condition, Side side);
  Result<bool> add_equality(const Expression& condition, Formula* formula);
  Result<bool> add_threshold(const Expression& condition, Formula* formula);
  Result<ComparedOperand> texts_of(const OneSided& side);
  // Texts of a Jaccard similarity are not empty (`meets_empty_texts`).
  Result<bool> add_distance(const Expression& call, Relation relation, double threshold, Formula* formula);
  Result<bool> add_difference(const Expression& condition, const Expression& call, Relation relation, double threshold,
                              Formula* formula);
  Result<Formula> add_evaluated(const Expression& condition);
  Formula add(PendingAtom pending);

  Result<OneSided> one_sided(const Expression& expression);
  // What the operand is for every code of its column, computed once a comparison: levels ask for it again.
  Result<const DerivedCodes*> derived(const OneSided& operand);
  Result<Evaluator> compile_sql(const Expression& expression) const;
  Result<const BaseColumn*> base_column(const Expression& expression, Side side);

  void join_evaluated();
  std::vector<AtomGroup> group_atoms() const;
  Result<ValueComparator> take_comparator(const AtomGroup& group);
  Result<Compiled> place_atoms(std::vector<Formula> levels);

  const RecordTable& records_;
  BaseColumns* columns_;
  EvaluationOptions options_;
  std::vector<PendingAtom> atoms_;
  std::map<std::pair<const BaseColumn*, std::string>, DerivedCodes> derived_;
  std::vector<Expression> earlier_;  // conditions of the levels before
};

}  // namespace linkwright
