#pragma once

#include <memory>

#include "base/status.h"

namespace arrow {
class Schema;
class Table;
}  // namespace arrow
namespace parquet {
class SchemaDescriptor;
}

namespace linkwright {

/// A table as it was read from a Parquet file of this schema, with its columns of UUIDs as text
/// ("0187a3c2-4e1f-7b06-9c3d-2f5a60b1d8e4"): the order of the texts is that of the UUIDs.
Result<std::shared_ptr<arrow::Table>> with_uuids_as_text(std::shared_ptr<arrow::Table> table,
                                                         const parquet::SchemaDescriptor& stored);
/// What schema such a table has.
Result<std::shared_ptr<arrow::Schema>> with_uuids_as_text(std::shared_ptr<arrow::Schema> schema,
                                                          const parquet::SchemaDescriptor& stored);

}  // namespace linkwright
