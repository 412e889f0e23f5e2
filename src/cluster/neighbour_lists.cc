#include "cluster/neighbour_lists.h"

#include <algorithm>
#include <cmath>

namespace linkwright {

Result<NeighbourLists> NeighbourLists::make(std::span<const ScoredEdge> edges, uint32_t num_rows) {
  std::vector<uint64_t> degrees(num_rows);
  for (const ScoredEdge& edge : edges) {
    if (edge.left >= num_rows || edge.right >= num_rows) {
      return Status::IndexError("edge (", edge.left, ", ", edge.right, ") names a record beyond the last row of ",
                                num_rows, "; edges and records must come from the same input");
    }
    if (std::isnan(edge.match_probability)) {
      return Status::Invalid("edge (", edge.left, ", ", edge.right,
                             ") has match probability NaN; best links need a number between 0 and 1");
    }
    ++degrees[edge.left];
    ++degrees[edge.right];
  }
  NeighbourLists lists;
  lists.ranges_.resize(num_rows);
  uint64_t begin = 0;
  for (uint32_t row = 0; row < num_rows; ++row) {
    lists.ranges_[row] = {begin, begin};
    begin += degrees[row];
  }
  lists.neighbours_.resize(begin);
  for (const ScoredEdge& edge : edges) {
    lists.neighbours_[lists.ranges_[edge.left].end++] = {edge.match_probability, edge.right};
    lists.neighbours_[lists.ranges_[edge.right].end++] = {edge.match_probability, edge.left};
  }
  for (Range& range : lists.ranges_) {
    const auto first = lists.neighbours_.begin() + static_cast<ptrdiff_t>(range.begin);
    const auto last = lists.neighbours_.begin() + static_cast<ptrdiff_t>(range.end);
    std::sort(first, last, is_better);
    range.end = static_cast<uint64_t>(std::unique(first, last) - lists.neighbours_.begin());
  }
  return lists;
}

std::span<const Neighbour> NeighbourLists::of(uint32_t row) const {
  const Range& range = ranges_[row];
  return std::span(neighbours_).subspan(range.begin, range.end - range.begin);
}

bool NeighbourLists::contains(uint32_t row, const Neighbour& neighbour) const {
  const std::span<const Neighbour> neighbours = of(row);
  return std::binary_search(neighbours.begin(), neighbours.end(), neighbour, is_better);
}

std::vector<bool> NeighbourLists::find_ties(std::span<const uint32_t> dataset_of_row,
                                            const std::vector<bool>& is_duplicate_free) const {
  std::vector<bool> is_tied(neighbours_.size());
  std::vector<std::pair<uint32_t, uint64_t>> of_dataset;  // (dataset, place) of the equally good neighbours
  for (const Range& range : ranges_) {
    for (uint64_t begin = range.begin; begin < range.end;) {
      uint64_t end = begin + 1;
      while (end < range.end && neighbours_[end].match_probability == neighbours_[begin].match_probability) ++end;
      if (end - begin > 1) {
        of_dataset.clear();
        for (uint64_t place = begin; place < end; ++place) {
          const uint32_t dataset = dataset_of_row[neighbours_[place].row];
          if (is_duplicate_free[dataset]) of_dataset.emplace_back(dataset, place);
        }
        std::sort(of_dataset.begin(), of_dataset.end());
        for (size_t i = 1; i < of_dataset.size(); ++i) {
          if (of_dataset[i].first != of_dataset[i - 1].first) continue;
          is_tied[of_dataset[i].second] = true;
          is_tied[of_dataset[i - 1].second] = true;
        }
      }
      begin = end;
    }
  }
  return is_tied;
}

void NeighbourLists::drop_ties(std::span<const uint32_t> dataset_of_row, const std::vector<bool>& is_duplicate_free) {
  const std::vector<bool> is_tied = find_ties(dataset_of_row, is_duplicate_free);
  const auto is_dropped = [&](uint32_t row, uint64_t place) {
    if (is_tied[place]) return true;
    const std::span<const Neighbour> back = of(neighbours_[place].row);
    const Neighbour self{neighbours_[place].match_probability, row};
    const auto found = std::lower_bound(back.begin(), back.end(), self, is_better);
    return bool{is_tied[static_cast<size_t>(&*found - neighbours_.data())]};
  };
  // Marked first and removed after: the way back is looked up in lists that must still be whole.
  std::vector<bool> dropped(neighbours_.size());
  for (uint32_t row = 0; row < ranges_.size(); ++row) {
    for (uint64_t place = ranges_[row].begin; place < ranges_[row].end; ++place)
      dropped[place] = is_dropped(row, place);
  }
  for (Range& range : ranges_) {
    uint64_t kept = range.begin;
    for (uint64_t place = range.begin; place < range.end; ++place) {
      if (!dropped[place]) neighbours_[kept++] = neighbours_[place];
    }
    range.end = kept;
  }
}

}  // namespace linkwright
