#include "io/output_folder.h"

#include <unistd.h>

#include <filesystem>
#include <system_error>

namespace linkwright {

Result<OutputFolder> OutputFolder::make(const std::string& path) {
  OutputFolder folder;
  std::filesystem::path so_far;
  for (const std::filesystem::path& part : std::filesystem::path(path)) {
    so_far /= part;
    std::error_code error;
    const bool made = std::filesystem::create_directory(so_far, error);
    if (error) {
      return Status::IOError("cannot make the output folder ", path, ": ", error.message(), "; choose another with -o");
    }
    if (made) folder.made_.emplace_back(so_far.string());
  }
  return folder;
}

// Without std::filesystem, which needs memory for a path: this may run because there is none.
OutputFolder::~OutputFolder() {
  for (auto made = made_.rbegin(); made != made_.rend(); ++made) ::rmdir(made->path.c_str());
}

void OutputFolder::keep() { made_.clear(); }

}  // namespace linkwright
