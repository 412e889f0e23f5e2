#include "kernel/chosen_rows.h"

#include <arrow/array.h>
#include <arrow/builder.h>
#include <arrow/compute/api_vector.h>
#include <arrow/datum.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>

namespace linkwright {
namespace {

Result<std::shared_ptr<arrow::Array>> take(const std::shared_ptr<arrow::Array>& values,
                                           const std::shared_ptr<arrow::Array>& places) {
  ARROW_ASSIGN_OR_RAISE(const arrow::Datum taken,
                        arrow::compute::Take(values, places, arrow::compute::TakeOptions::NoBoundsCheck()));
  return taken.make_array();
}

// A column of a parcel may be a dictionary where the rows' schema has its values' type.
Result<std::shared_ptr<arrow::Array>> as_in_schema(const std::shared_ptr<arrow::Array>& column,
                                                   const arrow::DataType& type) {
  if (column->type_id() != arrow::Type::DICTIONARY || type.id() == arrow::Type::DICTIONARY) return column;
  const auto& coded = static_cast<const arrow::DictionaryArray&>(*column);
  return take(coded.dictionary(), coded.indices());
}

Result<std::shared_ptr<arrow::Array>> array_of(std::span<const uint32_t> places) {
  arrow::UInt32Builder builder;
  ARROW_RETURN_NOT_OK(builder.AppendValues(places.begin(), places.end()));
  return builder.Finish();
}

}  // namespace

Result<std::shared_ptr<arrow::Array>> values_at(const std::shared_ptr<arrow::Array>& values,
                                                std::span<const uint32_t> places) {
  ARROW_ASSIGN_OR_RAISE(const auto indices, array_of(places));
  return take(values, indices);
}

Result<std::vector<std::shared_ptr<arrow::Array>>> columns_at(const arrow::RecordBatch& rows,
                                                              const std::vector<int>& columns,
                                                              const std::vector<uint32_t>& places) {
  bool all_rows = places.size() == static_cast<size_t>(rows.num_rows());
  for (size_t i = 0; all_rows && i < places.size(); ++i) all_rows = places[i] == i;
  std::vector<std::shared_ptr<arrow::Array>> chosen;
  if (all_rows) {
    for (const int column : columns) {
      ARROW_ASSIGN_OR_RAISE(chosen.emplace_back(),
                            as_in_schema(rows.column(column), *rows.schema()->field(column)->type()));
    }
    return chosen;
  }
  ARROW_ASSIGN_OR_RAISE(const auto indices, array_of(places));
  for (const int column : columns) {
    ARROW_ASSIGN_OR_RAISE(const auto taken, take(rows.column(column), indices));
    ARROW_ASSIGN_OR_RAISE(chosen.emplace_back(), as_in_schema(taken, *rows.schema()->field(column)->type()));
  }
  return chosen;
}

}  // namespace linkwright
