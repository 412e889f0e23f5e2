#pragma once

#include <istream>
#include <map>
#include <string>
#include <string_view>

#include "base/status.h"

namespace linkwright::spark {

using Settings = std::map<std::string, std::string, std::less<>>;
using Profiles = std::map<std::string, Settings, std::less<>>;

/// Reads a .env file: NAME=value a line, with or without `export`, values plain or in single or double quotes, # for
/// comments. A file that is not there has no settings. Errors name file and line, never a value: there are secrets
/// here.
Result<Settings> read_dotenv(const std::string& path);
/// The same from a text, which is called `path` in errors.
Result<Settings> parse_dotenv(std::istream& text, const std::string& path);

/// Reads ~/.databrickscfg: sections in brackets with `name = value` lines. No section inherits from DEFAULT, as in
/// Databricks' own tools. A file that is not there has no sections.
Result<Profiles> read_databricks_profiles(const std::string& path);
Result<Profiles> parse_databricks_profiles(std::istream& text, const std::string& path);

}  // namespace linkwright::spark
