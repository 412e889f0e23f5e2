#include "expr/sql_error.h"

#include <algorithm>

namespace linkwright {
namespace {

constexpr size_t kShownBefore = 60;
constexpr size_t kShownAfter = 40;

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// Tabs would shift the caret, so they are shown as one space.
std::string printable(std::string_view text) {
  std::string result(text);
  std::replace_if(
      result.begin(), result.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  return result;
}

}  // namespace

std::string sql_caret(std::string_view sql, size_t position) {
  position = std::min(position, sql.size());
  const size_t newline_before = position == 0 ? std::string_view::npos : sql.rfind('\n', position - 1);
  size_t begin = newline_before == std::string_view::npos ? 0 : newline_before + 1;
  size_t end = std::min(sql.find('\n', position), sql.size());
  const bool cut_before = position - begin > kShownBefore;
  const bool cut_after = end - position > kShownAfter;
  if (cut_before) begin = position - kShownBefore;
  if (cut_after) end = position + kShownAfter;
  while (begin < position && is_continuation(sql[begin])) ++begin;
  while (end > position && end < sql.size() && is_continuation(sql[end])) --end;

  std::string line = cut_before ? "  ..." : "  ";
  const std::string_view before = sql.substr(begin, position - begin);
  const auto columns = std::count_if(before.begin(), before.end(), [](char c) { return !is_continuation(c); });
  const std::string indent(line.size() + static_cast<size_t>(columns), ' ');
  line += printable(sql.substr(begin, end - begin));
  if (cut_after) line += "...";
  return line + "\n" + indent + "^";
}

Status sql_error(std::string_view sql, size_t position, std::string_view message) {
  return Status::Invalid(message, "\n", sql_caret(sql, position));
}

}  // namespace linkwright
