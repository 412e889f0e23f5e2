#include "token/expression.h"

#include <re2/re2.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "token/calendar_date.h"
#include "token/unicode_text.h"

namespace linkwright {
namespace {

// Longer numbers mean "beyond any text" alike.
constexpr int64_t kFarAway = 1'000'000'000'000;

std::string_view trim_utf8(TextDialect dialect, std::string_view text) {
  if (dialect == TextDialect::kJava || is_ascii(text)) return trim(dialect, text);
  std::u32string wide;
  decode_utf8(text, &wide);
  const std::u32string_view kept = trim(dialect, std::u32string_view(wide));
  std::string before;
  append_utf8(std::u32string_view(wide).substr(0, static_cast<size_t>(kept.data() - wide.data())), &before);
  std::string inside;
  append_utf8(kept, &inside);
  return text.substr(before.size(), inside.size());
}

/// Java's split(separator): pieces, without the empty ones at the end. Python keeps those.
std::vector<std::string_view> split(TextDialect dialect, std::string_view text, char separator) {
  std::vector<std::string_view> pieces;
  size_t start = 0;
  for (size_t at; (at = text.find(separator, start)) != std::string_view::npos; start = at + 1) {
    pieces.push_back(text.substr(start, at - start));
  }
  pieces.push_back(text.substr(start));
  if (dialect == TextDialect::kJava && pieces.size() > 1) {
    while (!pieces.empty() && pieces.back().empty()) pieces.pop_back();
  }
  return pieces;
}

/// Java Integer.parseInt (no space around, 32 bits) or Python int (space around, "1_000", any size).
std::optional<int64_t> parse_index(TextDialect dialect, std::string_view text) {
  std::u32string wide;
  decode_utf8(text, &wide);
  std::u32string_view rest = wide;
  const bool python = dialect == TextDialect::kPython;
  if (python) rest = trim(dialect, rest);
  const bool negative = !rest.empty() && rest.front() == '-';
  if (!rest.empty() && (rest.front() == '-' || rest.front() == '+')) rest.remove_prefix(1);
  if (rest.empty()) return std::nullopt;
  int64_t value = 0;
  bool after_digit = false;
  for (char32_t c : rest) {
    if (python && c == '_' && after_digit) {
      after_digit = false;
      continue;
    }
    const int digit = unicode_digit_value(c);
    if (digit < 0) return std::nullopt;
    value = std::min(value * 10 + digit, kFarAway);
    after_digit = true;
  }
  if (!after_digit) return std::nullopt;
  if (!python && value > int64_t{INT32_MAX} + (negative ? 1 : 0)) return std::nullopt;
  return negative ? -value : value;
}

constexpr std::string_view kJavaSpace = R"( \t\n\x0b\f\r)";
constexpr std::string_view kPythonSpace =
    R"(\t-\r\x1c-\x20\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000})";

/// A pattern of the language in RE2's spelling: what \d, \s, \w and the dot mean differs.
std::string translate_pattern(TextDialect dialect, std::string_view pattern) {
  const bool python = dialect == TextDialect::kPython;
  std::string out;
  bool in_class = false;
  auto character_class = [&](std::string_view members, bool negated) {
    if (in_class && !negated) return std::string(members);
    return std::string(negated ? "[^" : "[") + std::string(members) + "]";
  };
  for (size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (c == '\\' && i + 1 < pattern.size()) {
      const char escaped = pattern[++i];
      if (escaped == 's' || escaped == 'S') {
        out += character_class(python ? kPythonSpace : kJavaSpace, escaped == 'S');
      } else if (python && (escaped == 'd' || escaped == 'D')) {
        out += escaped == 'd' ? "\\p{Nd}" : "\\P{Nd}";
      } else if (python && (escaped == 'w' || escaped == 'W')) {
        out += character_class("\\p{L}\\p{N}_", escaped == 'W');
      } else {
        out.push_back('\\');
        out.push_back(escaped);
      }
      continue;
    }
    if (!python && c == '.' && !in_class) {
      out += R"([^\n\r\x{85}\x{2028}\x{2029}])";
      continue;
    }
    if (c == '[') in_class = true;
    if (c == ']') in_class = false;
    out.push_back(c);
  }
  return out;
}

/// All matches one after the other, as Java's find and Python's findall give them.
void append_matches(const re2::RE2& pattern, std::string_view text, std::string* out) {
  const re2::StringPiece input(text.data(), text.size());
  re2::StringPiece match;
  for (size_t at = 0; at <= text.size() && pattern.Match(input, at, text.size(), re2::RE2::UNANCHORED, &match, 1);) {
    out->append(match.data(), match.size());
    const auto begin = static_cast<size_t>(match.data() - text.data());
    at = begin + match.size();
    if (!match.empty()) continue;
    ++at;  // an empty match: go on behind the next character
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80) ++at;
  }
}

void append_digits(TextDialect dialect, std::string_view text, std::string* out) {
  if (dialect == TextDialect::kJava || is_ascii(text)) {
    for (char c : text) {
      if (c >= '0' && c <= '9') out->push_back(c);
    }
    return;
  }
  std::u32string wide;
  decode_utf8(text, &wide);
  for (char32_t c : wide) {
    if (digit_value(dialect, c) >= 0) append_utf8(c, out);
  }
}

/// Text as Java counts it: characters beyond U+FFFF are two units.
std::u32string utf16_units(std::u32string_view text) {
  std::u32string units;
  for (char32_t c : text) {
    if (c > 0xffff) units.push_back(0xd800 + ((c - 0x10000) >> 10));
    units.push_back(c > 0xffff ? 0xdc00 + ((c - 0x10000) & 0x3ff) : c);
  }
  return units;
}

/// Units back to UTF-8. One half of a pair, without the other, is written as "?", as Java encodes it.
void append_units(std::u32string_view units, std::string* out) {
  for (size_t i = 0; i < units.size(); ++i) {
    const bool pair =
        i + 1 < units.size() && (units[i] & 0xfffffc00) == 0xd800 && (units[i + 1] & 0xfffffc00) == 0xdc00;
    append_utf8(pair ? 0x10000 + ((units[i] & 0x3ff) << 10) + (units[i + 1] & 0x3ff) : units[i], out);
    if (pair) ++i;
  }
}

/// Every `from` becomes `to`; an empty `from` stands before every character and at the end.
void append_replaced(TextDialect dialect, std::string_view text, std::string_view from, std::string_view to,
                     std::string* out) {
  if (!from.empty()) {
    size_t start = 0;
    for (size_t at; (at = text.find(from, start)) != std::string_view::npos; start = at + from.size()) {
      out->append(text.substr(start, at - start));
      out->append(to);
    }
    out->append(text.substr(start));
    return;
  }
  std::u32string wide;
  decode_utf8(text, &wide);
  out->append(to);
  for (char32_t c : wide) {
    if (dialect == TextDialect::kJava && c > 0xffff) {  // two UTF-16 units, torn apart
      out->append("?").append(to).append("?");
    } else {
      append_utf8(c, out);
    }
    out->append(to);
  }
}

}  // namespace

