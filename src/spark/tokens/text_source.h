#pragma once

#include <string>
#include <vector>

#include "base/status.h"
#include "linkwright/spark.h"

namespace linkwright::spark {

/// Rows of people or tokens on a cluster: files and folders that its executors reach, or a table.
struct TextSource {
  std::vector<std::string> paths;  // .csv, .tsv, .json, .ndjson (also .gz), .parquet, .delta; other folders are Parquet
  std::string table;               // a name of the catalog; counts where there are no paths
  char delimiter = 0;              // of CSV; 0: a tab in .tsv files, else the comma
  std::string format;              // csv, json, parquet or delta; "": told from the names
};

/// The rows of a source, as Spark's readers take them: nothing is guessed to be a number, and an empty field of CSV is
/// an empty text and no null. One DataFrame for all files that have the same columns, which are found by each file's
/// own header. Errors: files of several formats, or of none that is known; what the server says of them.
Result<std::vector<DataFrame>> read_texts(const Session& session, const TextSource& source);

}  // namespace linkwright::spark
