#include "io/spark_folder.h"

#include <algorithm>
#include <filesystem>

namespace linkwright {

namespace fs = std::filesystem;

bool is_spark_folder(const std::string& path) {
  std::error_code missing;
  return fs::is_regular_file(fs::path(path) / "_SUCCESS", missing) &&
         !fs::exists(fs::path(path) / "_delta_log", missing);
}

Result<std::vector<std::string>> files_of_spark_folder(const std::string& path) {
  std::vector<std::string> files;
  std::error_code error;
  for (fs::directory_iterator entry(path, error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (name.front() == '_' || name.front() == '.') continue;  // of Spark and Hadoop themselves
    if (entry->is_directory(error)) {
      return Status::NotImplemented(path, " is partitioned: its rows are in folders such as ", name,
                                    "; name the files, for example ", path, "/*/*.parquet");
    }
    if (entry->file_size(error) > 0) files.push_back(entry->path().string());
  }
  if (error) return Status::IOError(path, ": cannot be read: ", error.message());
  if (files.empty()) return Status::Invalid(path, ": Spark wrote no rows there");
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace linkwright