/// One step as it is written: NAME or NAME(ARGUMENTS).
struct TokenExpression::WrittenStep {
  std::string_view text;
  char operation;
  bool has_arguments;
  std::vector<std::string_view> arguments;

  Status refused(std::string_view why) const { return Status::Invalid("expression step '", text, "': ", why); }
};

bool is_blank_beyond_ascii(TextDialect dialect, std::string_view text) {
  std::u32string wide;
  decode_utf8(text, &wide);
  return all_blank(dialect, std::u32string_view(wide));
}

Result<TokenExpression> TokenExpression::parse(TextDialect dialect, std::string_view text) {
  TokenExpression expression(dialect);
  if (is_blank_text(dialect, text)) return expression;
  for (std::string_view step : split(dialect, text, '|')) {
    ARROW_ASSIGN_OR_RAISE(Step parsed, expression.parse_step(step));
    expression.steps_.push_back(std::move(parsed));
  }
  return expression;
}

/// \s*(?<expr>[^ (]+)(?:\((?<args>[^)]+)\))? - the whole step in Java, its start in Python.
Result<TokenExpression::Step> TokenExpression::parse_step(std::string_view text) const {
  const bool python = dialect_ == TextDialect::kPython;
  WrittenStep written{text, 0, false, {}};
  std::u32string wide;
  decode_utf8(text, &wide);
  std::u32string_view rest = wide;
  while (!rest.empty() && is_space(dialect_, rest.front())) rest.remove_prefix(1);
  const size_t name_length = std::min(rest.find_first_of(U" ("), rest.size());
  std::string name;
  append_utf8(rest.substr(0, name_length), &name);
  rest.remove_prefix(name_length);
  if (name.empty()) return written.refused("it is empty; write T, U, D, S(start,end), R('old','new') or M(regex)");

  std::string arguments;
  if (!rest.empty() && rest.front() == '(') {
    const size_t close = rest.find(U')');
    if (close != std::u32string_view::npos && close > 1) {
      written.has_arguments = true;
      append_utf8(rest.substr(1, close - 1), &arguments);
      rest.remove_prefix(close + 1);
    }
  }
  if (!python && !rest.empty()) {
    return written.refused("nothing may follow the operation; write T, U, D, S(start,end), R('old','new') or M(regex)");
  }
  const std::string_view trimmed = trim_utf8(dialect_, arguments);
  if (written.has_arguments) written.arguments = split(dialect_, trimmed, ',');

  // Java goes by the first letter of the name, Python wants the letter alone; both ignore its case.
  std::string upper;
  uppercase(name, &upper);
  if (python && upper.size() != 1) upper = "?";
  written.operation = upper.front();
  return parse_arguments(written);
}

