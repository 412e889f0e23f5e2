#include "expr/list_text.h"

#include <vector>

#include "base/ascii.h"
#include "expr/cast.h"

namespace linkwright {
namespace {

bool needs_quotes(std::string_view text) {
  if (text.empty() || is_blank(text.front()) || is_blank(text.back()) || to_lower(text) == "null") return true;
  return text.find_first_of(",[]{}()'\"\\:=") != std::string_view::npos;
}

void append_item(std::string& out, const Value& item, const SqlType& type) {
  if (item.kind != ValueKind::kText || !needs_quotes(item.text())) {
    out += text_of(item, type);
    return;
  }
  out += '\'';
  for (const char c : item.text()) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  out += '\'';
}

class ListReader {
 public:
  ListReader(std::string_view text, Arena& arena) : text_(text), arena_(arena) {}

  std::optional<Value> run() {
    skip_blanks();
    if (!take('[')) return std::nullopt;
    skip_blanks();
    if (!take(']')) {
      do {
        const std::optional<Value> item = read_item();
        if (!item) return std::nullopt;
        items_.push_back(*item);
      } while (take(','));
      if (!take(']')) return std::nullopt;
    }
    skip_blanks();
    if (cursor_ < text_.size()) return std::nullopt;
    const std::span<Value> values = arena_.allocate_values(items_.size());
    std::copy(items_.begin(), items_.end(), values.begin());
    return Value::of_list(values);
  }

 private:
  char peek() const { return cursor_ < text_.size() ? text_[cursor_] : '\0'; }
  bool take(char c) {
    if (cursor_ >= text_.size() || text_[cursor_] != c) return false;
    ++cursor_;
    return true;
  }
  void skip_blanks() {
    while (cursor_ < text_.size() && is_blank(text_[cursor_])) ++cursor_;
  }

  std::optional<Value> read_item() {
    skip_blanks();
    const char quote = peek();
    if (quote == '\'' || quote == '"') return read_quoted(quote);
    const size_t start = cursor_;
    int depth = 0;
    while (cursor_ < text_.size() && (depth > 0 || (text_[cursor_] != ',' && text_[cursor_] != ']'))) {
      if (text_[cursor_] == '[') ++depth;
      if (text_[cursor_] == ']') --depth;
      ++cursor_;
    }
    std::string_view item = text_.substr(start, cursor_ - start);
    while (!item.empty() && is_blank(item.back())) item.remove_suffix(1);
    if (to_lower(item) == "null") return Value::null();
    return Value::of_text(arena_.copy(item));
  }

  std::optional<Value> read_quoted(char quote) {
    ++cursor_;
    std::string item;
    while (cursor_ < text_.size() && text_[cursor_] != quote) {
      if (text_[cursor_] == '\\' && cursor_ + 1 < text_.size()) ++cursor_;
      item += text_[cursor_++];
    }
    if (!take(quote)) return std::nullopt;
    skip_blanks();
    return Value::of_text(arena_.copy(item));
  }

  std::string_view text_;
  Arena& arena_;
  size_t cursor_ = 0;
  std::vector<Value> items_;
};

}  // namespace

std::string format_list(const Value& list, const SqlType& type) {
  std::string out = "[";
  for (const Value& item : list.list()) {
    if (out.size() > 1) out += ", ";
    append_item(out, item, type.element_type());
  }
  return out + "]";
}

std::optional<Value> parse_list(std::string_view text, Arena& arena) { return ListReader(text, arena).run(); }

}  // namespace linkwright
