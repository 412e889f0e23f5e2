#include "token/token_file_columns.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace linkwright {

namespace {

constexpr std::array<std::string_view, kTokenColumnCount> kNames = {"RuleId", "Token", "RecordId"};

}  // namespace

Result<std::vector<int>> token_column_slots(const std::vector<std::string>& headers, const std::string& where) {
  std::vector<int> slots(headers.size(), -1);
  for (size_t column = 0; column < kNames.size(); ++column) {
    const auto header = std::find(headers.begin(), headers.end(), kNames[column]);
    if (header == headers.end()) {
      return Status::Invalid(where, ": no column '", kNames[column],
                             "'; a file of tokens has RuleId, Token and RecordId, as linkwright tokenize writes it");
    }
    slots[static_cast<size_t>(header - headers.begin())] = static_cast<int>(column);
  }
  return slots;
}

Result<std::unique_ptr<TextTableReader>> open_token_file(const std::string& path, TextDialect dialect) {
  ARROW_ASSIGN_OR_RAISE(auto reader, TextTableReader::open(path, {.dialect = dialect}));
  std::vector<int> slots;
  if (!reader->headers().empty()) {
    ARROW_ASSIGN_OR_RAISE(slots, token_column_slots(reader->headers(), path));
  }
  ARROW_RETURN_NOT_OK(reader->select(std::move(slots), kTokenColumnCount));
  return reader;
}

}  // namespace linkwright
