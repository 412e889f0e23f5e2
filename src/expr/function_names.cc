#include "expr/function_names.h"

#include <algorithm>
#include <array>
#include <limits>
#include <vector>

namespace linkwright {
namespace {

constexpr size_t kMany = std::numeric_limits<size_t>::max();

struct Entry {
  FunctionName function;
  std::string_view aliases;  // separated by blanks
};

constexpr auto kFunctions = std::to_array<Entry>({
    // Conditions
    {{"coalesce", 1, kMany}, "ifnull"},
    {{"nullif", 2, 2}, ""},
    {{"greatest", 1, kMany}, ""},
    {{"least", 1, kMany}, ""},
    // Text
    {{"ascii", 1, 1}, ""},
    {{"chr", 1, 1}, ""},
    {{"concat", 1, kMany}, ""},
    {{"concat_ws", 2, kMany}, ""},
    {{"contains", 2, 2}, ""},
    {{"ends_with", 2, 2}, "suffix"},
    {{"left", 2, 2}, ""},
    {{"length", 1, 1}, "len char_length character_length"},
    {{"lower", 1, 1}, "lcase"},
    {{"lpad", 3, 3}, ""},
    {{"ltrim", 1, 2}, ""},
    {{"repeat", 2, 2}, ""},
    {{"replace", 3, 3}, ""},
    {{"reverse", 1, 1}, ""},
    {{"right", 2, 2}, ""},
    {{"rpad", 3, 3}, ""},
    {{"rtrim", 1, 2}, ""},
    {{"split_part", 3, 3}, ""},
    {{"starts_with", 2, 2}, "prefix"},
    {{"string_split", 2, 2}, "str_split split string_to_array"},
    {{"strip_accents", 1, 1}, ""},
    {{"strlen", 1, 1}, ""},
    {{"strpos", 2, 2}, "instr position"},
    {{"substring", 2, 3}, "substr"},
    {{"translate", 3, 3}, ""},
    {{"trim", 1, 2}, ""},
    {{"unicode", 1, 1}, "ord"},
    {{"upper", 1, 1}, "ucase"},
    {{"regexp_extract", 2, 4}, ""},
    {{"regexp_extract_all", 2, 4}, ""},
    {{"regexp_full_match", 2, 3}, ""},
    {{"regexp_matches", 2, 3}, ""},
    {{"regexp_replace", 3, 4}, ""},
    {{"regexp_split_to_array", 2, 3}, "string_split_regex str_split_regex"},
    // Similarity
    {{"damerau_levenshtein", 2, 2}, ""},
    {{"hamming", 2, 2}, "mismatches"},
    {{"jaccard", 2, 2}, ""},
    {{"jaro_similarity", 2, 3}, ""},
    {{"jaro_winkler_similarity", 2, 3}, ""},
    {{"levenshtein", 2, 2}, "editdist3"},
    // Dates
    {{"date_diff", 3, 3}, "datediff"},
    {{"date_part", 2, 2}, "datepart"},
    {{"date_sub", 3, 3}, "datesub"},
    {{"date_trunc", 2, 2}, "datetrunc"},
    {{"day", 1, 1}, "dayofmonth"},
    {{"dayname", 1, 1}, ""},
    {{"dayofweek", 1, 1}, "weekday"},
    {{"dayofyear", 1, 1}, ""},
    {{"epoch", 1, 1}, ""},
    {{"epoch_ms", 1, 1}, ""},
    {{"epoch_us", 1, 1}, ""},
    {{"hour", 1, 1}, ""},
    {{"isodow", 1, 1}, ""},
    {{"isoyear", 1, 1}, ""},
    {{"last_day", 1, 1}, ""},
    {{"make_date", 3, 3}, ""},
    {{"minute", 1, 1}, ""},
    {{"month", 1, 1}, ""},
    {{"monthname", 1, 1}, ""},
    {{"quarter", 1, 1}, ""},
    {{"second", 1, 1}, ""},
    {{"strftime", 2, 2}, ""},
    {{"strptime", 2, 2}, ""},
    {{"try_strptime", 2, 2}, ""},
    {{"week", 1, 1}, "weekofyear"},
    {{"year", 1, 1}, ""},
    // Numbers
    {{"abs", 1, 1}, ""},
    {{"acos", 1, 1}, ""},
    {{"asin", 1, 1}, ""},
    {{"atan", 1, 1}, ""},
    {{"atan2", 2, 2}, ""},
    {{"ceil", 1, 1}, "ceiling"},
    {{"cos", 1, 1}, ""},
    {{"cot", 1, 1}, ""},
    {{"degrees", 1, 1}, ""},
    {{"exp", 1, 1}, ""},
    {{"floor", 1, 1}, ""},
    {{"isfinite", 1, 1}, ""},
    {{"isinf", 1, 1}, ""},
    {{"isnan", 1, 1}, ""},
    {{"ln", 1, 1}, ""},
    {{"log", 1, 2}, ""},
    {{"log10", 1, 1}, ""},
    {{"log2", 1, 1}, ""},
    {{"pi", 0, 0}, ""},
    {{"%", 2, 2}, "mod"},
    {{"power", 2, 2}, "pow"},
    {{"radians", 1, 1}, ""},
    {{"round", 1, 2}, ""},
    {{"sign", 1, 1}, ""},
    {{"sin", 1, 1}, ""},
    {{"sqrt", 1, 1}, ""},
    {{"tan", 1, 1}, ""},
    {{"trunc", 1, 1}, ""},
    // Lists
    {{"array_length", 1, 2}, "list_length"},
    {{"array_to_string", 2, 2}, ""},
    {{"flatten", 1, 1}, ""},
    {{"list_any_value", 1, 1}, ""},
    {{"list_append", 2, 2}, "array_append array_push_back"},
    {{"list_avg", 1, 1}, "array_avg"},
    {{"list_concat", 1, kMany}, "array_concat list_cat array_cat"},
    {{"list_contains", 2, 2}, "array_contains list_has array_has"},
    {{"list_cosine_distance", 2, 2}, "array_cosine_distance"},
    {{"list_cosine_similarity", 2, 2}, "array_cosine_similarity"},
    {{"list_count", 1, 1}, "array_count"},
    {{"list_distance", 2, 2}, "array_distance"},
    {{"list_distinct", 1, 1}, "array_distinct"},
    {{"list_extract", 2, 2}, "array_extract list_element"},
    {{"list_filter", 2, 2}, "array_filter filter"},
    {{"list_first", 1, 1}, ""},
    {{"list_has_all", 2, 2}, "array_has_all"},
    {{"list_has_any", 2, 2}, "array_has_any"},
    {{"list_inner_product", 2, 2}, "array_inner_product list_dot_product array_dot_product"},
    {{"list_intersect", 2, 2}, "array_intersect"},
    {{"list_last", 1, 1}, ""},
    {{"list_max", 1, 1}, "array_max"},
    {{"list_min", 1, 1}, "array_min"},
    {{"list_position", 2, 2}, "array_position list_indexof array_indexof"},
    {{"list_prepend", 2, 2}, "array_prepend"},
    {{"list_reverse", 1, 1}, "array_reverse"},
    {{"list_slice", 3, 4}, "array_slice"},
    {{"list_sort", 1, 1}, "array_sort"},
    {{"list_sum", 1, 1}, "array_sum"},
    {{"list_transform", 2, 2}, "array_transform apply list_apply array_apply"},
    {{"list_unique", 1, 1}, "array_unique"},
    {{"list_value", 0, kMany}, "list_pack"},
});

bool has_alias(std::string_view aliases, std::string_view spelling) {
  while (!aliases.empty()) {
    const size_t blank = std::min(aliases.find(' '), aliases.size());
    if (aliases.substr(0, blank) == spelling) return true;
    aliases.remove_prefix(std::min(blank + 1, aliases.size()));
  }
  return false;
}

std::vector<std::string> all_names() {
  std::vector<std::string> names = {"case", "cast", "try_cast", "if", "extract"};
  for (const Entry& entry : kFunctions) {
    if (entry.function.name != "%") names.emplace_back(entry.function.name);  // mod is written as an operator
    std::string_view aliases = entry.aliases;
    while (!aliases.empty()) {
      const size_t blank = std::min(aliases.find(' '), aliases.size());
      names.emplace_back(aliases.substr(0, blank));
      aliases.remove_prefix(std::min(blank + 1, aliases.size()));
    }
  }
  return names;
}

}  // namespace

std::optional<FunctionName> find_function(std::string_view spelling) {
  for (const Entry& entry : kFunctions) {
    if (entry.function.name == spelling || has_alias(entry.aliases, spelling)) return entry.function;
  }
  return std::nullopt;
}

std::span<const std::string> known_function_names() {
  static const std::vector<std::string> names = all_names();
  return names;
}

}  // namespace linkwright