Result<TokenExpression::Step> TokenExpression::parse_arguments(const WrittenStep& written) const {
  const std::vector<std::string_view>& arguments = written.arguments;
  switch (written.operation) {
    case 'T':
      return Step{.operation = Operation::kTrim};
    case 'U':
      return Step{.operation = Operation::kUpper};
    case 'D':
      return Step{.operation = Operation::kDate};
    case 'S': {
      if (arguments.size() != 2) return written.refused("S takes two numbers: S(0,3)");
      const auto start = parse_index(dialect_, arguments[0]);
      const auto end = parse_index(dialect_, arguments[1]);
      if (!start || !end) return written.refused("S takes two whole numbers, with no space in Java profiles: S(0,3)");
      return Step{.operation = Operation::kSubstring, .start = std::max<int64_t>(0, *start), .end = *end};
    }
    case 'R': {
      if (arguments.size() != 2) return written.refused("R takes two quoted texts: R('a','b')");
      if (arguments[0].size() < 2 || arguments[1].size() < 2) return written.refused("quote both texts: R('a','b')");
      return Step{.operation = Operation::kReplace,
                  .from = std::string(arguments[0].substr(1, arguments[0].size() - 2)),
                  .to = std::string(arguments[1].substr(1, arguments[1].size() - 2))};
    }
    case 'M':
      return parse_match(written);
    default:
      return written.refused("there is no such operation; use T, U, D, S(start,end), R('old','new') or M(regex)");
  }
}

Result<TokenExpression::Step> TokenExpression::parse_match(const WrittenStep& written) const {
  if (written.arguments.size() != 1) return written.refused("M takes one regular expression without a comma: M(\\d+)");
  const std::string_view pattern = written.arguments[0];
  if (pattern == "\\d+" || pattern == "\\d") return Step{.operation = Operation::kDigits};
  re2::RE2::Options options;
  options.set_log_errors(false);
  auto compiled = std::make_shared<re2::RE2>(translate_pattern(dialect_, pattern), options);
  if (!compiled->ok()) return written.refused("not a regular expression: " + compiled->error());
  Step step{.operation = Operation::kMatch};
  step.pattern = std::move(compiled);
  return step;
}

