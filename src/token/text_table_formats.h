#pragma once

// The formats behind TextTableReader::open.

#include <memory>
#include <string>

#include "token/text_table.h"

namespace linkwright {

Result<std::unique_ptr<TextTableReader>> open_csv_text(const std::string& path, TextDialect dialect, char delimiter);

/// A JSON array of objects, or one object a line. Headers are all keys of the file, in order of first appearance: it is
/// read twice. A missing key is null; a line that is no object is left out and counted.
Result<std::unique_ptr<TextTableReader>> open_json_text(const std::string& path);

Result<std::unique_ptr<TextTableReader>> open_parquet_text(const std::string& path);

}  // namespace linkwright
