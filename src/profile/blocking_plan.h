#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/cancellation.h"
#include "base/status.h"
#include "base/thread_pool.h"
#include "profile/record_keys.h"
#include "profile/table_profile.h"

namespace arrow {
class Table;
}

namespace linkwright {

/// A rule and what is known about it.
struct BlockingCandidate {
  std::vector<KeyPart> parts;
  std::string sql;
  uint64_t pairs = 0;     // that the rule makes alone
  bool is_exact = false;  // counted over all records, not estimated from a sample
  double coverage = 0;    // share of matching pairs it is expected to make
};

struct BlockingPlan {
  std::vector<BlockingCandidate> rules;          // to predict with
  double coverage = 0;                           // of all rules together
  std::vector<BlockingCandidate> deterministic;  // strict rules for the prior
  double deterministic_recall = 0;
  std::vector<BlockingCandidate> em;  // two that train each other's columns, or fewer where there are none
  std::vector<std::string> notes;     // what could not be had, and why
};

struct BlockingPlanOptions {
  bool only_across_tables = false;  // link: pairs within a table do not count
  uint64_t most_pairs = 0;          // 0: 50 a record, at least one million
  size_t most_rules = 6;
  bool names_read_each_other = false;  // forename and surname are compared with each other: a rule of one fixes both
  const Cancellation* cancellation = nullptr;
};

/// Chooses blocking and training rules for the columns to be compared.
///
/// Candidates are single columns, pairs of columns, and a column with the first letters of another. Their pairs are
/// counted from value frequencies (n (n - 1) / 2 a value): on a seeded sample of 100,000 records to rank them, and over
/// all records for those chosen. What share of the matching pairs a rule makes cannot be counted without the truth; it
/// is expected from the missing values of its columns and a usual rate of errors for each role, columns erring
/// independently. From the candidates a set is built greedily, most new coverage a pair first, within the budget.
///
/// `tables` have the columns of `profile` by name. Same result for any number of threads. No usable column: an empty
/// plan with a note.
Result<BlockingPlan> plan_blocking(std::span<const std::shared_ptr<arrow::Table>> tables, const TableProfile& profile,
                                   std::span<const size_t> columns, ThreadPool& pool,
                                   const BlockingPlanOptions& options = {});

}  // namespace linkwright
