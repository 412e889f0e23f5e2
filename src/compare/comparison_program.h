#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/status.h"
#include "column/agreement_pattern.h"
#include "column/record_table.h"
#include "column/row_numbers.h"
#include "compare/base_column.h"
#include "compare/level_rules.h"
#include "compare/value_comparator.h"
#include "model/linkage_model.h"

namespace linkwright {

/// The comparisons of a model, compiled against the columns of a run's records.
///
/// SQL conditions are taken apart: what reads one record only is computed once for each distinct value, equalities
/// become comparisons of codes, text distances are shared by all levels that ask for them, and what is left is a pure
/// function of two codes (ValueComparator), which `TileComparer` remembers. A comparison over one column is one such
/// function; one over several combines up to a few.
/// Immutable once made; thread-safe, with one `TileComparer` a thread. Borrows the records. Compiled once a run:
/// training works on a choice of the comparisons.
class ComparisonProgram {
 public:
  /// Errors: SQL that does not parse or type-check, with comparison, level and position; an unknown column.
  static Result<std::unique_ptr<ComparisonProgram>> compile(const std::vector<Comparison>& comparisons,
                                                            const RecordTable& records,
                                                            const EvaluationOptions& options);

  size_t num_comparisons() const { return plans_.size(); }

  /// Some of the program's comparisons, with the patterns that they make. Borrows the program.
  struct Choice {
    const ComparisonProgram* program = nullptr;
    std::vector<size_t> comparisons;
    PatternSpace patterns;
  };
  Choice all() const;
  Choice choose(std::vector<size_t> comparisons) const;

  /// Comparison `c` gives the same level when left and right record change places.
  bool symmetric(size_t comparison) const { return plans_[comparison].symmetric; }
  /// The places in `columns()` of those that comparison `c` reads, each once.
  std::vector<size_t> columns_of(size_t comparison) const;

  /// How a comparison's level follows from its comparators' outcomes.
  struct ComparisonPlan {
    std::vector<size_t> comparators;  // into `comparators()`
    bool single = false;              // the only comparator gives the level itself
    LevelRules levels;                // else: over the comparators' packed atoms, four a comparator
    bool symmetric = false;
  };
  const ComparisonPlan& plan(size_t comparison) const { return plans_[comparison]; }
  const std::vector<ValueComparator>& comparators() const { return comparators_; }

  /// Distinct base columns of all comparators, and each comparator's place in them.
  struct ColumnSlots {
    size_t left;
    size_t right;
  };
  const std::vector<const BaseColumn*>& columns() const { return columns_; }
  /// The place in `columns()` of a column of the records, where it is among them.
  std::optional<size_t> place_of(const EncodedColumn& column) const;
  ColumnSlots slots(size_t comparator) const { return slots_[comparator]; }

  /// The codes of a row in all `columns()`, side by side.
  const uint32_t* row_codes(uint32_t row) const { return row_codes_.row(row); }

 private:
  explicit ComparisonProgram(const RecordTable& records) : base_columns_(records) {}
  void lay_out_columns(size_t num_rows);

  BaseColumns base_columns_;
  std::vector<ComparisonPlan> plans_;
  std::vector<size_t> num_levels_;  // of each comparison
  std::vector<ValueComparator> comparators_;
  std::vector<const BaseColumn*> columns_;
  std::vector<ColumnSlots> slots_;
  RowNumbers<uint32_t> row_codes_;
};

}  // namespace linkwright
