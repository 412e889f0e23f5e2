#include "spark/executor/loaded_libraries.h"

#include <link.h>

#include <filesystem>
#include <utility>

namespace linkwright::spark {

std::string missing_library(std::string_view message) {
  const size_t end = message.find(": cannot open shared object file");
  if (end == std::string_view::npos) return "";
  const size_t begin = message.substr(0, end).find_last_of(" '\"") + 1;  // npos + 1 is the message's begin
  return std::string(message.substr(begin, end - begin));
}

std::string loaded_library(std::string_view name) {
  std::pair<std::string_view, std::string> search = {name, ""};
  if (name.empty()) return "";
  // The loader calls back for each library; nothing may be thrown through it.
  dl_iterate_phdr(
      [](dl_phdr_info* loaded, size_t, void* data) {
        auto& [wanted, found] = *static_cast<std::pair<std::string_view, std::string>*>(data);
        const std::string_view path = loaded->dlpi_name;
        if (path.substr(path.rfind('/') + 1) != wanted) return 0;
        found = path;
        return 1;
      },
      &search);
  if (search.second.empty()) return "";
  std::error_code error;
  const std::filesystem::path file = std::filesystem::canonical(search.second, error);
  return error ? search.second : file.string();
}

}  // namespace linkwright::spark
