#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "token/text_dialect.h"

namespace re2 {
class RE2;
}

namespace linkwright {

/// What a rule does to an attribute's normal form, left to right: "T|S(0,3)|U".
///
/// T trims, U upper-cases, S(start,end) cuts, R('a','b') replaces, M(regex) keeps what matches, D re-emits a date. The
/// languages disagree on details (docs/tokens.md, "Expressions"): Java counts UTF-16 units and fails beyond the end,
/// Python counts characters and does not. Immutable after `parse`; may be shared by threads.
class TokenExpression {
 public:
  /// The error names the step that the reference of this dialect would refuse for every text.
  static Result<TokenExpression> parse(TextDialect dialect, std::string_view text);

  /// Buffers for `apply`. Its result stays good until the next call with the same ones, or until the value goes.
  struct Scratch {
    std::string texts[2];  // written in turns: one holds the text in hand, the other takes the next
    std::u32string wide;
  };

  /// The effective value: "" for blank text, nothing where the reference fails (S beyond the end in Java, D on what is
  /// no date), which leaves the token of the rule blank.
  std::optional<std::string_view> apply(std::string_view value, Scratch* scratch) const;

 private:
  enum class Operation { kTrim, kUpper, kSubstring, kReplace, kMatch, kDigits, kDate };
  struct Step {
    Operation operation;
    int64_t start = 0;
    int64_t end = 0;
    std::string from;
    std::string to;
    std::shared_ptr<const re2::RE2> pattern;
  };
  struct WrittenStep;

  explicit TokenExpression(TextDialect dialect) : dialect_(dialect) {}
  Result<Step> parse_step(std::string_view text) const;
  Result<Step> parse_arguments(const WrittenStep& written) const;
  Result<Step> parse_match(const WrittenStep& written) const;
  bool substring(const Step& step, std::string_view* text, std::u32string* wide, std::string* out) const;

  TextDialect dialect_;
  std::vector<Step> steps_;
};

/// True for text that only has blanks as the dialect sees them, and for none. Nearly all text begins with a character
/// that settles it.
bool is_blank_beyond_ascii(TextDialect dialect, std::string_view text);
inline bool is_blank_text(TextDialect dialect, std::string_view text) {
  if (text.empty()) return true;
  const char32_t first = code_of(text.front());
  return (first <= 0x20 || first >= 0x80) && is_blank_beyond_ascii(dialect, text);
}

}  // namespace linkwright
