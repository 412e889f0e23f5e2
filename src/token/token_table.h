#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace linkwright {

/// Rows of tokens, as they go to a file: rule and record by number, so that neither is repeated in memory.
struct TokenTable {
  std::vector<std::string> rule_ids;
  std::vector<int32_t> rule_of_row;  // into rule_ids
  std::string tokens;
  std::vector<int32_t> token_ends;     // of row i in `tokens`
  std::vector<int32_t> record_of_row;  // into the record ids
  std::string record_ids;
  std::vector<int32_t> record_id_ends;

  size_t rows() const { return token_ends.size(); }
  size_t records() const { return record_id_ends.size(); }

  std::string_view token(size_t row) const { return piece(tokens, token_ends, row); }
  std::string_view record_id(size_t record) const { return piece(record_ids, record_id_ends, record); }

  void end_token() { token_ends.push_back(static_cast<int32_t>(tokens.size())); }
  void end_record_id() { record_id_ends.push_back(static_cast<int32_t>(record_ids.size())); }

 private:
  static std::string_view piece(const std::string& text, const std::vector<int32_t>& ends, size_t i) {
    const auto start = static_cast<size_t>(i == 0 ? 0 : ends[i - 1]);
    return std::string_view(text).substr(start, static_cast<size_t>(ends[i]) - start);
  }
};

}  // namespace linkwright
