#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/status.h"

namespace arrow {
class RecordBatch;
class Schema;
}  // namespace arrow

namespace linkwright {

struct PeopleOptions {
  uint64_t num_rows = 0;
  uint64_t seed = 1;
  double duplicate_share = 0.2;  // of the rows: corrupted copies of the records of other rows
};

/// Synthetic people with known truth, to try out, test and measure linkage.
///
/// Columns: unique_id int64 (0..n-1, in no relation to the truth), first_name, surname, dob (YYYY-MM-DD), city,
/// postcode, email (text, with nulls), cluster int64 (the truth: equal for the same person). Names and cities follow
/// Zipf's law. A person has one clean record and, on average, duplicate_share / (1 - duplicate_share) copies with
/// typos, swapped names, wrong digits and swapped day and month in the date, house moves, and more missing values.
///
/// Every row depends on its number, the options and nothing else: batches can be made in any order, on any thread, and
/// are the same on every machine. About 10 MB of vocabulary and tables. Immutable: `batch` may be called from any
/// thread.
class PeopleGenerator {
 public:
  /// Errors: a duplicate share outside [0, 1), or more than 2^40 rows.
  static Result<PeopleGenerator> make(const PeopleOptions& options);
  PeopleGenerator(PeopleGenerator&&) noexcept;
  PeopleGenerator& operator=(PeopleGenerator&&) noexcept;
  ~PeopleGenerator();

  static std::shared_ptr<arrow::Schema> schema();

  /// Rows [first_row, first_row + num_rows), cut off at the end of the table.
  Result<std::shared_ptr<arrow::RecordBatch>> batch(uint64_t first_row, uint64_t num_rows) const;

  uint64_t num_rows() const;
  uint64_t num_people() const;

 private:
  struct State;
  explicit PeopleGenerator(std::unique_ptr<const State> state);
  std::unique_ptr<const State> state_;
};

}  // namespace linkwright