namespace {

/// The part [start, end) of a text of `length`, as the dialect clamps it; false where Java fails.
bool clamp_range(TextDialect dialect, int64_t length, int64_t* start, int64_t* end) {
  *end = std::min(length, *end);
  if (dialect == TextDialect::kJava) return *end >= 0 && *start <= *end;
  if (*end < 0) *end = std::max<int64_t>(0, length + *end);  // Python counts from the end
  *start = std::min(*start, length);
  *end = std::max(*start, *end);
  return true;
}

/// Upper case of eight ASCII characters: adding moves the high bit to those from 'a' on and to those beyond 'z'.
uint64_t upper_of_8(uint64_t chars) {
  constexpr uint64_t kEach = 0x0101010101010101ULL;
  const uint64_t from_a = chars + kEach * (0x80 - 'a');
  const uint64_t beyond_z = chars + kEach * (0x7f - 'z');
  return chars - ((from_a & ~beyond_z & kEach * 0x80) >> 2);
}

void uppercase_ascii(std::string_view text, std::string* out) {
  constexpr size_t kWord = sizeof(uint64_t);
  out->resize(text.size());
  size_t at = 0;
  uint64_t word = 0;
  for (; at + kWord <= text.size(); at += kWord) {
    std::memcpy(&word, text.data() + at, kWord);
    word = upper_of_8(word);
    std::memcpy(out->data() + at, &word, kWord);
  }
  for (; at < text.size(); ++at) (*out)[at] = ascii_upper(text[at]);
}

}  // namespace

/// S on text beyond ASCII. `out` gets the part, and `text` points to it.
bool TokenExpression::substring(const Step& step, std::string_view* text, std::u32string* wide,
                                std::string* out) const {
  decode_utf8(*text, wide);
  if (dialect_ == TextDialect::kJava) *wide = utf16_units(*wide);
  int64_t start = step.start;
  int64_t end = step.end;
  if (!clamp_range(dialect_, static_cast<int64_t>(wide->size()), &start, &end)) return false;
  out->clear();
  append_units(std::u32string_view(*wide).substr(static_cast<size_t>(start), static_cast<size_t>(end - start)), out);
  *text = *out;
  return true;
}

std::optional<std::string_view> TokenExpression::apply(std::string_view value, Scratch* scratch) const {
  if (is_blank_text(dialect_, value)) return "";
  std::string_view text = value;  // of the caller, until a step changes it
  bool ascii = is_ascii(text);
  size_t turn = 0;
  for (const Step& step : steps_) {
    if (step.operation == Operation::kTrim) {
      text = ascii ? trim(dialect_, text) : trim_utf8(dialect_, text);
      continue;
    }
    if (step.operation == Operation::kSubstring && ascii) {
      int64_t start = step.start;
      int64_t end = step.end;
      if (!clamp_range(dialect_, static_cast<int64_t>(text.size()), &start, &end)) return std::nullopt;
      text = text.substr(static_cast<size_t>(start), static_cast<size_t>(end - start));
      continue;
    }
    std::string* const out = &scratch->texts[turn];
    turn = 1 - turn;
    switch (step.operation) {
      case Operation::kTrim:
        break;
      case Operation::kSubstring:
        if (!substring(step, &text, &scratch->wide, out)) return std::nullopt;
        break;
      case Operation::kDate:
        if (!reformat_date(dialect_, text, out)) return std::nullopt;
        break;
      case Operation::kUpper:
        ascii ? uppercase_ascii(text, out) : uppercase(text, out);
        break;
      case Operation::kReplace:
        out->clear();
        append_replaced(dialect_, text, step.from, step.to, out);
        break;
      case Operation::kMatch:
        out->clear();
        append_matches(*step.pattern, text, out);
        break;
      case Operation::kDigits:
        out->clear();
        append_digits(dialect_, text, out);
        break;
    }
    text = *out;
    // ASCII stays ASCII, unless something is put in.
    if (!ascii || step.operation == Operation::kReplace) ascii = is_ascii(text);
  }
  return text;
}

}  // namespace linkwright
