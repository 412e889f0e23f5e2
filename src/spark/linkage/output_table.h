#pragma once

#include <string>

#include "base/status.h"
#include "linkwright/spark.h"
#include "model/linkage_job.h"
#include "spark/linkage/native_kernel.h"

namespace linkwright::spark {

/// Where Spark writes a table of a run, and as what.
struct OutputPlace {
  std::string folder;  // of this machine, or with a scheme ("s3://bucket/run")
  OutputFormat format = OutputFormat::kParquet;
  bool is_delta = false;  // and not Parquet
  std::string table;      // of Spark's catalog, in the place of a folder: "main.crm.links"
};

/// The name that a table of a run ("predictions") is to have there: a path, or a table's.
std::string path_in(const OutputPlace& place, const std::string& name);

/// A table of a run that Spark writes.
class OutputTable {
 public:
  /// `name`: "predictions".
  OutputTable(const OutputPlace& place, const std::string& name);
  ~OutputTable();  // takes away what did not get its name
  OutputTable(const OutputTable&) = delete;
  OutputTable& operator=(const OutputTable&) = delete;

  const std::string& path() const { return path_; }

  /// Writes rows: on this machine under a temporary name; to storage elsewhere and to tables in their place, where
  /// rows of an earlier run are replaced. A Delta folder or table that exists gets a new version in one step. Lists are
  /// written as JSON text to CSV, which has none.
  Status write(const Rows& rows, const QueryOptions& query);

  /// Whether `write_files` may take the place of `write`: it is Parquet, where this machine sees it.
  bool takes_files() const;
  /// Writes Parquet files that are made already: `column` of `rows` has a file a row, without its last four bytes.
  Status write_files(const DataFrame& rows, const std::string& column, const QueryOptions& query);

  /// The rows that were written.
  Result<DataFrame> read(const Session& session, const arrow::Schema& schema) const;

  /// Gives it its name, in the place of an older one.
  Status publish();

 private:
  const std::string& place() const { return written_.empty() ? path_ : written_; }
  bool is_in_place() const { return written_.empty() || keeps_history_; }

  OutputPlace place_;
  std::string path_;
  std::string written_;          // on this machine: where it lies until it has its name
  bool keeps_history_ = false;   // a Delta folder of an earlier run gets a new version
  bool has_text_names_ = false;  // files are called part-00000.txt until `publish`
};

}  // namespace linkwright::spark
