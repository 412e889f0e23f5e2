#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/status.h"
#include "kernel/pair_task.h"

namespace linkwright {

/// The hashes of the blocks that records are in, under each arm of a task's rules.
class RecordKeys {
 public:
  static Result<RecordKeys> make(const PairTask& task, const RecordTable& records, const EvaluationOptions& evaluation);

  /// Calls `take(hash)` for every block that a row is in; for some several times. Rows are asked for in order.
  template <typename Take>
  void for_each_block(uint32_t row, const Take& take) {
    for (const std::vector<uint64_t>& hashes : one_a_row_) {
      if (hashes[row] != 0) take(hashes[row]);
    }
    for (Exploded& keys : exploded_) {
      for (; keys.next < keys.blocks.size() && keys.blocks[keys.next].first == row; ++keys.next) {
        take(keys.blocks[keys.next].second);
      }
    }
  }

  /// The hashes of each arm by row, 0 for none; an arm with keys on two sides has two of them.
  const std::vector<std::vector<uint64_t>>& one_a_row() const { return one_a_row_; }

  /// The columns that a task's rules read.
  static std::vector<std::string> columns(const PairTask& task);

 private:
  struct Exploded {
    std::vector<std::pair<uint32_t, uint64_t>> blocks;  // in order of row
    size_t next = 0;
  };
  std::vector<std::vector<uint64_t>> one_a_row_;
  std::vector<Exploded> exploded_;
};

}  // namespace linkwright
