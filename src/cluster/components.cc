#include "cluster/components.h"

#include <algorithm>
#include <atomic>
#include <cassert>
#include <numeric>

namespace linkwright {
namespace {

using AtomicRow = std::atomic_ref<uint32_t>;
static_assert(AtomicRow::is_always_lock_free);

uint32_t load(uint32_t& parent) { return AtomicRow(parent).load(std::memory_order_relaxed); }

}  // namespace

ConnectedComponents::ConnectedComponents(uint32_t num_rows) : parent_(num_rows) {
  std::iota(parent_.begin(), parent_.end(), 0U);
}

// Halving stores the grandparent without a compare-and-swap: a row that has a parent never becomes a root again, and
// whatever ancestor is stored stays an ancestor, so a stale store costs a step and breaks nothing.
uint32_t ConnectedComponents::find(uint32_t row) {
  assert(row < parent_.size());
  uint32_t parent = load(parent_[row]);
  while (parent != row) {
    const uint32_t grandparent = load(parent_[parent]);
    if (grandparent == parent) return parent;
    AtomicRow(parent_[row]).store(grandparent, std::memory_order_relaxed);
    row = grandparent;
    parent = load(parent_[row]);
  }
  return row;
}

void ConnectedComponents::unite(uint32_t left, uint32_t right) {
  while (true) {
    left = find(left);
    right = find(right);
    if (left == right) return;
    uint32_t larger = std::max(left, right);
    const uint32_t smaller = std::min(left, right);
    // Only a root may be linked; if another thread was faster, `larger` has a parent now and both are looked up again.
    uint32_t expected = larger;
    if (AtomicRow(parent_[larger]).compare_exchange_strong(expected, smaller, std::memory_order_relaxed)) return;
  }
}

std::vector<uint32_t> ConnectedComponents::representatives() {
  std::vector<uint32_t> representatives(parent_.size());
  for (uint32_t row = 0; row < num_rows(); ++row) representatives[row] = find(row);
  return representatives;
}

}  // namespace linkwright
