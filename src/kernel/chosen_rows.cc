#include "kernel/chosen_rows.h"

#include <arrow/array.h>
#include <arrow/builder.h>
#include <arrow/compute/api_vector.h>
#include <arrow/datum.h>
#include <arrow/record_batch.h>

namespace linkwright {

Result<std::vector<std::shared_ptr<arrow::Array>>> columns_at(const arrow::RecordBatch& rows,
                                                              const std::vector<int>& columns,
                                                              const std::vector<uint32_t>& places) {
  bool all_rows = places.size() == static_cast<size_t>(rows.num_rows());
  for (size_t i = 0; all_rows && i < places.size(); ++i) all_rows = places[i] == i;
  std::vector<std::shared_ptr<arrow::Array>> chosen;
  if (all_rows) {
    for (const int column : columns) chosen.push_back(rows.column(column));
    return chosen;
  }
  arrow::UInt32Builder builder;
  ARROW_RETURN_NOT_OK(builder.AppendValues(places));
  ARROW_ASSIGN_OR_RAISE(const std::shared_ptr<arrow::Array> indices, builder.Finish());
  for (const int column : columns) {
    ARROW_ASSIGN_OR_RAISE(const arrow::Datum taken, arrow::compute::Take(rows.column(column), indices,
                                                                         arrow::compute::TakeOptions::NoBoundsCheck()));
    chosen.push_back(taken.make_array());
  }
  return chosen;
}

}  // namespace linkwright
