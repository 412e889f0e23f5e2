#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/cancellation.h"
#include "base/status.h"
#include "evaluate/cluster_accuracy.h"
#include "evaluate/truth_space.h"

namespace arrow {
class Table;
}

namespace linkwright {

/// What is known of a linkage and of the truth. Tables are as a run writes them and as Splink does.
struct EvaluationInputs {
  std::shared_ptr<arrow::Table> clusters;        // every record: id, cluster and label
  std::string label_column;                      // of `clusters`; "" when the truth is in `labelled_pairs` only
  std::string cluster_column = "cluster_id";     // of `clusters`
  std::shared_ptr<arrow::Table> predictions;     // may be null: match_weight and the ids of both records
  std::shared_ptr<arrow::Table> labelled_pairs;  // may be null: ids of both records and clerical_match_score
  std::string unique_id_column = "unique_id";
  std::string source_dataset_column = "source_dataset";  // used where `clusters` has it
  bool only_across_datasets = false;                     // link_only: pairs within a dataset do not count
  double match_weight_step = 0.1;                        // 0: a row a distinct weight
  const Cancellation* cancellation = nullptr;
};

struct Evaluation {
  std::optional<ClusterAccuracy> clusters;  // with a label column
  std::vector<TruthSpaceRow> thresholds;    // with predictions

  /// Cluster accuracy, and the thresholds around the best F1.
  std::string to_text() const;
  nlohmann::ordered_json to_json() const;
};

/// Measures clusters against labels, and predictions against labelled pairs (where given) or labels. Records without a
/// label count as of no pair. Errors: a column that is missing (with the nearest name), a repeated id, an id in
/// predictions or labelled pairs that no record has, ids of different types; Cancelled.
Result<Evaluation> evaluate_linkage(const EvaluationInputs& inputs);

}  // namespace linkwright
