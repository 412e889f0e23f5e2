#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/memory_budget.h"
#include "base/status.h"
#include "cluster/best_links.h"
#include "cluster/components.h"
#include "io/temporary_items.h"

namespace linkwright {

/// Keeps edges until all are there and gives them back in parts of whole connected components. Edges beyond the run's
/// buffers are kept in a temporary file. Not thread-safe.
class LinkStore {
 public:
  LinkStore(uint32_t num_rows, const MemoryBudget& budget, std::string folder);

  /// Errors: the file cannot be written.
  Status add(const ScoredEdge& edge);

  /// Calls `visit` for every part, once; what is in a part depends on the edges and the buffers. Errors: those of
  /// `visit`; OutOfMemory when one component's edges do not fit under the run's limit; the file cannot be read.
  Status for_each_part(const std::function<Status(std::span<const ScoredEdge>)>& visit);

 private:
  Status put_away();
  Status for_each_component(const std::function<Status(std::span<const ScoredEdge>)>& visit);

  MemoryBudget budget_;
  std::string folder_;
  size_t most_held_;
  ConnectedComponents components_;
  std::vector<ScoredEdge> held_;
  TemporaryItems<ScoredEdge> put_away_;
};

}  // namespace linkwright
