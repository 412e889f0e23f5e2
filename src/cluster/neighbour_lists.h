#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/status.h"
#include "cluster/best_links.h"

namespace linkwright {

struct Neighbour {
  double match_probability;
  uint32_t row;

  bool operator==(const Neighbour&) const = default;
};

/// The better link first: higher probability, then lower id.
inline bool is_better(const Neighbour& one, const Neighbour& other) {
  if (one.match_probability != other.match_probability) return one.match_probability > other.match_probability;
  return one.row < other.row;
}

/// Every row's neighbours, best first and each (probability, row) once: edges seen from both of their ends.
class NeighbourLists {
 public:
  /// Errors: a row at or above `num_rows`, a probability that is NaN.
  static Result<NeighbourLists> make(std::span<const ScoredEdge> edges, uint32_t num_rows);

  std::span<const Neighbour> of(uint32_t row) const;

  /// Whether the edge between two rows exists with this probability.
  bool contains(uint32_t row, const Neighbour& neighbour) const;

  /// Drops every edge one of whose ends has, at the same probability, an edge to another record of the same
  /// duplicate-free dataset: Splink's ties_method "drop", which looks at all edges and not only at the best.
  void drop_ties(std::span<const uint32_t> dataset_of_row, const std::vector<bool>& is_duplicate_free);

 private:
  struct Range {
    uint64_t begin;
    uint64_t end;
  };
  std::vector<bool> find_ties(std::span<const uint32_t> dataset_of_row,
                              const std::vector<bool>& is_duplicate_free) const;

  std::vector<Range> ranges_;  // of each row, into neighbours_
  std::vector<Neighbour> neighbours_;
};

}  // namespace linkwright
