#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/status.h"
#include "profile/table_profile.h"

namespace arrow {
class Table;
}

namespace linkwright {

/// One part of a blocking key: a column, or the first letters of it.
struct KeyPart {
  size_t column = 0;    // into the profile's columns
  unsigned prefix = 0;  // 0: the whole value

  bool operator==(const KeyPart&) const = default;
};

/// The keys of records, to count the pairs that agree in them: of all records, or of a seeded sample, in which each
/// table has its share. Borrows the tables and the profile. Immutable; thread-safe.
class RecordKeys {
 public:
  /// Hashes of a part's values, table after table; 0 for null.
  using Hashes = std::vector<uint64_t>;

  RecordKeys(std::span<const std::shared_ptr<arrow::Table>> tables, const TableProfile& profile, int64_t most_rows);

  bool is_sample() const { return num_rows_ < total_; }

  /// Errors: a table without the column.
  Result<Hashes> hashes(const KeyPart& part) const;

  /// Pairs of equal key; keys of 0 make none.
  uint64_t pairs(const Hashes& keys, bool only_across_tables) const;

  /// What a count in this sample means for all records.
  uint64_t scaled(uint64_t pairs) const;

 private:
  std::span<const std::shared_ptr<arrow::Table>> tables_;
  const TableProfile& profile_;
  std::vector<std::vector<int64_t>> rows_;  // of each table
  size_t num_rows_ = 0;
  uint64_t total_ = 0;
};

}  // namespace linkwright
