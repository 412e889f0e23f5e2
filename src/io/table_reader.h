#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/cancellation.h"
#include "base/status.h"

namespace arrow {
class Table;
}  // namespace arrow

namespace linkwright {

class Rejects;
class ThreadPool;

struct ReadOptions {
  std::vector<std::string> columns;       // only these, whatever their case; empty: all. An unknown one is an error
  Rejects* rejects = nullptr;             // where bad lines go; null: one is an error
  std::vector<std::string> text_columns;  // CSV: stay text, whatever their values look like
  char delimiter = 0;                     // 0: detected
  const Cancellation* cancellation = nullptr;
};

struct ReadReport {
  int64_t rows = 0;
  int64_t rejected_lines = 0;
};

/// Reads files of one dataset, in the order given after globs are expanded (sorted), as one table.
///
/// The format is told from the name and checked against the content: .csv .tsv .json .ndjson .jsonl .parquet, each also
/// with .gz or .zst. All files must have the same columns; int64 and double meet as double, anything and text as text.
/// Text columns of Parquet may come dictionary-encoded. No file matches, no columns, an empty file: errors that say so.
Result<std::shared_ptr<arrow::Table>> read_tables(const std::vector<std::string>& paths, const ReadOptions& options,
                                                  ThreadPool& pool, ReadReport* report);

/// Expands globs ("people_*.csv"), sorted, and folders that Spark wrote (spark_folder.h); a path without a match is an
/// error that names it.
Result<std::vector<std::string>> expand_paths(const std::vector<std::string>& patterns);

}  // namespace linkwright
