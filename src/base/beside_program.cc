#include "base/beside_program.h"

#include <filesystem>
#include <system_error>

namespace linkwright {

std::string program_folder() {
  std::error_code ignored;
  return std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path().string();
}

std::string beside_program(const std::string& name) {
  return (std::filesystem::path(program_folder()) / name).string();
}

}  // namespace linkwright
