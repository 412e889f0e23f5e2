#include "engine/even_batches.h"

#include <algorithm>
#include <utility>

namespace linkwright {

EvenBatches::EvenBatches(const PredictionTable& table, size_t pairs_in_batch, Put put)
    : table_(table), pairs_in_batch_(pairs_in_batch), put_(std::move(put)) {}

Status EvenBatches::add(std::span<const ScoredPair> pairs) {
  while (!pairs.empty()) {
    const size_t taken = std::min(pairs.size(), pairs_in_batch_ - pending_.size());
    pending_.insert(pending_.end(), pairs.begin(), pairs.begin() + static_cast<std::ptrdiff_t>(taken));
    pairs = pairs.subspan(taken);
    if (pending_.size() == pairs_in_batch_) ARROW_RETURN_NOT_OK(put());
  }
  return Status::OK();
}

Status EvenBatches::finish() { return pending_.empty() ? Status::OK() : put(); }

Status EvenBatches::put() {
  ARROW_ASSIGN_OR_RAISE(auto batch, table_.batch(pending_));
  pending_.clear();
  return put_(std::move(batch));
}

}  // namespace linkwright
