#include "spark/config/settings_file.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <utility>

namespace linkwright::spark {
namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const size_t start = text.find_first_not_of(kBlank);
  if (start == std::string_view::npos) return {};
  return text.substr(start, text.find_last_not_of(kBlank) - start + 1);
}

/// Hands on every line that is neither blank nor a comment, with its number from 1.
Status for_each_line(std::istream& file, std::string_view comment_signs,
                     const std::function<Status(std::string_view, int)>& take) {
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    std::string_view text = line;
    if (number == 1 && text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
    text = trimmed(text);
    if (text.empty() || comment_signs.find(text.front()) != std::string_view::npos) continue;
    ARROW_RETURN_NOT_OK(take(text, number));
  }
  return Status::OK();
}

/// What `parse` makes of a file; of an empty text when there is no such file.
template <class Parse>
auto read_file(const std::string& path, Parse parse) -> decltype(parse(std::declval<std::istream&>(), path)) {
  std::error_code ignored;
  std::istringstream nothing;
  if (path.empty() || !std::filesystem::exists(path, ignored)) return parse(nothing, path);
  std::ifstream file(path);
  if (!file) return Status::IOError(path, ": cannot be read (", std::strerror(errno), "); check its permissions");
  return parse(file, path);
}

Status wrong(const std::string& path, int line, std::string_view expectation) {
  return Status::Invalid(path, " line ", line, ": expected ", expectation);
}

/// A value as a shell would read it: quotes taken off, and a comment behind it.
Result<std::string> unquoted(std::string_view value, const std::string& path, int line) {
  if (value.empty()) return std::string();
  const char quote = value.front();
  if (quote != '"' && quote != '\'') return std::string(trimmed(value.substr(0, value.find(" #"))));
  std::string result;
  for (size_t i = 1; i < value.size(); ++i) {
    if (value[i] == quote) return result;
    const bool escapes = quote == '"' && value[i] == '\\' && i + 1 < value.size();
    result += escapes ? value[++i] : value[i];
  }
  return wrong(path, line, std::string("a closing ") + quote);
}

}  // namespace

Result<Settings> read_dotenv(const std::string& path) { return read_file(path, parse_dotenv); }

Result<Profiles> read_databricks_profiles(const std::string& path) {
  return read_file(path, parse_databricks_profiles);
}

Result<Settings> parse_dotenv(std::istream& file, const std::string& path) {
  Settings settings;
  ARROW_RETURN_NOT_OK(for_each_line(file, "#", [&](std::string_view text, int line) -> Status {
    constexpr std::string_view kExport = "export ";
    if (text.substr(0, kExport.size()) == kExport) text = trimmed(text.substr(kExport.size()));
    const size_t equals = text.find('=');
    if (equals == std::string_view::npos || equals == 0) return wrong(path, line, "NAME=value");
    ARROW_ASSIGN_OR_RAISE(std::string value, unquoted(trimmed(text.substr(equals + 1)), path, line));
    settings[std::string(trimmed(text.substr(0, equals)))] = std::move(value);
    return Status::OK();
  }));
  return settings;
}

Result<Profiles> parse_databricks_profiles(std::istream& file, const std::string& path) {
  Profiles profiles;
  Settings* section = nullptr;
  ARROW_RETURN_NOT_OK(for_each_line(file, "#;", [&](std::string_view text, int line) -> Status {
    if (text.front() == '[') {
      if (text.size() < 3 || text.back() != ']') return wrong(path, line, "a section, as in [DEFAULT]");
      section = &profiles[std::string(trimmed(text.substr(1, text.size() - 2)))];
      return Status::OK();
    }
    if (section == nullptr) return wrong(path, line, "a section, as in [DEFAULT], before the first setting");
    const size_t equals = text.find('=');
    if (equals == std::string_view::npos || equals == 0) return wrong(path, line, "name = value");
    (*section)[std::string(trimmed(text.substr(0, equals)))] = trimmed(text.substr(equals + 1));
    return Status::OK();
  }));
  return profiles;
}

}  // namespace linkwright::spark
