#include "io/kept_inputs.h"

#include <filesystem>
#include <system_error>

#include "io/spark_folder.h"
#include "io/table_reader.h"

namespace linkwright {

namespace fs = std::filesystem;

Status keep_inputs(const std::vector<std::string>& inputs, const std::vector<std::string>& outputs) {
  for (const std::string& pattern : inputs) {
    const auto paths = expand_paths({pattern});
    if (!paths.ok()) continue;  // reading tells what is wrong with it
    for (const std::string& path : *paths) {
      for (const std::string& output : outputs) {
        std::error_code missing;
        const fs::path file(path);
        const bool is_within = is_spark_folder(output) && fs::equivalent(file.parent_path(), output, missing);
        if (!is_within && !fs::equivalent(file, output, missing)) continue;
        return Status::Invalid(output, " is an input and would be written over; choose another output");
      }
    }
  }
  return Status::OK();
}

}  // namespace linkwright
