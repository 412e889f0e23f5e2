#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/status.h"
#include "io/file_content.h"
#include "io/table_reader.h"

namespace linkwright {

/// How much a column holds, told without holding it.
struct ColumnSurvey {
  std::string name;
  bool is_text = true;           // else numbers, dates and the like, of eight bytes
  uint64_t values = 0;           // not null
  uint64_t bytes = 0;            // of all values
  uint64_t distinct_values = 0;  // an estimate, exact for few (DistinctSketch)
  uint64_t distinct_bytes = 0;
};

/// What reading a dataset will take, found out in one pass over its files in little memory.
struct TableSurvey {
  ContentFormat format = ContentFormat::kCsv;
  uint64_t rows = 0;
  uint64_t file_bytes = 0;    // on the disk
  uint64_t largest_file = 0;  // as read, decompressed
  std::vector<ColumnSurvey> columns;
};

/// Looks through the files that `read_tables` would read. What is wrong with single lines is passed over here: reading
/// them tells. Errors: as `read_tables`' for whole files; Cancelled.
Result<TableSurvey> survey_tables(const std::vector<std::string>& patterns, const ReadOptions& options);

}  // namespace linkwright
