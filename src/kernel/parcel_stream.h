#pragma once

#include <arrow/record_batch.h>
#include <arrow/type_fwd.h>

#include <deque>
#include <memory>
#include <string>

#include "base/status.h"
#include "kernel/operations.h"

namespace linkwright {

/// The column of parcels.
inline constexpr const char* kParcelColumn = "lw_parcel";

/// The rows that come in parcels. Their columns may be dictionaries, and are those of one parcel and not of the next,
/// where `schema` has their values' type; the column `lw_partition`, if it has one, is filled in from the parcels.
class ParcelStream final : public arrow::RecordBatchReader {
 public:
  /// Errors: `parcels` has no column of parcels.
  static Result<std::shared_ptr<ParcelStream>> make(RowStream parcels, std::shared_ptr<arrow::Schema> schema);

  std::shared_ptr<arrow::Schema> schema() const override { return schema_; }
  Status ReadNext(std::shared_ptr<arrow::RecordBatch>* batch) override;

 private:
  ParcelStream(RowStream parcels, std::shared_ptr<arrow::Schema> schema)
      : parcels_(std::move(parcels)), schema_(std::move(schema)) {}
  Result<std::shared_ptr<arrow::RecordBatch>> rows_of(const std::shared_ptr<arrow::Buffer>& bytes) const;

  RowStream parcels_;
  std::shared_ptr<arrow::Schema> schema_;
  std::deque<std::shared_ptr<arrow::Buffer>> waiting_;
};

/// A schema as text, for tasks; and back. Errors: a text that no schema was made into.
Result<std::string> schema_text(const arrow::Schema& schema);
Result<std::shared_ptr<arrow::Schema>> schema_of_text(const std::string& text);

/// A table of batches whose columns may be dictionaries where the schema has their values' type.
std::shared_ptr<arrow::Table> table_of(const std::shared_ptr<arrow::Schema>& schema,
                                       const std::vector<std::shared_ptr<arrow::RecordBatch>>& batches);

}  // namespace linkwright
