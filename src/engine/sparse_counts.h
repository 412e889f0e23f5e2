#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "base/status.h"
#include "io/external_sorter.h"
#include "io/temporary_items.h"
#include "train/expectation_maximisation.h"

namespace linkwright {

/// Pattern counts in ascending order of (pattern, adjusted comparisons, adjustment), each once: in memory, or in a
/// temporary file where they are too many. Thread-safe once made.
class PatternCounts {
 public:
  PatternCounts() = default;
  explicit PatternCounts(std::vector<PatternCount> counts);

  uint64_t num_pairs() const { return num_pairs_; }

  /// Calls `visit` with all counts in order, in pieces; may be called again. Errors: the file cannot be read.
  Status for_each(const PatternCountVisitor& visit) const;

  /// The same for EM; borrows the counts.
  PatternCountSource source() const {
    return [this](const PatternCountVisitor& visit) { return for_each(visit); };
  }

 private:
  friend class SparseCounts;
  Status append(const PatternCount& count, size_t most_held, const std::string& folder);

  uint64_t num_pairs_ = 0;
  std::vector<PatternCount> held_;  // all, or with a file those that it does not have yet
  TemporaryItems<PatternCount> put_away_;
};

/// Counts patterns that carry adjustments, of which there may be as many as pairs, in bounded memory.
///
/// Each worker counts in a hash table of its own; a full table goes, sorted, to a temporary file. The result does not
/// depend on how much memory there is, nor on which worker counted what.
class SparseCounts {
 public:
  /// Holds about `memory_bytes`, all workers together, and less while there are few counts. Files lie in `folder`.
  SparseCounts(int workers, size_t memory_bytes, std::string folder);

  /// Counts one pair; `count.pairs` is not read. Each worker is used by one thread at a time.
  Status add(int worker, const PatternCount& count);

  /// All counts; the object is used up.
  Result<PatternCounts> finish() &&;

 private:
  struct Table {
    std::vector<PatternCount> slots;  // no pairs: empty
    size_t used = 0;
  };

  static PatternCount* find(Table* table, const PatternCount& count);
  static void grow(Table* table);
  Status drain(Table* table);

  size_t most_slots_;
  size_t most_held_;
  std::string folder_;
  std::vector<Table> tables_;
  std::mutex draining_;  // guards the sorter
  ExternalSorter sorter_;
};

}  // namespace linkwright
