#include "expr/tokenizer.h"

#include <array>
#include <cctype>

#include "base/ascii.h"
#include "expr/sql_error.h"

namespace linkwright {
namespace {

// Longest first, so that the first that fits is the one meant.
constexpr std::array<std::string_view, 34> kSymbols = {
    "!~~*", "!~~", "~~*", "!~*", "~*", "**", "//", "||", "::", "<=", ">=", "<>", "!=", "==", "->", "~~", "!~",
    "^@",   "&&",  "@>",  "<@",  "+",  "-",  "*",  "/",  "%",  "^",  "<",  ">",  "=",  "~",  "(",  ")",  ",",
};
constexpr std::string_view kSingles = "[].:;";

bool is_word_start(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_' || (c & 0x80) != 0; }
bool is_word(char c) { return is_word_start(c) || is_digit(c) || c == '$'; }
bool is_octal(char c) { return c >= '0' && c <= '7'; }
int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  const char letter = to_lower(c);
  return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

class Tokenizer {
 public:
  explicit Tokenizer(std::string_view sql) : sql_(sql) {}

  Result<std::vector<Token>> run() {
    std::vector<Token> tokens;
    while (true) {
      ARROW_RETURN_NOT_OK(skip_blanks());
      ARROW_ASSIGN_OR_RAISE(Token token, next());
      tokens.push_back(std::move(token));
      if (tokens.back().kind == Token::Kind::kEnd) return tokens;
    }
  }

 private:
  char at(size_t index) const { return index < sql_.size() ? sql_[index] : '\0'; }
  bool starts_with(std::string_view text) const { return sql_.substr(cursor_).starts_with(text); }

  Status skip_blanks() {
    while (cursor_ < sql_.size()) {
      if (std::isspace(static_cast<unsigned char>(sql_[cursor_])) != 0) {
        ++cursor_;
      } else if (starts_with("--")) {
        cursor_ = std::min(sql_.find('\n', cursor_), sql_.size());
      } else if (starts_with("/*")) {
        ARROW_RETURN_NOT_OK(skip_block_comment());
      } else {
        break;
      }
    }
    return Status::OK();
  }

  Status skip_block_comment() {
    const size_t start = cursor_;
    size_t depth = 0;
    do {
      if (cursor_ >= sql_.size()) return sql_error(sql_, start, "this comment has no closing */");
      if (starts_with("/*")) {
        ++depth;
        cursor_ += 2;
      } else if (starts_with("*/")) {
        --depth;
        cursor_ += 2;
      } else {
        ++cursor_;
      }
    } while (depth > 0);
    return Status::OK();
  }

  Result<Token> next() {
    const size_t start = cursor_;
    if (cursor_ >= sql_.size()) return Token{Token::Kind::kEnd, start, ""};
    const char c = sql_[cursor_];
    if (c == '\'') return quoted('\'', Token::Kind::kText, "this text has no closing '");
    if (c == '"') return quoted('"', Token::Kind::kQuotedName, "this name has no closing \"");
    if ((c == 'e' || c == 'E') && at(cursor_ + 1) == '\'') return escaped_text();
    if (starts_with("$$")) return dollar_text();
    if (is_digit(c) || (c == '.' && is_digit(at(cursor_ + 1)))) return number();
    if (is_word_start(c)) {
      while (cursor_ < sql_.size() && is_word(sql_[cursor_])) ++cursor_;
      return Token{Token::Kind::kWord, start, std::string(sql_.substr(start, cursor_ - start))};
    }
    return symbol();
  }

  Result<Token> quoted(char quote, Token::Kind kind, std::string_view unclosed) {
    Token token{kind, cursor_++, ""};
    while (cursor_ < sql_.size()) {
      const char c = sql_[cursor_++];
      if (c == quote) {
        if (at(cursor_) != quote) return check_name(std::move(token));
        ++cursor_;
      }
      token.text += c;
    }
    return sql_error(sql_, token.position, unclosed);
  }

  Result<Token> check_name(Token token) const {
    if (token.kind == Token::Kind::kQuotedName && token.text.empty()) {
      return sql_error(sql_, token.position, "expected a column name between the quotes");
    }
    return token;
  }

  Result<Token> escaped_text() {
    Token token{Token::Kind::kText, cursor_, ""};
    cursor_ += 2;
    while (cursor_ < sql_.size()) {
      const char c = sql_[cursor_++];
      if (c == '\'') {
        if (at(cursor_) != '\'') return token;
        ++cursor_;
        token.text += c;
      } else if (c == '\\' && cursor_ < sql_.size()) {
        token.text += escape();
      } else {
        token.text += c;
      }
    }
    return sql_error(sql_, token.position, "this text has no closing '");
  }

  char escape() {
    const char c = sql_[cursor_++];
    if (c == 'x' && hex_digit(at(cursor_)) >= 0) {
      int code = hex_digit(sql_[cursor_++]);
      if (hex_digit(at(cursor_)) >= 0) code = code * 16 + hex_digit(sql_[cursor_++]);
      return static_cast<char>(code);
    }
    if (is_octal(c)) {
      int code = c - '0';
      for (int digits = 1; digits < 3 && is_octal(at(cursor_)); ++digits) code = code * 8 + (sql_[cursor_++] - '0');
      return static_cast<char>(code);
    }
    switch (c) {
      case 'b':
        return '\b';
      case 'f':
        return '\f';
      case 'n':
        return '\n';
      case 'r':
        return '\r';
      case 't':
        return '\t';
      default:
        return c;
    }
  }

  Result<Token> dollar_text() {
    const size_t start = cursor_;
    const size_t end = sql_.find("$$", start + 2);
    if (end == std::string_view::npos) return sql_error(sql_, start, "this text has no closing $$");
    cursor_ = end + 2;
    return Token{Token::Kind::kText, start, std::string(sql_.substr(start + 2, end - start - 2))};
  }

  void digits(std::string& text) {
    while (is_digit(at(cursor_)) || (at(cursor_) == '_' && is_digit(at(cursor_ + 1)))) {
      if (sql_[cursor_] != '_') text += sql_[cursor_];
      ++cursor_;
    }
  }

  Result<Token> number() {
    Token token{Token::Kind::kNumber, cursor_, ""};
    digits(token.text);
    if (at(cursor_) == '.') {
      token.text += sql_[cursor_++];
      digits(token.text);
    }
    const char e = at(cursor_);
    const size_t exponent = cursor_ + (at(cursor_ + 1) == '-' || at(cursor_ + 1) == '+' ? 2 : 1);
    if ((e == 'e' || e == 'E') && is_digit(at(exponent))) {
      token.text += 'e';
      if (exponent == cursor_ + 2) token.text += sql_[cursor_ + 1];
      cursor_ = exponent;
      digits(token.text);
    }
    if (is_word(at(cursor_))) return sql_error(sql_, cursor_, "expected an operator after the number");
    return token;
  }

  Result<Token> symbol() {
    const size_t start = cursor_;
    for (const std::string_view symbol : kSymbols) {
      if (starts_with(symbol)) {
        cursor_ += symbol.size();
        return Token{Token::Kind::kSymbol, start, std::string(symbol)};
      }
    }
    if (kSingles.find(sql_[start]) != std::string_view::npos) {
      ++cursor_;
      return Token{Token::Kind::kSymbol, start, std::string(1, sql_[start])};
    }
    return sql_error(sql_, start, "this character has no meaning in a SQL expression");
  }

  std::string_view sql_;
  size_t cursor_ = 0;
};

}  // namespace

Result<std::vector<Token>> tokenize(std::string_view sql) { return Tokenizer(sql).run(); }

}  // namespace linkwright
