#include "token/token_file_columns.h"

#include <algorithm>
#include <array>

namespace linkwright {

Result<std::unique_ptr<TextTableReader>> open_token_file(const std::string& path, TextDialect dialect) {
  constexpr std::array<std::string_view, kTokenColumnCount> kNames = {"RuleId", "Token", "RecordId"};
  ARROW_ASSIGN_OR_RAISE(auto reader, TextTableReader::open(path, {.dialect = dialect}));
  std::vector<int> slots(reader->headers().size(), -1);
  for (size_t column = 0; column < kNames.size() && !slots.empty(); ++column) {
    const auto header = std::find(reader->headers().begin(), reader->headers().end(), kNames[column]);
    if (header == reader->headers().end()) {
      return Status::Invalid(path, ": no column '", kNames[column],
                             "'; a file of tokens has RuleId, Token and RecordId, as linkwright tokenize writes it");
    }
    slots[static_cast<size_t>(header - reader->headers().begin())] = static_cast<int>(column);
  }
  ARROW_RETURN_NOT_OK(reader->select(std::move(slots), kTokenColumnCount));
  return reader;
}

}  // namespace linkwright
