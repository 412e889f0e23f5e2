#include "kernel/survey.h"

#include <arrow/array.h>
#include <arrow/buffer.h>
#include <arrow/builder.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>

#include "kernel/parcel.h"
#include "kernel/parcel_stream.h"

namespace linkwright {

std::shared_ptr<arrow::Schema> survey_schema() {
  return arrow::schema({arrow::field("lw_kind", arrow::int32()), arrow::field("lw_name", arrow::utf8()),
                        arrow::field(kParcelColumn, arrow::binary())});
}

Result<std::shared_ptr<arrow::RecordBatch>> survey_batch(const SurveyRow& row) {
  arrow::Int32Builder kinds;
  arrow::StringBuilder names;
  arrow::BinaryBuilder parcels;
  ARROW_RETURN_NOT_OK(kinds.Append(static_cast<int32_t>(row.kind)));
  ARROW_RETURN_NOT_OK(names.Append(row.name));
  if (row.rows == nullptr) {
    ARROW_RETURN_NOT_OK(parcels.AppendNull());
  } else {
    ARROW_ASSIGN_OR_RAISE(const auto bytes, pack_parcel({Parcel::kNowhere, row.rows}));
    ARROW_RETURN_NOT_OK(parcels.Append(std::string_view(*bytes)));
  }
  arrow::ArrayVector columns(3);
  ARROW_RETURN_NOT_OK(kinds.Finish(columns.data()));
  ARROW_RETURN_NOT_OK(names.Finish(&columns[1]));
  ARROW_RETURN_NOT_OK(parcels.Finish(&columns[2]));
  return arrow::RecordBatch::Make(survey_schema(), 1, std::move(columns));
}

Result<std::vector<SurveyRow>> survey_rows(const arrow::RecordBatch& batch) {
  const auto& kinds = static_cast<const arrow::Int32Array&>(*batch.column(0));
  const auto& names = static_cast<const arrow::StringArray&>(*batch.column(1));
  const auto& parcels = static_cast<const arrow::BinaryArray&>(*batch.column(2));
  std::vector<SurveyRow> rows;
  for (int64_t i = 0; i < batch.num_rows(); ++i) {
    SurveyRow& row = rows.emplace_back();
    row.kind = static_cast<SurveyKind>(kinds.Value(i));
    row.name = names.GetString(i);
    if (parcels.IsNull(i)) continue;
    ARROW_ASSIGN_OR_RAISE(Parcel parcel, unpack_parcel(arrow::SliceBuffer(parcels.value_data(), parcels.value_offset(i),
                                                                          parcels.value_length(i))));
    row.rows = std::move(parcel.rows);
  }
  return rows;
}

}  // namespace linkwright
