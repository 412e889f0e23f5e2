#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "expr/tokenizer.h"

namespace linkwright {

/// Where a reader of an expression's tokens is among them. The last token is the end of the expression, which looking
/// ahead does not pass. Base of readers; not thread-safe.
class TokenCursor {
 protected:
  explicit TokenCursor(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  const Token& peek(size_t ahead = 0) const { return tokens_[std::min(cursor_ + ahead, tokens_.size() - 1)]; }
  const Token& take() { return tokens_[cursor_ + 1 < tokens_.size() ? cursor_++ : cursor_]; }

  /// `word` is in lower case.
  bool at_word(std::string_view word, size_t ahead = 0) const {
    const Token& token = peek(ahead);
    return token.kind == Token::Kind::kWord && token.text.size() == word.size() && to_lower(token.text) == word;
  }
  bool take_word(std::string_view word) {
    const bool found = at_word(word);
    if (found) ++cursor_;
    return found;
  }
  bool take_symbol(std::string_view symbol) {
    const bool found = peek().is_symbol(symbol);
    if (found) ++cursor_;
    return found;
  }

  std::vector<Token> tokens_;
  size_t cursor_ = 0;
};

}  // namespace linkwright
