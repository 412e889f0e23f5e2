#pragma once

#include <string>

#include "io/table_writer.h"
#include "model/linkage_job.h"

namespace linkwright {

/// What a job's output format is called where tables are written, and how its files end: ".parquet".
FileFormat file_format(OutputFormat format);
std::string file_extension(OutputFormat format);

/// Where a job's run writes a table, "predictions" or "clusters".
std::string output_file(const LinkageJob& job, const std::string& table);

}  // namespace linkwright
