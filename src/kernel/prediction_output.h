#pragma once

#include <cstdint>
#include <span>

#include "base/status.h"
#include "engine/prediction_table.h"

namespace linkwright {

/// Takes scored pairs and makes of them what `predict` gives. Not thread-safe.
class PredictionOutput {
 public:
  virtual ~PredictionOutput() = default;

  virtual Status add(std::span<const ScoredPair> pairs) = 0;
  /// To be called once, after the last pairs; tells how many pairs each rule had compared.
  virtual Status finish(std::span<const uint64_t> compared_by_rule) = 0;
};

}  // namespace linkwright
