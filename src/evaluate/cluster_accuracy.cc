#include "evaluate/cluster_accuracy.h"

#include <algorithm>
#include <vector>

namespace linkwright {
namespace {

double ratio_or_one(uint64_t part, uint64_t whole) {
  return whole == 0 ? 1.0 : static_cast<double>(part) / static_cast<double>(whole);
}

/// Every distinct group with its size, of sorted groups.
template <typename Visit>
void for_each_group(const std::vector<uint64_t>& sorted_groups, Visit visit) {
  for (size_t begin = 0; begin < sorted_groups.size();) {
    size_t end = begin + 1;
    while (end < sorted_groups.size() && sorted_groups[end] == sorted_groups[begin]) ++end;
    visit(sorted_groups[begin], end - begin);
    begin = end;
  }
}

/// Sum over the cells (cluster, label) of size^2 / (size of the cell's upper half), divided by the number of records.
/// With the cluster in the upper half of a cell this is B-cubed precision, with the label recall.
double b_cubed(std::vector<uint64_t> cells) {
  std::sort(cells.begin(), cells.end());
  double total = 0;
  uint64_t group = 0, group_size = 0;
  double squares = 0;
  const auto close_group = [&] {
    if (group_size > 0) total += squares / static_cast<double>(group_size);
    squares = 0;
    group_size = 0;
  };
  for_each_group(cells, [&](uint64_t cell, size_t size) {
    if (cell >> 32 != group) close_group();
    group = cell >> 32;
    group_size += size;
    squares += static_cast<double>(size) * static_cast<double>(size);
  });
  close_group();
  return cells.empty() ? 1.0 : total / static_cast<double>(cells.size());
}

}  // namespace

double PrecisionRecall::f1() const {
  return precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0.0;
}

Result<ClusterAccuracy> measure_clusters(std::span<const uint32_t> cluster_of_row,
                                         std::span<const uint32_t> label_of_row, const ComparablePairs& pairs,
                                         const Cancellation* cancellation) {
  if (cluster_of_row.size() != label_of_row.size() ||
      (pairs.only_across_datasets && pairs.dataset_of_row.size() != label_of_row.size())) {
    return Status::Invalid("clusters of ", cluster_of_row.size(), " records cannot be measured against ",
                           label_of_row.size(), " labels and ", pairs.dataset_of_row.size(),
                           " source datasets; all must be of the same records");
  }
  std::vector<uint64_t> clusters, labels, cells, turned_cells;
  std::vector<uint32_t> datasets;
  for (size_t row = 0; row < label_of_row.size(); ++row) {
    if (label_of_row[row] == 0) continue;
    clusters.push_back(cluster_of_row[row]);
    labels.push_back(label_of_row[row]);
    cells.push_back(clusters.back() << 32 | labels.back());
    turned_cells.push_back(labels.back() << 32 | clusters.back());
    if (pairs.only_across_datasets) datasets.push_back(pairs.dataset_of_row[row]);
  }
  const ComparablePairs labelled{pairs.only_across_datasets, datasets};
  ClusterAccuracy accuracy;
  accuracy.num_labelled = labels.size();
  // Each of these sorts all records.
  const auto count_within = [&](const std::vector<uint64_t>& groups, uint64_t* count) -> Status {
    if (cancellation != nullptr) ARROW_RETURN_NOT_OK(cancellation->check());
    *count = labelled.count_within(groups);
    return Status::OK();
  };
  ARROW_RETURN_NOT_OK(count_within(clusters, &accuracy.num_predicted_pairs));
  ARROW_RETURN_NOT_OK(count_within(labels, &accuracy.num_true_pairs));
  ARROW_RETURN_NOT_OK(count_within(cells, &accuracy.num_correct_pairs));
  accuracy.pairwise = {ratio_or_one(accuracy.num_correct_pairs, accuracy.num_predicted_pairs),
                       ratio_or_one(accuracy.num_correct_pairs, accuracy.num_true_pairs)};
  accuracy.b_cubed = {b_cubed(std::move(cells)), b_cubed(std::move(turned_cells))};
  return accuracy;
}

}  // namespace linkwright
