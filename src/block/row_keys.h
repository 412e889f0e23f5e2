#pragma once

#include <cstdint>
#include <vector>

#include "base/status.h"
#include "block/blocking_rule.h"
#include "column/record_table.h"

namespace linkwright {

/// The key of every row under one rule arm, as numbers that are equal exactly when all key values are. 0: some key
/// value is null, so the row is in no block. Keys are in order of their values' codes, the first equality's foremost.
struct RowKeys {
  std::vector<uint64_t> left;
  std::vector<uint64_t> right;  // empty: the same as `left`
  uint64_t largest = 0;         // no key is above it
};

Result<RowKeys> row_keys(const RuleArm& arm, const RecordTable& records, const EvaluationOptions& evaluation);

/// A hash of every row's key under one rule arm, made of the key's values alone: it is the same among any other
/// records, in any process. 0: no key.
struct KeyHashes {
  std::vector<uint64_t> left;
  std::vector<uint64_t> right;  // empty: the same as `left`
};

Result<KeyHashes> key_hashes(const RuleArm& arm, const RecordTable& records, const EvaluationOptions& evaluation);

/// One entry a (row, key) of an arm whose rule explodes arrays; a row has an entry for every element combination.
struct ExplodedKey {
  uint32_t key;
  uint32_t row;

  auto operator<=>(const ExplodedKey&) const = default;
};
struct ExplodedKeys {
  std::vector<ExplodedKey> left;   // sorted, each once
  std::vector<ExplodedKey> right;  // empty: the same as `left`
  /// Of each key but 0, which is none. Keys are in order of hash, so that the first of those that two rows share is the
  /// same among any other records.
  std::vector<uint64_t> hashes{0};
};

/// Errors: a column to explode that is not a list, or that a filter of the arm reads (the filter would see the list).
Result<ExplodedKeys> exploded_keys(const RuleArm& arm, const std::vector<std::string>& arrays_to_explode,
                                   const RecordTable& records, const EvaluationOptions& evaluation);

}  // namespace linkwright
