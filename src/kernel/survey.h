#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/status.h"

namespace arrow {
class RecordBatch;
class Schema;
}  // namespace arrow

namespace linkwright {

/// What the rows of a survey tell: the records themselves, packed; how often a column has each value; which blocks are
/// large; how many records each dataset has.
enum class SurveyKind : int32_t { kRecords = 0, kValues = 1, kBlocks = 2, kDatasets = 3 };

struct SurveyRow {
  SurveyKind kind = SurveyKind::kRecords;
  std::string name;                          // of the column whose values it has
  std::shared_ptr<arrow::RecordBatch> rows;  // null: there were too many values
};

/// lw_kind int32, lw_name text, lw_parcel bytes.
std::shared_ptr<arrow::Schema> survey_schema();

/// A batch of one row; and the rows of a batch.
Result<std::shared_ptr<arrow::RecordBatch>> survey_batch(const SurveyRow& row);
Result<std::vector<SurveyRow>> survey_rows(const arrow::RecordBatch& batch);

}  // namespace linkwright
