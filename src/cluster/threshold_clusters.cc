#include "cluster/threshold_clusters.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <utility>

namespace linkwright {
namespace {

/// Python's f"{value:.6f}".rstrip("0") without a dot at its end, and "_" for the dot.
std::string six_decimals(double value) {
  std::array<char, 400> buffer{};  // the largest double has 309 digits before the dot
  const int length = std::snprintf(buffer.data(), buffer.size(), "%.6f", value);
  std::string text(buffer.data(), static_cast<size_t>(length));
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  std::replace(text.begin(), text.end(), '.', '_');
  return text;
}

}  // namespace

ThresholdClusters::ThresholdClusters(std::vector<double> ascending, std::vector<size_t> place_of_threshold,
                                     uint32_t num_rows)
    : ascending_(std::move(ascending)),
      place_of_threshold_(std::move(place_of_threshold)),
      forests_(ascending_.size(), ConnectedComponents(num_rows)) {}

Result<ThresholdClusters> ThresholdClusters::make(uint32_t num_rows, const std::vector<double>& thresholds) {
  if (thresholds.empty()) return Status::Invalid("clustering at several thresholds needs at least one threshold");
  for (const double threshold : thresholds) {
    if (std::isnan(threshold)) return Status::Invalid("a cluster threshold is not a number; give a match weight");
  }
  std::vector<double> ascending = thresholds;
  std::sort(ascending.begin(), ascending.end());
  ascending.erase(std::unique(ascending.begin(), ascending.end()), ascending.end());
  std::vector<size_t> places;
  places.reserve(thresholds.size());
  for (const double threshold : thresholds) {
    const auto found = std::lower_bound(ascending.begin(), ascending.end(), threshold);
    places.push_back(static_cast<size_t>(found - ascending.begin()));
  }
  return ThresholdClusters(std::move(ascending), std::move(places), num_rows);
}

void ThresholdClusters::add(uint32_t left, uint32_t right, double match_weight) {
  // Written so that NaN reaches no threshold.
  const auto above = std::partition_point(ascending_.begin(), ascending_.end(),
                                          [match_weight](double threshold) { return threshold <= match_weight; });
  if (above == ascending_.begin()) return;
  forests_[static_cast<size_t>(above - ascending_.begin()) - 1].unite(left, right);
}

std::vector<std::vector<uint32_t>> ThresholdClusters::finish() && {
  std::vector<std::vector<uint32_t>> by_place(forests_.size());
  for (size_t place = forests_.size(); place-- > 0;) {
    if (place + 1 < by_place.size()) {
      const std::vector<uint32_t>& higher = by_place[place + 1];
      for (uint32_t row = 0; row < higher.size(); ++row) {
        if (higher[row] != row) forests_[place].unite(row, higher[row]);
      }
    }
    by_place[place] = forests_[place].representatives();
    forests_.pop_back();  // so that forests and results together never take more than one threshold above the result
  }
  std::vector<std::vector<uint32_t>> result;
  result.reserve(place_of_threshold_.size());
  std::vector<size_t> uses(by_place.size());
  for (const size_t place : place_of_threshold_) ++uses[place];
  for (const size_t place : place_of_threshold_) {
    if (--uses[place] == 0) {
      result.push_back(std::move(by_place[place]));
    } else {
      result.push_back(by_place[place]);
    }
  }
  return result;
}

std::string cluster_column_of_probability(double match_probability) {
  if (match_probability == 0.0) return "cluster_0_0";
  if (match_probability == 1.0) return "cluster_1_0";
  return "cluster_p_" + six_decimals(match_probability);
}

std::string cluster_column_of_weight(double match_weight) {
  const double odds = std::exp2(match_weight);
  const double probability = std::isinf(odds) ? 1.0 : odds / (1.0 + odds);
  if (probability == 0.0) return "cluster_mw_minus_inf";
  if (probability == 1.0) return "cluster_mw_inf";
  return "cluster_mw_" + six_decimals(std::log2(probability / (1.0 - probability)));
}

}  // namespace linkwright
