#include "base/remote_path.h"

#include <filesystem>

namespace linkwright {

// A colon behind the first slash is part of a name: ./a:/b is a file here.
bool has_scheme(std::string_view path) {
  const size_t colon = path.find(":/");
  return colon != std::string_view::npos && colon > 0 && path.find('/') > colon;
}

std::string path_for_others(const std::string& path) {
  return path.empty() || has_scheme(path) ? path : std::filesystem::absolute(path).string();
}

}  // namespace linkwright
