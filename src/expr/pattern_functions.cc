#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <memory>

#include "expr/function_library.h"
#include "expr/text_case.h"
#include "expr/utf8.h"

namespace linkwright {
namespace {

// --- LIKE

// '%' stands for any text, '_' for one code point; after '%' it is enough to return to the last one on a mismatch.
bool matches_like(std::string_view text, std::string_view pattern, char escape, bool has_escape) {
  size_t t = 0;
  size_t p = 0;
  size_t after_percent = std::string_view::npos;
  size_t retry = 0;
  while (t < text.size()) {
    const bool is_escaped = has_escape && p + 1 < pattern.size() && pattern[p] == escape;
    if (p < pattern.size() && pattern[p] == '%' && !is_escaped) {
      after_percent = ++p;
      retry = t;
    } else if (p < pattern.size() && pattern[p] == '_' && !is_escaped) {
      ++p;
      t += code_point_size(text[t]);
    } else if (p < pattern.size() && pattern[p + (is_escaped ? 1 : 0)] == text[t]) {
      p += is_escaped ? 2 : 1;
      ++t;
    } else if (after_percent != std::string_view::npos) {
      p = after_percent;
      retry += code_point_size(text[retry]);
      t = retry;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '%' && !(has_escape && escape == '%')) ++p;
  return p >= pattern.size() && t <= text.size();
}

Binder like(bool ignores_case) {
  return [ignores_case](const BindContext& context) -> Result<BoundCall> {
    for (const Operand& operand : context.operands) {
      if (operand.type.is_list())
        return Status::Invalid(signature(context.function, context.operands), " does not exist");
    }
    const auto match = [ignores_case](Values values, Frame& frame) {
      std::string_view text = values[0].text();
      std::string_view pattern = values[1].text();
      if (ignores_case) {
        text = lower_text(text, frame.arena());
        pattern = lower_text(pattern, frame.arena());
      }
      const std::string_view escape = values.size() > 2 ? values[2].text() : std::string_view();
      if (escape.size() > 1) return frame.fail("ESCAPE wants one character");
      return Value::of_boolean(matches_like(text, pattern, escape.empty() ? '\0' : escape[0], !escape.empty()));
    };
    return BoundCall{std::vector<SqlType>(context.operands.size(), kVarchar), kBoolean, match};
  };
}

// --- regular expressions

struct PatternOptions {
  RE2::Options re2;
  bool is_global = false;
};

Result<PatternOptions> read_options(std::string_view letters, bool allows_global) {
  PatternOptions options;
  options.re2.set_log_errors(false);
  for (const char letter : letters) {
    switch (letter) {
      case 'c':
        options.re2.set_case_sensitive(true);
        break;
      case 'i':
        options.re2.set_case_sensitive(false);
        break;
      case 'l':
        options.re2.set_literal(true);
        break;
      case 'm':
      case 'n':
      case 'p':
        options.re2.set_dot_nl(false);
        break;
      case 's':
        options.re2.set_dot_nl(true);
        break;
      case ' ':
      case '\t':
      case '\n':
        break;
      case 'g':
        if (allows_global) {
          options.is_global = true;
          break;
        }
        return Status::Invalid("the regular expression option 'g' is for regexp_replace only");
      default:
        return Status::Invalid("unknown regular expression option '", std::string(1, letter),
                               "'; known: c g i l m n p s");
    }
  }
  return options;
}

// A pattern that is compiled once when it is constant, and at each evaluation otherwise.
class Pattern {
 public:
  static Result<Pattern> make(const Operand& operand, const RE2::Options& options) {
    Pattern pattern(options);
    if (operand.constant && operand.constant->kind == ValueKind::kText) {
      pattern.compiled_ = std::make_shared<const RE2>(as_piece(operand.constant->text()), options);
      if (!pattern.compiled_->ok()) return Status::Invalid(pattern.message(*pattern.compiled_));
    }
    return pattern;
  }

  /// The expression for this evaluation; null after an error, which the frame has.
  std::shared_ptr<const RE2> get(const Value& text, Frame& frame) const {
    if (compiled_) return compiled_;
    auto compiled = std::make_shared<const RE2>(as_piece(text.text()), options_);
    if (compiled->ok()) return compiled;
    frame.fail(message(*compiled));
    return nullptr;
  }

  static re2::StringPiece as_piece(std::string_view text) { return {text.data(), text.size()}; }

 private:
  explicit Pattern(const RE2::Options& options) : options_(options) {}

  static std::string message(const RE2& expression) {
    return "invalid regular expression '" + expression.pattern() + "': " + expression.error();
  }

  RE2::Options options_;
  std::shared_ptr<const RE2> compiled_;
};

std::string_view as_view(const re2::StringPiece& piece) { return {piece.data(), piece.size()}; }

// The options are the operand at `index`, when there are so many; they have to be constant.
Result<PatternOptions> options_operand(const BindContext& context, size_t index, bool allows_global = false) {
  if (index >= context.operands.size()) return read_options("", allows_global);
  const std::optional<Value>& constant = context.operands[index].constant;
  if (!constant || constant->kind != ValueKind::kText) {
    return Status::Invalid("the options of ", context.function, " have to be a constant text such as 'i'");
  }
  return read_options(constant->text(), allows_global);
}

struct BoundPattern {
  Pattern pattern;
  bool is_global = false;
};

// The pattern is the second operand of every function, its options the one at `options_index`.
Result<BoundPattern> bind_pattern(const BindContext& context, size_t options_index, bool allows_global = false) {
  ARROW_ASSIGN_OR_RAISE(const PatternOptions options, options_operand(context, options_index, allows_global));
  ARROW_ASSIGN_OR_RAISE(Pattern pattern, Pattern::make(context.operands[1], options.re2));
  return BoundPattern{std::move(pattern), options.is_global};
}

// The types of all operands: texts, but for the group number at `group_index`.
Result<std::vector<SqlType>> pattern_parameters(const BindContext& context, size_t group_index) {
  std::vector<SqlType> types(context.operands.size(), kVarchar);
  if (group_index < types.size()) {
    if (context.operands[group_index].type.is_list()) {
      return Status::NotImplemented("regexp_extract with a list of names makes a STRUCT, which is not supported");
    }
    types[group_index] = kBigint;
  }
  return types;
}

Binder matches(bool whole_text) {
  return [whole_text](const BindContext& context) -> Result<BoundCall> {
    ARROW_ASSIGN_OR_RAISE(const BoundPattern bound, bind_pattern(context, 2));
    auto match = [pattern = bound.pattern, whole_text](Values values, Frame& frame) {
      const auto expression = pattern.get(values[1], frame);
      if (!expression) return Value::null();
      const re2::StringPiece text = Pattern::as_piece(values[0].text());
      const RE2::Anchor anchor = whole_text ? RE2::ANCHOR_BOTH : RE2::UNANCHORED;
      return Value::of_boolean(expression->Match(text, 0, text.size(), anchor, nullptr, 0));
    };
    return BoundCall{std::vector<SqlType>(context.operands.size(), kVarchar), kBoolean, std::move(match)};
  };
}

constexpr int64_t kMostGroups = 9;
using Groups = std::array<re2::StringPiece, kMostGroups + 1>;

// Both ways to extract have a text, a pattern, the number of a group, and options. `extract` is called with the text,
// the pattern as it is compiled, and the number, which is in range.
template <typename Extract>
Result<BoundCall> bind_extraction(const BindContext& context, SqlType type, const Extract& extract) {
  ARROW_ASSIGN_OR_RAISE(const BoundPattern bound, bind_pattern(context, 3));
  ARROW_ASSIGN_OR_RAISE(std::vector<SqlType> parameters, pattern_parameters(context, 2));
  auto evaluate = [pattern = bound.pattern, extract](Values values, Frame& frame) {
    const auto expression = pattern.get(values[1], frame);
    if (!expression) return Value::null();
    const int64_t group = values.size() > 2 ? values[2].integer : 0;
    if (group < 0 || group > kMostGroups) return frame.fail("the group of a regular expression has to be from 0 to 9");
    return extract(values[0].text(), *expression, static_cast<int>(group), frame);
  };
  return BoundCall{std::move(parameters), type, std::move(evaluate)};
}

Result<BoundCall> bind_extract(const BindContext& context) {
  return bind_extraction(context, kVarchar, [](std::string_view text, const RE2& expression, int group, Frame&) {
    Groups groups;
    const bool found =
        group <= expression.NumberOfCapturingGroups() &&
        expression.Match(Pattern::as_piece(text), 0, text.size(), RE2::UNANCHORED, groups.data(), group + 1);
    return Value::of_text(found ? as_view(groups[static_cast<size_t>(group)]) : std::string_view());
  });
}

// Calls `visit(groups)` for each match from left to right.
template <typename Visit>
void for_each_match(const RE2& expression, std::string_view text, int groups_wanted, const Visit& visit) {
  const re2::StringPiece piece = Pattern::as_piece(text);
  Groups groups;
  size_t start = 0;
  while (start <= text.size() &&
         expression.Match(piece, start, text.size(), RE2::UNANCHORED, groups.data(), groups_wanted)) {
    visit(groups);
    const auto end = static_cast<size_t>(groups[0].data() + groups[0].size() - text.data());
    if (!groups[0].empty()) {
      start = end;
    } else if (end >= text.size()) {
      break;
    } else {
      start = end + code_point_size(text[end]);
    }
  }
}

Value list_of(const std::vector<Value>& items, Frame& frame) {
  const std::span<Value> kept = frame.arena().allocate_values(items.size());
  std::copy(items.begin(), items.end(), kept.begin());
  return Value::of_list(kept);
}

Result<BoundCall> bind_extract_all(const BindContext& context) {
  return bind_extraction(context, SqlType::list_of(kVarchar),
                         [](std::string_view text, const RE2& expression, int group, Frame& frame) {
                           if (group > expression.NumberOfCapturingGroups()) {
                             return frame.fail("the regular expression has no group " + std::to_string(group));
                           }
                           std::vector<Value> found;
                           for_each_match(expression, text, group + 1, [&](const Groups& groups) {
                             found.push_back(Value::of_text(as_view(groups[static_cast<size_t>(group)])));
                           });
                           return list_of(found, frame);
                         });
}

Result<BoundCall> bind_split(const BindContext& context) {
  ARROW_ASSIGN_OR_RAISE(const BoundPattern bound, bind_pattern(context, 2));
  auto split = [pattern = bound.pattern](Values values, Frame& frame) {
    const auto expression = pattern.get(values[1], frame);
    if (!expression) return Value::null();
    const std::string_view text = values[0].text();
    std::vector<Value> parts;
    size_t start = 0;
    for_each_match(*expression, text, 1, [&](const Groups& groups) {
      auto found = static_cast<size_t>(groups[0].data() - text.data());
      if (groups[0].empty()) found += found < text.size() ? code_point_size(text[found]) : 0;  // cuts after a character
      if (groups[0].empty() && found >= text.size()) return;
      parts.push_back(Value::of_text(text.substr(start, found - start)));
      start = found + groups[0].size();
    });
    parts.push_back(Value::of_text(text.substr(start)));
    return list_of(parts, frame);
  };
  return BoundCall{std::vector<SqlType>(context.operands.size(), kVarchar), SqlType::list_of(kVarchar),
                   std::move(split)};
}

Result<BoundCall> bind_replace(const BindContext& context) {
  ARROW_ASSIGN_OR_RAISE(const BoundPattern bound, bind_pattern(context, 3, /*allows_global=*/true));
  auto replace = [pattern = bound.pattern, is_global = bound.is_global](Values values, Frame& frame) {
    const auto expression = pattern.get(values[1], frame);
    if (!expression) return Value::null();
    const re2::StringPiece rewrite = Pattern::as_piece(values[2].text());
    std::string problem;
    if (!expression->CheckRewriteString(rewrite, &problem)) {
      return frame.fail("invalid replacement '" + std::string(values[2].text()) + "': " + problem);
    }
    std::string text(values[0].text());
    if (is_global) {
      RE2::GlobalReplace(&text, *expression, rewrite);
    } else {
      RE2::Replace(&text, *expression, rewrite);
    }
    return frame.text(text);
  };
  return BoundCall{std::vector<SqlType>(context.operands.size(), kVarchar), kVarchar, std::move(replace)};
}

}  // namespace

void add_pattern_functions(FunctionLibrary& library) {
  library.add("like", like(false));
  library.add("ilike", like(true));
  library.add("regexp_matches", matches(false));
  library.add("regexp_full_match", matches(true));
  library.add("regexp_extract", Binder(bind_extract));
  library.add("regexp_extract_all", Binder(bind_extract_all));
  library.add("regexp_split_to_array", Binder(bind_split));
  library.add("regexp_replace", Binder(bind_replace));
}

}  // namespace linkwright
