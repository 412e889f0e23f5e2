#include <glob.h>

#include <algorithm>
#include <filesystem>

#include "io/spark_folder.h"
#include "io/table_reader.h"

namespace linkwright {

Result<std::vector<std::string>> expand_paths(const std::vector<std::string>& patterns) {
  std::vector<std::string> paths;
  for (const std::string& pattern : patterns) {
    if (std::filesystem::exists(pattern)) {
      if (is_spark_folder(pattern)) {
        ARROW_ASSIGN_OR_RAISE(const std::vector<std::string> files, files_of_spark_folder(pattern));
        paths.insert(paths.end(), files.begin(), files.end());
        continue;
      }
      if (std::filesystem::is_directory(pattern)) {
        return Status::IOError(pattern, " is a folder; name the files in it, for example ", pattern, "/*.parquet");
      }
      paths.push_back(pattern);
      continue;
    }
    glob_t found{};
    const int failed = glob(pattern.c_str(), GLOB_NOSORT, nullptr, &found);
    std::vector<std::string> matches;
    for (size_t i = 0; failed == 0 && i < found.gl_pathc; ++i) matches.emplace_back(found.gl_pathv[i]);
    globfree(&found);
    if (matches.empty()) {
      const bool is_glob = pattern.find_first_of("*?[") != std::string::npos;
      return Status::IOError(is_glob ? "no file matches " : "there is no file ", pattern, " (looked from ",
                             std::filesystem::current_path().string(), ")");
    }
    std::sort(matches.begin(), matches.end());
    paths.insert(paths.end(), matches.begin(), matches.end());
  }
  if (paths.empty()) return Status::Invalid("no input file was named");
  return paths;
}

}  // namespace linkwright
