#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/status.h"

namespace arrow {
class RecordBatch;
}

namespace linkwright {

/// What is right and wrong when pairs at or above `truth_threshold` are called matches: a row of Splink's
/// accuracy_analysis table. Where a divisor is 0 a value is NaN, except precision and npv (1) and phi (0).
struct TruthSpaceRow {
  double truth_threshold = 0;  // match weight
  double match_probability = 0;
  double total_labels = 0;
  double positives = 0, negatives = 0;
  double true_positives = 0, true_negatives = 0, false_positives = 0, false_negatives = 0;
  double positive_rate = 0, negative_rate = 0;
  double true_positive_rate = 0, true_negative_rate = 0, false_positive_rate = 0, false_negative_rate = 0;
  double precision = 0, recall = 0, specificity = 0, negative_predictive_value = 0, accuracy = 0;
  double f1 = 0, f2 = 0, f0_5 = 0, p4 = 0, phi = 0;
};

struct TruthSpaceOptions {
  /// Thresholds are multiples of this (Splink's default is 0.1); none: one row a distinct weight.
  std::optional<double> match_weight_round_to_nearest;
  /// A labelled pair that no blocking rule makes counts as scored below every threshold; false: its weight counts.
  bool pairs_not_found_by_blocking_score_zero = true;
};

/// Counts scored pairs with known truth, and makes Splink's table of accuracy by threshold out of them.
///
/// Memory: one entry a distinct (rounded) weight. Not thread-safe. The table does not depend on the order of `add`.
/// Source: splink 5.0.0, internals/accuracy.py, truth_space_table_from_labels_with_predictions_sqls.
class TruthSpace {
 public:
  explicit TruthSpace(TruthSpaceOptions options = {}) : options_(options) {}

  void add(double match_weight, bool is_match, bool found_by_blocking = true);

  /// All true pairs and all comparable pairs, where they are known from a label column: true pairs that were never
  /// added (blocking did not make them) count as missed at every threshold, other pairs as correctly refused. Fewer
  /// than were added are an error. Without a call, the pairs added are all there are (a table of labelled pairs).
  Status set_totals(uint64_t true_pairs, uint64_t comparable_pairs);

  /// Ascending thresholds. No pairs: no rows.
  std::vector<TruthSpaceRow> rows() const;

 private:
  struct Counts {
    uint64_t positives = 0;
    uint64_t negatives = 0;
  };

  TruthSpaceOptions options_;
  std::unordered_map<double, Counts> at_threshold_;
  Counts below_all_;
  Counts added_;
  std::optional<Counts> totals_;
};

/// The table with Splink's column names and order.
Result<std::shared_ptr<arrow::RecordBatch>> truth_space_table(std::span<const TruthSpaceRow> rows);

}  // namespace linkwright
