#include "evaluate/evaluation.h"

#include <arrow/table.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <utility>

#include "evaluate/labelled_pairs.h"
#include "evaluate/record_numbers.h"
#include "expr/arrow_values.h"

namespace linkwright {
namespace {

/// A column of numbers; rows without one are an error.
Result<std::vector<double>> numbers_of(const arrow::Table& table, const std::string& name, const std::string& what,
                                       const Cancellation* cancellation) {
  ARROW_ASSIGN_OR_RAISE(const EncodedColumn column, encoded_column(table, name, what));
  ARROW_ASSIGN_OR_RAISE(ArrayValues values, ArrayValues::make(column.values));
  if (column.type.kind != ValueKind::kDouble && column.type.kind != ValueKind::kInteger) {
    return Status::TypeError("column '", name, "' of ", what, " must hold numbers");
  }
  std::vector<double> numbers;
  numbers.reserve(column.codes.size());
  for (size_t row = 0; row < column.codes.size(); ++row) {
    ARROW_RETURN_NOT_OK(check_cancelled_at(row, cancellation));
    if (column.codes[row] == 0) return Status::Invalid("row ", row + 1, " of ", what, " has no '", name, "'");
    const Value value = values.at(column.codes[row] - 1);
    numbers.push_back(value.kind == ValueKind::kInteger ? static_cast<double>(value.integer) : value.number);
  }
  return numbers;
}

struct PairTable {
  std::vector<uint32_t> left, right;
  std::vector<double> numbers;
};

Result<PairTable> read_pairs(const arrow::Table& table, const RecordNumbers& records, const std::string& number,
                             const std::string& what, const Cancellation* cancellation) {
  PairTable pairs;
  ARROW_ASSIGN_OR_RAISE(pairs.left, records.rows_of(table, "_l", what));
  ARROW_ASSIGN_OR_RAISE(pairs.right, records.rows_of(table, "_r", what));
  ARROW_ASSIGN_OR_RAISE(pairs.numbers, numbers_of(table, number, what, cancellation));
  return pairs;
}

Result<TruthSpace> count_against_labels(const PairTable& predictions, const std::vector<uint32_t>& labels,
                                        const ComparablePairs& comparable, const TruthSpaceOptions& options,
                                        const Cancellation* cancellation) {
  TruthSpace space(options);
  for (size_t i = 0; i < predictions.left.size(); ++i) {
    ARROW_RETURN_NOT_OK(check_cancelled_at(i, cancellation));
    const uint32_t left = predictions.left[i], right = predictions.right[i];
    if (!comparable.contains(left, right)) continue;
    space.add(predictions.numbers[i], labels[left] != 0 && labels[left] == labels[right]);
  }
  ARROW_RETURN_NOT_OK(space.set_totals(comparable.count_with_equal_label(labels), comparable.count(labels.size())));
  return space;
}

Result<TruthSpace> count_against_pairs(const PairTable& predictions, const PairTable& labelled,
                                       const TruthSpaceOptions& options, const Cancellation* cancellation) {
  std::vector<LabelledPair> pairs;
  for (size_t i = 0; i < labelled.left.size(); ++i) {
    pairs.push_back({labelled.left[i], labelled.right[i], labelled.numbers[i]});
  }
  ARROW_ASSIGN_OR_RAISE(LabelledPairs labels, LabelledPairs::make(pairs));
  TruthSpace space(options);
  for (size_t i = 0; i < predictions.left.size(); ++i) {
    ARROW_RETURN_NOT_OK(check_cancelled_at(i, cancellation));
    labels.add_scored(predictions.left[i], predictions.right[i], predictions.numbers[i], space);
  }
  labels.add_missed(space);
  return space;
}

template <typename... Arguments>
std::string formatted(const char* format, Arguments... arguments) {
  std::array<char, 256> buffer{};
  std::snprintf(buffer.data(), buffer.size(), format, arguments...);
  return buffer.data();
}

}  // namespace

Result<Evaluation> evaluate_linkage(const EvaluationInputs& inputs) {
  ARROW_ASSIGN_OR_RAISE(const RecordNumbers records,
                        RecordNumbers::make(*inputs.clusters, inputs.unique_id_column, inputs.source_dataset_column,
                                            inputs.cancellation));
  if (inputs.only_across_datasets && !records.has_sources()) {
    return Status::Invalid("pairs across datasets were asked for, but the records have no column '",
                           inputs.source_dataset_column, "'");
  }
  const ComparablePairs comparable{inputs.only_across_datasets, records.source_of_row()};
  Evaluation evaluation;
  EncodedColumn labels;
  if (!inputs.label_column.empty()) {
    ARROW_ASSIGN_OR_RAISE(labels, encoded_column(*inputs.clusters, inputs.label_column, "the records"));
    ARROW_ASSIGN_OR_RAISE(const EncodedColumn clusters,
                          encoded_column(*inputs.clusters, inputs.cluster_column, "the records"));
    ARROW_ASSIGN_OR_RAISE(evaluation.clusters,
                          measure_clusters(clusters.codes, labels.codes, comparable, inputs.cancellation));
  }
  if (inputs.predictions == nullptr) return evaluation;
  TruthSpaceOptions options;
  if (inputs.match_weight_step > 0) options.match_weight_round_to_nearest = inputs.match_weight_step;
  ARROW_ASSIGN_OR_RAISE(const PairTable predictions, read_pairs(*inputs.predictions, records, "match_weight",
                                                                "the predictions", inputs.cancellation));
  if (inputs.labelled_pairs != nullptr) {
    ARROW_ASSIGN_OR_RAISE(const PairTable labelled, read_pairs(*inputs.labelled_pairs, records, "clerical_match_score",
                                                               "the labelled pairs", inputs.cancellation));
    ARROW_ASSIGN_OR_RAISE(const TruthSpace space,
                          count_against_pairs(predictions, labelled, options, inputs.cancellation));
    evaluation.thresholds = space.rows();
  } else if (!inputs.label_column.empty()) {
    ARROW_ASSIGN_OR_RAISE(const TruthSpace space,
                          count_against_labels(predictions, labels.codes, comparable, options, inputs.cancellation));
    evaluation.thresholds = space.rows();
  }
  return evaluation;
}

std::string Evaluation::to_text() const {
  std::string text;
  if (clusters) {
    text += formatted("%llu records with a label, %llu true pairs, %llu pairs in clusters, %llu of them right\n",
                      static_cast<unsigned long long>(clusters->num_labelled),
                      static_cast<unsigned long long>(clusters->num_true_pairs),
                      static_cast<unsigned long long>(clusters->num_predicted_pairs),
                      static_cast<unsigned long long>(clusters->num_correct_pairs));
    for (const auto& [name, measure] :
         {std::pair("pairwise", clusters->pairwise), std::pair("B-cubed", clusters->b_cubed)}) {
      text += formatted("  %-9s precision %.4f  recall %.4f  F1 %.4f\n", name, measure.precision, measure.recall,
                        measure.f1());
    }
  }
  if (thresholds.empty()) return text;
  constexpr size_t kShown = 12;
  text += "match weight  probability  precision   recall       F1\n";
  const size_t shown = std::min(kShown, thresholds.size());
  for (size_t i = 0; i < shown; ++i) {
    const TruthSpaceRow& row = thresholds[shown == 1 ? 0 : i * (thresholds.size() - 1) / (shown - 1)];
    text += formatted("%12.2f  %11.6f  %9.4f  %7.4f  %7.4f\n", row.truth_threshold, row.match_probability,
                      row.precision, row.recall, row.f1);
  }
  const auto best = std::max_element(thresholds.begin(), thresholds.end(),
                                     [](const auto& one, const auto& other) { return one.f1 < other.f1; });
  text += formatted("best F1 %.4f at match weight %.2f\n", best->f1, best->truth_threshold);
  return text;
}

nlohmann::ordered_json Evaluation::to_json() const {
  using Json = nlohmann::ordered_json;
  Json json = Json::object();
  const auto measure = [](const PrecisionRecall& its) {
    return Json{{"precision", its.precision}, {"recall", its.recall}, {"f1", its.f1()}};
  };
  if (clusters) {
    json["clusters"] = {
        {"labelled_records", clusters->num_labelled},       {"true_pairs", clusters->num_true_pairs},
        {"predicted_pairs", clusters->num_predicted_pairs}, {"correct_pairs", clusters->num_correct_pairs},
        {"pairwise", measure(clusters->pairwise)},          {"b_cubed", measure(clusters->b_cubed)}};
  }
  Json rows = Json::array();
  for (const TruthSpaceRow& row : thresholds) {
    rows.push_back({{"truth_threshold", row.truth_threshold},
                    {"match_probability", row.match_probability},
                    {"tp", row.true_positives},
                    {"tn", row.true_negatives},
                    {"fp", row.false_positives},
                    {"fn", row.false_negatives},
                    {"precision", row.precision},
                    {"recall", row.recall},
                    {"f1", row.f1}});
  }
  if (!thresholds.empty()) json["thresholds"] = std::move(rows);
  return json;
}

}  // namespace linkwright
