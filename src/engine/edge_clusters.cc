#include "engine/edge_clusters.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <optional>
#include <string>
#include <utility>

#include "base/nearest_name.h"
#include "cluster/best_links.h"
#include "cluster/threshold_clusters.h"
#include "engine/link_store.h"
#include "model/match_weights.h"

namespace linkwright {
double lowest_weight(const Threshold& threshold) {
  const std::optional<double> weight = threshold.as_match_weight();
  if (!weight) return -std::numeric_limits<double>::infinity();
  const double probability =
      threshold.match_weight ? match_weight_to_probability(*threshold.match_weight) : *threshold.match_probability;
  if (probability > 1) return std::numeric_limits<double>::infinity();
  double below = -2000;  // rounds to 0, as 2000 does to 1
  double enough = 2000;
  if (match_weight_to_probability(below) >= probability) return -std::numeric_limits<double>::infinity();
  for (;;) {
    const double middle = below + (enough - below) / 2;
    if (middle <= below || middle >= enough) return enough;
    (match_weight_to_probability(middle) >= probability ? enough : below) = middle;
  }
}

std::vector<std::string> cluster_column_names(const std::vector<Threshold>& thresholds) {
  if (thresholds.size() == 1) return {"cluster_id"};
  std::vector<std::string> names;
  for (const Threshold& threshold : thresholds) {
    names.push_back(threshold.match_weight ? cluster_column_of_weight(*threshold.match_weight)
                                           : cluster_column_of_probability(threshold.match_probability.value_or(0)));
  }
  return names;
}

struct EdgeClusters::State {
  ClusterSpec spec;
  std::optional<ThresholdClusters> components;
  double lowest = 0;
  std::optional<LinkStore> links;  // best links only
  std::vector<uint32_t> dataset_of_row;
  std::vector<bool> is_duplicate_free;
};

EdgeClusters::EdgeClusters(std::unique_ptr<State> state) : state_(std::move(state)) {}
EdgeClusters::EdgeClusters(EdgeClusters&&) noexcept = default;
EdgeClusters& EdgeClusters::operator=(EdgeClusters&&) noexcept = default;
EdgeClusters::~EdgeClusters() = default;

Result<EdgeClusters> EdgeClusters::make(const ClusterSpec& spec, const RecordTable& records,
                                        const RunContext& context) {
  auto state = std::make_unique<State>();
  state->spec = spec;
  if (spec.method == ClusterSpec::Method::kConnectedComponents) {
    std::vector<double> weights;
    for (const Threshold& threshold : spec.thresholds) weights.push_back(lowest_weight(threshold));
    ARROW_ASSIGN_OR_RAISE(state->components,
                          ThresholdClusters::make(static_cast<uint32_t>(records.num_rows()), weights));
    return EdgeClusters(std::move(state));
  }
  if (!records.has_sources()) {
    return Status::Invalid(
        "cluster: best_link needs several datasets; with link_type dedupe_only every record is of one");
  }
  state->lowest = lowest_weight(spec.thresholds[0]);
  state->links.emplace(static_cast<uint32_t>(records.num_rows()), context.budget, context.temporary_folder);
  state->is_duplicate_free.resize(records.source_names().size());
  for (const std::string& name : spec.duplicate_free_datasets) {
    const auto found = std::find(records.source_names().begin(), records.source_names().end(), name);
    if (found == records.source_names().end()) {
      return Status::Invalid("cluster.duplicate_free_datasets: there is no dataset '", name, "'",
                             suggestion(name, records.source_names()));
    }
    state->is_duplicate_free[static_cast<size_t>(found - records.source_names().begin())] = true;
  }
  state->dataset_of_row.assign(records.source_of_row().begin(), records.source_of_row().end());
  return EdgeClusters(std::move(state));
}

Status EdgeClusters::add(std::span<const ScoredPair> pairs) {
  for (const ScoredPair& scored : pairs) {
    if (state_->components) {
      state_->components->add(scored.pair.left, scored.pair.right, scored.match_weight);
    } else if (scored.match_weight >= state_->lowest) {
      ARROW_RETURN_NOT_OK(
          state_->links->add({scored.pair.left, scored.pair.right, match_weight_to_probability(scored.match_weight)}));
    }
  }
  return Status::OK();
}

Result<std::vector<ClusterColumn>> EdgeClusters::finish(const Cancellation* cancellation) {
  const std::vector<std::string> names = cluster_column_names(state_->spec.thresholds);
  std::vector<ClusterColumn> columns;
  if (state_->components) {
    std::vector<std::vector<uint32_t>> representatives = std::move(*state_->components).finish();
    for (size_t i = 0; i < names.size(); ++i) columns.push_back({names[i], std::move(representatives[i])});
    return columns;
  }
  BestLinksOptions options;
  options.cancellation = cancellation;
  options.ties = state_->spec.ties == ClusterSpec::Ties::kDrop ? LinkTies::kDrop : LinkTies::kLowestId;
  std::vector<uint32_t> representatives(state_->dataset_of_row.size());
  std::iota(representatives.begin(), representatives.end(), 0U);
  ARROW_RETURN_NOT_OK(state_->links->for_each_part([&](std::span<const ScoredEdge> edges) -> Status {
    ARROW_ASSIGN_OR_RAISE(const std::vector<uint32_t> found,
                          cluster_by_best_links(edges, state_->dataset_of_row, state_->is_duplicate_free, options));
    for (const ScoredEdge& edge : edges) {
      representatives[edge.left] = found[edge.left];
      representatives[edge.right] = found[edge.right];
    }
    return Status::OK();
  }));
  columns.push_back({names[0], std::move(representatives)});
  return columns;
}

}  // namespace linkwright
