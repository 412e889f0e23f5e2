#pragma once

#include <string>

#include "base/status.h"
#include "linkwright/spark.h"
#include "model/linkage_job.h"
#include "spark/linkage/native_kernel.h"

namespace linkwright::spark {

/// Where Spark writes a table of a run.
class OutputTable {
 public:
  /// `folder` is one of this machine or has a scheme ("s3://bucket/run").
  OutputTable(const std::string& folder, const std::string& table, OutputFormat format);
  ~OutputTable();  // takes away what did not get its name
  OutputTable(const OutputTable&) = delete;
  OutputTable& operator=(const OutputTable&) = delete;

  /// The name it is to have.
  const std::string& path() const { return path_; }

  /// Writes rows; on this machine under a temporary name. Lists are written as JSON text to CSV, which has none.
  Status write(const Rows& rows, const QueryOptions& query);

  /// The rows that were written.
  Result<DataFrame> read(const Session& session, const arrow::Schema& schema) const;

  /// Gives it its name, in the place of an older one.
  Status publish();

 private:
  std::string path_;
  std::string written_;  // where it lies until it has its name
  OutputFormat format_;
};

}  // namespace linkwright::spark
