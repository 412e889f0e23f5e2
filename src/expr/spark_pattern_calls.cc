#include <optional>

#include "expr/java_pattern.h"
#include "expr/spark_printer.h"

namespace linkwright {
namespace {

// The pattern with the option letters of DuckDB as Java's inline flags.
Result<std::string> pattern_with_options(const Expression& pattern, const Expression* options) {
  const std::optional<std::string_view> constant = constant_text(pattern);
  ARROW_ASSIGN_OR_RAISE(const std::string text,
                        constant ? Result<std::string>(spark_text(java_pattern(*constant))) : print_spark(pattern));
  if (options == nullptr) return text;
  const std::optional<std::string_view> letters = constant_text(*options);
  if (!letters) return no_spark_equal("a regular expression with options that are no constant");
  std::string flags;
  for (const char letter : *letters) {
    if (letter == 'i' || letter == 's') {
      flags += letter == 'i' ? "iu" : "s";
    } else if (letter != 'c' && letter != 'g') {
      return no_spark_equal("the regular expression option '" + std::string(1, letter) + "'");
    }
  }
  return flags.empty() ? text : "concat('(?" + flags + ")', " + text + ")";
}

// \1 is $1 in Java, where $ and \ themselves need a backslash.
Result<std::string> replacement(const Expression& expression) {
  const std::optional<std::string_view> constant = constant_text(expression);
  if (!constant) return no_spark_equal("regexp_replace with a replacement that is no constant text");
  std::string java;
  for (size_t i = 0; i < constant->size(); ++i) {
    const char c = (*constant)[i];
    const char next = i + 1 < constant->size() ? (*constant)[i + 1] : '\0';
    if (c == '\\' && next >= '0' && next <= '9') {
      java += '$';
    } else if (c == '\\' && next == '\\') {
      java += "\\\\";
      ++i;
    } else {
      if (c == '$' || c == '\\') java += '\\';
      java += c;
    }
  }
  return spark_text(java);
}

}  // namespace

Result<std::string> spark_pattern_call(const Expression& call) {
  const std::string& function = call.function();
  const std::vector<Expression>& arguments = call.arguments();
  const bool has_group = function == "regexp_extract" || function == "regexp_extract_all";
  const size_t options_at = has_group || function == "regexp_replace" ? 3 : 2;
  const Expression* options = arguments.size() > options_at ? &arguments[options_at] : nullptr;
  ARROW_ASSIGN_OR_RAISE(const std::string text, print_spark(arguments[0]));
  ARROW_ASSIGN_OR_RAISE(const std::string pattern, pattern_with_options(arguments[1], options));
  if (has_group) {
    ARROW_ASSIGN_OR_RAISE(const std::string group,
                          arguments.size() > 2 ? print_spark(arguments[2]) : Result<std::string>("0"));
    return std::string(function) + "(" + text + ", " + pattern + ", " + group + ")";
  }
  if (function == "regexp_matches") return "regexp_like(" + text + ", " + pattern + ")";
  if (function == "regexp_full_match") return "regexp_like(" + text + ", concat('^(?:', " + pattern + ", ')\\\\z'))";
  if (function == "regexp_split_to_array") return "split(" + text + ", " + pattern + ")";
  const bool is_global = options != nullptr && constant_text(*options)->find('g') != std::string_view::npos;
  if (!is_global) return no_spark_equal("regexp_replace without the option 'g', which replaces the first match only");
  ARROW_ASSIGN_OR_RAISE(const std::string rewrite, replacement(arguments[2]));
  return "regexp_replace(" + text + ", " + pattern + ", " + rewrite + ")";
}

}  // namespace linkwright
