#pragma once

// Reads the reference vectors of OpenToken for tests: the full set outside the source tree where it is, and the small
// committed part of it in tests/fixtures/opentoken otherwise.

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace linkwright {

inline std::filesystem::path reference_vectors_dir() {
  const std::filesystem::path source = LINKWRIGHT_SOURCE_DIR;
  for (const char* shared : {"../shared", "../../shared"}) {
    std::filesystem::path full = source / shared / "vectors" / "opentoken";
    if (std::filesystem::exists(full)) return full;
  }
  return source / "tests" / "fixtures" / "opentoken";
}

/// The tab-separated cells of every line of a file; none when the file is not there.
inline std::vector<std::vector<std::string>> read_vector_file(const std::string& name) {
  std::ifstream in(reference_vectors_dir() / name);
  std::vector<std::vector<std::string>> rows;
  for (std::string line; std::getline(in, line);) {
    std::vector<std::string> cells;
    size_t start = 0;
    for (size_t tab; (tab = line.find('\t', start)) != std::string::npos; start = tab + 1) {
      cells.push_back(line.substr(start, tab - start));
    }
    cells.push_back(line.substr(start));
    rows.push_back(std::move(cells));
  }
  return rows;
}

/// Base64 of the vectors: "~" is null, "-" is absent; both give nothing.
inline std::optional<std::string> decode_cell(std::string_view cell) {
  if (cell == "~" || cell == "-") return std::nullopt;
  std::string out;
  uint32_t bits = 0;
  int held = 0;
  for (char c : cell) {
    if (c == '=') break;
    const uint32_t value = c >= 'A' && c <= 'Z'   ? static_cast<uint32_t>(c - 'A')
                           : c >= 'a' && c <= 'z' ? static_cast<uint32_t>(c - 'a' + 26)
                           : c >= '0' && c <= '9' ? static_cast<uint32_t>(c - '0' + 52)
                           : c == '+'             ? 62
                                                  : 63;
    bits = bits << 6 | value;
    held += 6;
    if (held >= 8) {
      held -= 8;
      out.push_back(static_cast<char>(bits >> held & 0xff));
    }
  }
  return out;
}

}  // namespace linkwright
