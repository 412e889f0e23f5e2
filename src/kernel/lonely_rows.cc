#include "kernel/lonely_rows.h"

#include <arrow/array.h>
#include <arrow/builder.h>
#include <arrow/compute/api_vector.h>
#include <arrow/datum.h>
#include <arrow/table.h>

#include <algorithm>
#include <bit>

#include "column/value_dictionary.h"

namespace linkwright {

// Rows are counted by a hash of where they were sent: two places with one hash keep a lonely row, which does no harm.
Result<std::shared_ptr<arrow::Table>> without_lonely_rows(const std::shared_ptr<arrow::Table>& rows,
                                                          std::vector<SentRow>* sent) {
  constexpr size_t kCountersPerRow = 8;
  std::vector<uint8_t> counts(std::bit_ceil(sent->size() * kCountersPerRow + 1));
  const auto count_of = [&](const SentRow& row) -> uint8_t& {
    const uint64_t place = combine_hashes(row.hash, uint64_t{row.arm} << 32 ^ static_cast<uint64_t>(row.tile));
    return counts[place & (counts.size() - 1)];
  };
  for (const SentRow& row : *sent) {
    uint8_t& count = count_of(row);
    count = std::min<uint8_t>(2, static_cast<uint8_t>(count + 1));
  }
  arrow::BooleanBuilder builder;
  ARROW_RETURN_NOT_OK(builder.Reserve(rows->num_rows()));
  for (const SentRow& row : *sent) builder.UnsafeAppend(count_of(row) > 1);
  ARROW_ASSIGN_OR_RAISE(const std::shared_ptr<arrow::Array> meets, builder.Finish());
  std::erase_if(*sent, [&](const SentRow& row) { return count_of(row) < 2; });
  ARROW_ASSIGN_OR_RAISE(const arrow::Datum kept, arrow::compute::Filter(arrow::Datum(rows), arrow::Datum(meets)));
  return kept.table();
}

}  // namespace linkwright
