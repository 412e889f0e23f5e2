#include "cluster/next_links.h"

#include <algorithm>
#include <utility>

namespace linkwright {

NextLinks::NextLinks(const NeighbourLists& neighbours, const ClusterMembers& clusters)
    : neighbours_(neighbours),
      clusters_(clusters),
      place_(clusters.size()),
      root_(clusters.size(), kNoRow),
      child_(clusters.size(), kNoRow),
      sibling_(clusters.size(), kNoRow),
      before_(clusters.size(), kNoRow) {
  for (uint32_t row = 0; row < clusters.size(); ++row) push(row);
}

const Neighbour* NextLinks::best_of(uint32_t cluster) {
  for (;;) {
    const uint32_t row = root_[cluster];
    if (row == kNoRow) return nullptr;
    const auto of_no_use = [&] { return !clusters_.may_link(cluster, clusters_.cluster_of(next_of(row).row)); };
    if (!of_no_use()) return &next_of(row);
    erase(row);
    do {
      ++place_[row];
    } while (has_next(row) && of_no_use());
    push(row);
  }
}

void NextLinks::take_out(uint32_t row) {
  if (has_next(row)) erase(row);
  place_[row] = 0;
}

void NextLinks::put_in(uint32_t row) { push(row); }

bool NextLinks::go_back_to(const Neighbour& neighbour, uint32_t row) {
  if (has_next(row)) {
    if (!is_better(neighbour, next_of(row))) return false;
    erase(row);
  }
  const auto list = neighbours_.of(row);
  place_[row] = static_cast<uint32_t>(std::lower_bound(list.begin(), list.end(), neighbour, is_better) - list.begin());
  push(row);
  return true;
}

void NextLinks::push(uint32_t row) {
  if (!has_next(row)) return;
  child_[row] = sibling_[row] = before_[row] = kNoRow;
  uint32_t& root = root_[clusters_.cluster_of(row)];
  root = root == kNoRow ? row : meld(root, row);
}

void NextLinks::erase(uint32_t row) {
  uint32_t& root = root_[clusters_.cluster_of(row)];
  const uint32_t children = meld_all(child_[row]);
  if (row == root) {
    root = children;
    return;
  }
  const uint32_t before = before_[row];
  (child_[before] == row ? child_[before] : sibling_[before]) = sibling_[row];
  if (sibling_[row] != kNoRow) before_[sibling_[row]] = before;
  if (children != kNoRow) root = meld(root, children);
}

// Of two heaps, the better root becomes the parent of the other.
uint32_t NextLinks::meld(uint32_t one, uint32_t other) {
  if (is_better(next_of(other), next_of(one))) std::swap(one, other);
  sibling_[other] = child_[one];
  if (child_[one] != kNoRow) before_[child_[one]] = other;
  before_[other] = one;
  child_[one] = other;
  return one;
}

// Of siblings: in pairs from the first, then all pairs from the last. kNoRow of none.
uint32_t NextLinks::meld_all(uint32_t first) {
  uint32_t pairs = kNoRow;  // a list by sibling_, the last pair first
  while (first != kNoRow) {
    const uint32_t second = sibling_[first];
    const uint32_t rest = second == kNoRow ? kNoRow : sibling_[second];
    const uint32_t pair = second == kNoRow ? first : meld(first, second);
    sibling_[pair] = pairs;
    pairs = pair;
    first = rest;
  }
  if (pairs == kNoRow) return kNoRow;
  uint32_t root = pairs;
  for (uint32_t pair = sibling_[pairs]; pair != kNoRow;) {
    const uint32_t rest = sibling_[pair];
    root = meld(root, pair);
    pair = rest;
  }
  sibling_[root] = before_[root] = kNoRow;
  return root;
}

}  // namespace linkwright
