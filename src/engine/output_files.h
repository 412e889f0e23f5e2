#pragma once

#include <string>
#include <vector>

#include "base/status.h"
#include "io/table_writer.h"
#include "model/linkage_job.h"

namespace linkwright {

/// What a job's output format is called where tables are written, and how its files end: ".parquet".
FileFormat file_format(OutputFormat format);
std::string file_extension(OutputFormat format);

/// Where a job's run writes a file, "report.json".
std::string output_path(const LinkageJob& job, const std::string& file);

/// Where a job's run writes a table, "predictions" or "clusters".
std::string output_file(const LinkageJob& job, const std::string& table);

/// Every file that a run writes in a folder, tables with this ending, and `rejects`, which may be "".
std::vector<std::string> files_of_run(const std::string& folder, const std::string& extension,
                                      const std::string& rejects);

/// Errors: a run of the job would write over one of the files it reads. `rejects` is where its bad lines go, if
/// anywhere.
Status keep_inputs_of(const LinkageJob& job, const std::string& rejects);

}  // namespace linkwright
