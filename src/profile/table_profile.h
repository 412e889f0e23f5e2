#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "base/cancellation.h"
#include "base/status.h"
#include "base/thread_pool.h"
#include "profile/column_role.h"

namespace arrow {
class Table;
}

namespace linkwright {

struct FrequentValue {
  std::string value;
  int64_t count = 0;
};

/// What a column holds. Counts are of the rows looked at.
struct ColumnProfile {
  std::string name;
  std::string type;  // see type_name
  int64_t rows = 0;
  int64_t nulls = 0;
  int64_t empty = 0;  // texts of length 0, which are not null
  int64_t distinct = 0;
  size_t min_length = 0, max_length = 0;  // of the values as text, in bytes
  double average_length = 0;
  std::vector<FrequentValue> top_values;  // most frequent first
  double collision_probability = 0;       // that two random records with a value have the same
  bool is_text = false;
  RoleGuess guess;
};

struct ProfileOptions {
  int64_t most_rows = 1'000'000;  // of a larger table a seeded sample of about so many is looked at
  size_t most_top_values = 10;
  const Cancellation* cancellation = nullptr;
};

struct TableProfile {
  int64_t rows = 0;
  int64_t rows_looked_at = 0;
  std::vector<ColumnProfile> columns;  // in the table's order

  std::string to_text() const;
  nlohmann::ordered_json to_json() const;
};

/// Describes every column and guesses its role. The same table gives the same profile on any number of threads. A table
/// without columns is an error; one without rows has columns that are ignored. Cancelled between columns and pieces of
/// them.
Result<TableProfile> profile_table(const arrow::Table& table, ThreadPool& pool, const ProfileOptions& options = {});

/// About `most_rows` of the rows 0..num_rows-1, ascending, chosen by a seeded hash of their number; all if they are
/// few.
std::vector<int64_t> sample_rows(int64_t num_rows, int64_t most_rows);

}  // namespace linkwright
