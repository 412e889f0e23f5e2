#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "base/status.h"
#include "linkwright/spark.h"
#include "spark/linkage/kept_rows.h"

namespace linkwright::spark {

/// How connected components are found on a cluster.
struct ComponentOptions {
  /// The kernel's operation `forest` on every partition of its argument, lazily; none where the cluster forbids native
  /// code, which leaves Spark SQL.
  std::function<Result<DataFrame>(const DataFrame& edges)> contract = {};
  /// How many edges one task may hold as a forest: about 100 bytes each outside the JVM.
  int64_t most_edges_a_task = 20'000'000;
  /// At most how many edges there are, where that is known, and how few of them go to one task as they are: contracting
  /// them where they lie would cost another round and take little away.
  std::optional<int64_t> num_edges = {};
  int64_t few_edges = 2'000'000;
  /// What actions are told: tags, progress.
  std::function<QueryOptions()> query_options = [] { return QueryOptions(); };
};

/// Components as stars, and how many edges these have.
struct Components {
  KeptRows stars;
  int64_t size = 0;
};

/// Connected components of ids that edges join: `edges` has the columns lw_left and lw_right, both bigint or both
/// string, in any order and direction and repeated at will. Gives an edge from the smallest id of every component
/// (lw_left) to each of its other ids (lw_right), each id once: integers are ordered by value and text by bytes.
///
/// A few edges are contracted by one task. Of more, each partition contracts its edges to a forest; forests are merged,
/// round by round, in as few tasks as may hold them, and one makes the result. Where one task may not hold the last
/// forest, and where there is no native code, rounds of large-star and small-star go on: each is two joins in Spark
/// SQL, whatever the size of a component, and there are O(log(ids)^2) of them at most, a dozen as a rule. Edges are
/// read once; nothing but counts comes to the driver. The result does not depend on partitions. Errors: those of Spark
/// and of `contract`. Source: Kiveris, Lattanzi, Mirrokni, Rastogi, Vassilvitskii, "Connected Components in MapReduce
/// and Beyond" (2014), the alternating algorithm.
Result<Components> connected_components(const DataFrame& edges, const ComponentOptions& options);

}  // namespace linkwright::spark
