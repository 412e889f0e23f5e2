#include "evaluate/truth_space.h"

#include <arrow/array/builder_primitive.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace linkwright {
namespace {

using Row = TruthSpaceRow;
constexpr std::array<std::pair<const char*, double Row::*>, 25> kColumns{{
    {"truth_threshold", &Row::truth_threshold},
    {"match_probability", &Row::match_probability},
    {"total_clerical_labels", &Row::total_labels},
    {"p", &Row::positives},
    {"n", &Row::negatives},
    {"tp", &Row::true_positives},
    {"tn", &Row::true_negatives},
    {"fp", &Row::false_positives},
    {"fn", &Row::false_negatives},
    {"P_rate", &Row::positive_rate},
    {"N_rate", &Row::negative_rate},
    {"tp_rate", &Row::true_positive_rate},
    {"tn_rate", &Row::true_negative_rate},
    {"fp_rate", &Row::false_positive_rate},
    {"fn_rate", &Row::false_negative_rate},
    {"precision", &Row::precision},
    {"recall", &Row::recall},
    {"specificity", &Row::specificity},
    {"npv", &Row::negative_predictive_value},
    {"accuracy", &Row::accuracy},
    {"f1", &Row::f1},
    {"f2", &Row::f2},
    {"f0_5", &Row::f0_5},
    {"p4", &Row::p4},
    {"phi", &Row::phi},
}};

/// Fills in everything that follows from the threshold and the four counts.
void derive_measures(Row& row) {
  const double tp = row.true_positives, tn = row.true_negatives, fp = row.false_positives, fn = row.false_negatives;
  const double p = row.positives = tp + fn;
  const double n = row.negatives = tn + fp;
  const double odds = std::exp2(row.truth_threshold);
  row.total_labels = p + n;
  row.match_probability = odds / (1 + odds);
  row.positive_rate = p / row.total_labels;
  row.negative_rate = n / row.total_labels;
  row.true_positive_rate = tp / p;
  row.true_negative_rate = tn / n;
  row.false_positive_rate = fp / n;
  row.false_negative_rate = fn / p;
  row.precision = tp + fp == 0 ? 1 : tp / (tp + fp);
  row.recall = tp / p;
  row.specificity = tn / n;
  row.negative_predictive_value = tn + fn == 0 ? 1 : tn / (tn + fn);
  row.accuracy = (tp + tn) / (p + n);
  row.f1 = 2 * tp / (2 * tp + fn + fp);
  row.f2 = 5 * tp / (5 * tp + 4 * fn + fp);
  row.f0_5 = 1.25 * tp / (1.25 * tp + 0.25 * fn + fp);
  row.p4 = 4 * tp * tn / (4 * tp * tn + (tp + tn) * (fp + fn));
  const bool is_degenerate = tn + fn == 0 || tp + fp == 0 || p == 0 || n == 0;
  row.phi = is_degenerate ? 0 : (tp * tn - fp * fn) / std::sqrt((tp + fp) * p * n * (tn + fn));
}

}  // namespace

void TruthSpace::add(double match_weight, bool is_match, bool found_by_blocking) {
  const auto count = [is_match](Counts& counts) { ++(is_match ? counts.positives : counts.negatives); };
  count(added_);
  if (std::isnan(match_weight) || (!found_by_blocking && options_.pairs_not_found_by_blocking_score_zero)) {
    count(below_all_);
    return;
  }
  double threshold = match_weight;
  if (options_.match_weight_round_to_nearest) {
    // The step is a 32-bit float in one of its two places in Splink's SQL.
    const double step = *options_.match_weight_round_to_nearest;
    threshold = static_cast<double>(static_cast<float>(step)) * std::round(match_weight / step);
  }
  count(at_threshold_[threshold + 0.0]);  // -0.0 becomes 0.0
}

Status TruthSpace::set_totals(uint64_t true_pairs, uint64_t comparable_pairs) {
  if (true_pairs < added_.positives || comparable_pairs < true_pairs + added_.negatives) {
    return Status::Invalid("scored pairs hold ", added_.positives, " true and ", added_.negatives,
                           " other pairs, more than the records can make (", true_pairs, " true of ", comparable_pairs,
                           "); are the predictions from these records, and each pair once?");
  }
  totals_ = Counts{true_pairs, comparable_pairs - true_pairs};
  return Status::OK();
}

std::vector<TruthSpaceRow> TruthSpace::rows() const {
  std::vector<std::pair<double, Counts>> ascending(at_threshold_.begin(), at_threshold_.end());
  std::sort(ascending.begin(), ascending.end(),
            [](const auto& one, const auto& other) { return one.first < other.first; });
  Counts below = below_all_;  // scored below the threshold of the row
  if (totals_) {
    below.positives += totals_->positives - added_.positives;
    below.negatives += totals_->negatives - added_.negatives;
  }
  const Counts all = totals_.value_or(added_);
  constexpr double kLowestShown = -998;  // as Splink, whose mark for "not found by blocking" is -999
  std::vector<TruthSpaceRow> rows;
  for (const auto& [threshold, counts] : ascending) {
    if (threshold >= kLowestShown) {
      TruthSpaceRow row;
      row.truth_threshold = threshold;
      row.true_positives = static_cast<double>(all.positives - below.positives);
      row.false_negatives = static_cast<double>(below.positives);
      row.false_positives = static_cast<double>(all.negatives - below.negatives);
      row.true_negatives = static_cast<double>(below.negatives);
      derive_measures(row);
      rows.push_back(row);
    }
    below.positives += counts.positives;
    below.negatives += counts.negatives;
  }
  return rows;
}

Result<std::shared_ptr<arrow::RecordBatch>> truth_space_table(std::span<const TruthSpaceRow> rows) {
  arrow::FieldVector fields;
  arrow::ArrayVector arrays;
  for (const auto& [name, member] : kColumns) {
    arrow::DoubleBuilder builder;
    ARROW_RETURN_NOT_OK(builder.Reserve(static_cast<int64_t>(rows.size())));
    for (const TruthSpaceRow& row : rows) builder.UnsafeAppend(row.*member);
    ARROW_ASSIGN_OR_RAISE(arrays.emplace_back(), builder.Finish());
    fields.push_back(arrow::field(name, arrow::float64(), false));
  }
  return arrow::RecordBatch::Make(arrow::schema(std::move(fields)), static_cast<int64_t>(rows.size()),
                                  std::move(arrays));
}

}  // namespace linkwright
