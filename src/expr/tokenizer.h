#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace linkwright {

struct Token {
  enum class Kind : uint8_t { kWord, kQuotedName, kText, kNumber, kSymbol, kEnd };
  Kind kind = Kind::kEnd;
  size_t position = 0;  // first byte in the SQL text
  std::string text;     // escapes resolved; numbers without underscores

  bool is_symbol(std::string_view symbol) const { return kind == Kind::kSymbol && text == symbol; }
};

/// Splits SQL into tokens, the last of which is kEnd. Comments (`--`, nested `/* */`) and blanks separate tokens.
/// Text is 'it''s', e'a\n' or $$raw$$; names are "with ""quotes""" or plain words. Errors carry a caret.
Result<std::vector<Token>> tokenize(std::string_view sql);

}  // namespace linkwright
