#include "model/column_term.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "model/sqlglot_text.h"

namespace linkwright {
namespace {

// As Splink decides, which cannot know better: sum(a) might be the name of a column.
bool is_expression(const std::string& text) {
  const size_t open = text.find('(');
  const bool has_parentheses = open != std::string::npos && text.find(')', open) != std::string::npos;
  return has_parentheses || text.find("||") != std::string::npos;
}

std::string_view trimmed(std::string_view text) {
  const auto is_blank = [](char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

bool is_word(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; });
}

// What stands between the brackets after a column: a whole number, or the 'key' of a struct or map.
std::optional<std::string> subscript(std::string_view text) {
  text = trimmed(text);
  if (text.size() >= 2 && text.front() == '\'' && text.back() == '\'' &&
      text.substr(1, text.size() - 2).find('\'') == std::string_view::npos) {
    return std::string(text);
  }
  int64_t index = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), index);
  if (text.empty() || error != std::errc() || rest != text.data() + text.size()) return std::nullopt;
  return std::to_string(index);
}

struct NamedColumn {
  std::string name;
  std::string subscript;  // "[1]", or nothing
};

Result<NamedColumn> parse_column(const std::string& text) {
  NamedColumn column{text, ""};
  const size_t open = text.rfind('[');
  if (open != std::string::npos && text.ends_with(']')) {
    const auto index = subscript(std::string_view(text).substr(open + 1, text.size() - open - 2));
    if (!index) {
      return Status::Invalid("'", text, "': expected a whole number or a 'key' between the brackets; ",
                             "put a name that has brackets itself in \"quotes\"");
    }
    column = {text.substr(0, open), "[" + *index + "]"};
  }
  if (is_word(trimmed(column.name))) column.name = trimmed(column.name);
  if (auto name = name_in_quotes(trimmed(column.name))) column.name = std::move(*name);
  if (trimmed(column.name).empty()) return Status::Invalid("'", text, "': expected the name of a column");
  return column;
}

}  // namespace

std::optional<std::string> name_in_quotes(std::string_view text) {
  if (text.size() < 3 || text.front() != '"' || text.back() != '"') return std::nullopt;
  std::string name;
  for (size_t i = 1; i + 1 < text.size(); ++i) {
    name += text[i];
    if (text[i] != '"') continue;
    if (i + 2 >= text.size() || text[++i] != '"') return std::nullopt;
  }
  return name;
}

Result<ColumnTerm> ColumnTerm::parse(const std::string& text) {
  ColumnTerm term;
  term.text_ = text;
  constexpr std::array<std::string_view, 4> kBefore = {"", "", "l.", "r."};
  constexpr std::array<std::string_view, 4> kAfter = {"_l", "_r", "", ""};
  if (is_expression(text) && !name_in_quotes(trimmed(text))) {
    term.is_column_ = false;
    for (size_t i = 0; i < term.sql_.size(); ++i) {
      const auto write_column = [&](std::string_view name, bool is_quoted) {
        const std::string full = std::string(name) + std::string(kAfter[i]);
        return std::string(kBefore[i]) + (is_quoted ? in_quotes(full, '"') : full);
      };
      ARROW_ASSIGN_OR_RAISE(term.sql_[i], sqlglot_text(text, write_column));
    }
    return term;
  }
  ARROW_ASSIGN_OR_RAISE(const NamedColumn column, parse_column(text));
  for (size_t i = 0; i < term.sql_.size(); ++i) {
    term.sql_[i] = std::string(kBefore[i]) + in_quotes(column.name + std::string(kAfter[i]), '"') + column.subscript;
  }
  return term;
}

std::string ColumnTerm::label() const { return is_transformed_ ? "transformed " + text_ : text_; }

std::string ColumnTerm::output_name() const {
  std::string name;
  for (size_t i = 0; i < text_.size(); ++i) {
    const auto c = static_cast<unsigned char>(text_[i]);
    if ((c & 0xC0) == 0x80) continue;  // one _ for a character, however many bytes it has
    name += c < 0x80 && (std::isalnum(c) != 0 || c == '_') ? static_cast<char>(c) : '_';
  }
  return name;
}

ColumnTerm ColumnTerm::wrapped(const std::string& before, const std::string& after) const {
  ColumnTerm term = *this;
  term.is_transformed_ = true;
  for (std::string& sql : term.sql_) sql = before + sql + after;
  return term;
}

ColumnTerm ColumnTerm::lower() const { return wrapped("LOWER(", ")"); }

ColumnTerm ColumnTerm::substring(int64_t start, int64_t length) const {
  return wrapped("SUBSTRING(", ", " + std::to_string(start) + ", " + std::to_string(length) + ")");
}

ColumnTerm ColumnTerm::cast_to_text() const { return wrapped("CAST(", " AS TEXT)"); }

ColumnTerm ColumnTerm::extract(const std::string& pattern, int64_t group) const {
  return wrapped("NULLIF(regexp_extract(", ", " + in_quotes(pattern, '\'') + ", " + std::to_string(group) + "), '')");
}

ColumnTerm ColumnTerm::null_if(const std::string& text) const {
  return wrapped("NULLIF(", ", " + in_quotes(text, '\'') + ")");
}

ColumnTerm ColumnTerm::parse_moment(const std::string& format) const {
  return wrapped("try_strptime(", ", " + in_quotes(format, '\'') + ")");
}

ColumnTerm ColumnTerm::element(int64_t index) const { return wrapped("", "[" + std::to_string(index) + "]"); }

}  // namespace linkwright
