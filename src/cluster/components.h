#pragma once

#include <cstdint>
#include <vector>

namespace linkwright {

/// Connected components of records joined by edges, kept up to date while the edges arrive in any order.
///
/// Records are rows 0..n-1 in ascending order of their id. The root of a component is always its smallest row, so
/// `find` gives Splink's cluster id: the smallest id of the component. What comes out depends on the set of edges only,
/// not on their order, their direction or repetition, nor on which thread brought them.
///
/// Memory: 4 bytes a record. Time: 14 ns a random edge at 1M records, 47 ns at 10M, all cache misses
/// (bench/components_bench.cc). `unite` and `find` may be called from many threads at once; `representatives` may run
/// beside them too, but then tells the state of some moment. Source: Jayanti and Tarjan, "Concurrent disjoint set
/// union" (2021), linking by index, with path halving.
class ConnectedComponents {
 public:
  explicit ConnectedComponents(uint32_t num_rows);

  uint32_t num_rows() const { return static_cast<uint32_t>(parent_.size()); }

  /// Joins the components of two rows; rows at or above `num_rows` are a programmer's error.
  void unite(uint32_t left, uint32_t right);

  /// The smallest row of the row's component.
  uint32_t find(uint32_t row);

  /// `find` of every row. Rows without an edge are their own component.
  std::vector<uint32_t> representatives();

 private:
  std::vector<uint32_t> parent_;  // never above its row; equal for a root
};

}  // namespace linkwright
