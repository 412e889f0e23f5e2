#pragma once

#include <memory>
#include <string>

#include "base/status.h"

namespace arrow {
class Schema;
class Table;
}  // namespace arrow

namespace linkwright {

/// Reads a Parquet file; text columns come dictionary-encoded, as most files store them. Errors name the file.
Result<std::shared_ptr<arrow::Table>> read_parquet(const std::string& path, bool use_threads);
Result<std::shared_ptr<arrow::Schema>> read_parquet_schema(const std::string& path);

}  // namespace linkwright
