#include "base/distinct_sketch.h"

#include <functional>

namespace linkwright {

void DistinctSketch::add(std::string_view value) {
  const uint64_t hash = std::hash<std::string_view>()(value);
  if (!is_sampled(hash)) return;
  if (!kept_.emplace(hash, static_cast<uint32_t>(value.size())).second) return;
  kept_bytes_ += value.size();
  while (kept_.size() > kMostKept) drop_half();
}

void DistinctSketch::drop_half() {
  ++level_;
  for (auto entry = kept_.begin(); entry != kept_.end();) {
    if (is_sampled(entry->first)) {
      ++entry;
    } else {
      kept_bytes_ -= entry->second;
      entry = kept_.erase(entry);
    }
  }
}

}  // namespace linkwright
