#include "model/sqlglot_names.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace linkwright {
namespace {

using Pair = std::pair<std::string_view, std::string_view>;

// Functions that sqlglot knows by another name than its own in upper case.
constexpr auto kFunctionNames = std::to_array<Pair>({
    {"array_append", "LIST_APPEND"},
    {"array_cat", "LIST_CONCAT"},
    {"array_concat", "LIST_CONCAT"},
    {"array_distinct", "LIST_DISTINCT"},
    {"array_filter", "LIST_FILTER"},
    {"array_has", "ARRAY_CONTAINS"},
    {"array_max", "LIST_MAX"},
    {"array_min", "LIST_MIN"},
    {"array_prepend", "LIST_PREPEND"},
    {"array_sort", "LIST_SORT"},
    {"array_sum", "LIST_SUM"},
    {"ceiling", "CEIL"},
    {"char_length", "LENGTH"},
    {"character_length", "LENGTH"},
    {"datediff", "DATE_DIFF"},
    {"datetrunc", "DATE_TRUNC"},
    {"editdist3", "LEVENSHTEIN"},
    {"filter", "LIST_FILTER"},
    {"ifnull", "COALESCE"},
    {"instr", "STRPOS"},
    {"lcase", "LOWER"},
    {"len", "LENGTH"},
    {"list_contains", "ARRAY_CONTAINS"},
    {"list_has", "ARRAY_CONTAINS"},
    {"pow", "POWER"},
    {"split", "STR_SPLIT"},
    {"string_split", "STR_SPLIT"},
    {"string_split_regex", "STR_SPLIT_REGEX"},
    {"string_to_array", "STR_SPLIT"},
    {"substr", "SUBSTRING"},
    {"ucase", "UPPER"},
});

// Types that sqlglot knows by another name than their own in upper case.
constexpr auto kTypeNames = std::to_array<Pair>({
    {"bool", "BOOLEAN"},
    {"bpchar", "TEXT"},
    {"char", "TEXT"},
    {"datetime", "TIMESTAMP"},
    {"float", "REAL"},
    {"float4", "REAL"},
    {"float8", "DOUBLE"},
    {"hugeint", "INT128"},
    {"int1", "TINYINT"},
    {"int4", "INT"},
    {"int8", "BIGINT"},
    {"integer", "INT"},
    {"logical", "BOOLEAN"},
    {"long", "BIGINT"},
    {"short", "SMALLINT"},
    {"signed", "INT"},
    {"string", "TEXT"},
    {"varchar", "TEXT"},
    {"bytea", "BLOB"},
    {"decimal", "DECIMAL(18, 3)"},
    {"numeric", "DECIMAL(18, 3)"},
});

constexpr auto kOperators = std::to_array<SqlglotOperator>({
    {"=", "="},
    {"==", "="},
    {"<>", "<>"},
    {"!=", "<>"},
    {"<", "<"},
    {">", ">"},
    {"<=", "<="},
    {">=", ">="},
    {"||", "||"},
    {"~~", "LIKE"},
    {"~", "REGEXP_MATCHES", true},
    {"^@", "STARTS_WITH", true},
    {"@>", "@>"},
    {"<@", "<@"},
    {"&&", "&&"},
    {"+", "+"},
    {"-", "-"},
    {"*", "*"},
    {"/", "/"},
    {"//", "//"},
    {"%", "%"},
    {"^", "POWER", true},
    {"**", "POWER", true},
});

std::string renamed(std::span<const Pair> names, std::string_view name) {
  const auto found = std::find_if(names.begin(), names.end(), [&](const Pair& pair) { return pair.first == name; });
  return found == names.end() ? to_upper_ascii(name) : std::string(found->second);
}

}  // namespace

std::string sqlglot_function(std::string_view name) { return renamed(kFunctionNames, name); }

std::string sqlglot_type(std::string_view name) { return renamed(kTypeNames, name); }

const SqlglotOperator* find_sqlglot_operator(std::string_view symbol) {
  const auto* const found = std::find_if(kOperators.begin(), kOperators.end(),
                                         [&](const SqlglotOperator& op) { return op.symbol == symbol; });
  return found == kOperators.end() ? nullptr : &*found;
}

std::string to_upper_ascii(std::string_view text) {
  std::string upper(text);
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return upper;
}

}  // namespace linkwright
