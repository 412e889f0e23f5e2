#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "io/plain_texts.h"

namespace linkwright {

/// Rows of tokens, as they go to a file: rule and record by number, so that neither is repeated in memory.
struct TokenTable {
  std::vector<std::string> rule_ids;
  std::vector<uint32_t> rule_of_row;    // into rule_ids
  PlainTexts tokens;                    // of every row
  std::vector<uint32_t> record_of_row;  // into record_ids
  PlainTexts record_ids;

  size_t rows() const { return tokens.size(); }
};

}  // namespace linkwright
