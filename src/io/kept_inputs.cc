#include "io/kept_inputs.h"

#include <filesystem>
#include <system_error>

#include "io/table_reader.h"

namespace linkwright {

Status keep_inputs(const std::vector<std::string>& inputs, const std::vector<std::string>& outputs) {
  for (const std::string& pattern : inputs) {
    const auto paths = expand_paths({pattern});
    if (!paths.ok()) continue;  // reading tells what is wrong with it
    for (const std::string& path : *paths) {
      for (const std::string& output : outputs) {
        std::error_code missing;
        if (!std::filesystem::equivalent(path, output, missing)) continue;
        return Status::Invalid(output, " is an input and would be written over; choose another output");
      }
    }
  }
  return Status::OK();
}

}  // namespace linkwright
