#pragma once

#include <string>
#include <vector>

#include "base/status.h"

namespace linkwright {

/// Whether this is a table as Spark writes it: a folder of files, with an empty file _SUCCESS among them when it is
/// whole. A Delta table is none: which of its files count is in its log.
bool is_spark_folder(const std::string& path);

/// The files that have the rows of such a folder, sorted: Spark leaves out rows, and not the file, of a part without
/// any. Errors: rows are in folders below it, as partitionBy has them; there is no file.
Result<std::vector<std::string>> files_of_spark_folder(const std::string& path);

}  // namespace linkwright
