#include "expr/spark_functions.h"

#include <algorithm>
#include <array>

namespace linkwright {
namespace {

constexpr size_t kAny = static_cast<size_t>(-1);

struct SparkTemplate {
  std::string_view function;
  size_t arguments;
  std::string_view text;
};

constexpr auto kTemplates = std::to_array<SparkTemplate>({
    // Operators
    {"not", 1, "NOT @1"},
    {"is null", 1, "@1 IS NULL"},
    {"is distinct from", 2, "NOT (@1 <=> @2)"},
    {"=", 2, "@1 = @2"},
    {"= any", 2, "coalesce(array_contains($2, $1), FALSE)"},
    {"<", 2, "@1 < @2"},
    {">", 2, "@1 > @2"},
    {"<=", 2, "@1 <= @2"},
    {">=", 2, "@1 >= @2"},
    {"+", 2, "@1 + @2"},
    {"-", 2, "@1 - @2"},
    {"-", 1, "-@1"},
    {"*", 2, "@1 * @2"},
    {"/", 2, "try_divide(CAST($1 AS DOUBLE), $2)"},
    {"//", 2, "@1 DIV nullif($2, 0)"},
    {"%", 2, "@1 % nullif($2, 0)"},
    // Conditions
    {"coalesce", kAny, "coalesce($*)"},
    {"greatest", kAny, "greatest($*)"},
    {"least", kAny, "least($*)"},
    {"nullif", 2, "nullif($1, $2)"},
    // Text
    {"ascii", 1, "ascii($1)"},
    {"concat", kAny, "concat_ws('', $*)"},
    {"concat_ws", kAny, "concat_ws($*)"},
    {"contains", 2, "contains($1, $2)"},
    {"ends_with", 2, "endswith($1, $2)"},
    {"left", 2, "left($1, $2)"},
    {"length", 1, "length($1)"},
    // Bytes read as Latin-1 are characters, so it counts bytes.
    {"levenshtein", 2,
     "levenshtein(decode(encode($1, 'UTF-8'), 'ISO-8859-1'), decode(encode($2, 'UTF-8'), 'ISO-8859-1'))"},
    {"lower", 1, "lower($1)"},
    {"lpad", 3, "lpad($1, $2, $3)"},
    {"ltrim", 1, "ltrim($1)"},
    {"ltrim", 2, "trim(LEADING $2 FROM $1)"},
    {"repeat", 2, "repeat($1, $2)"},
    {"replace", 3, "replace($1, $2, $3)"},
    {"reverse", 1, "reverse($1)"},
    {"right", 2, "right($1, $2)"},
    {"rpad", 3, "rpad($1, $2, $3)"},
    {"rtrim", 1, "rtrim($1)"},
    {"rtrim", 2, "trim(TRAILING $2 FROM $1)"},
    {"split_part", 3, "split_part($1, $2, $3)"},
    {"starts_with", 2, "startswith($1, $2)"},
    {"string_split", 2, "split($1, concat('\\\\Q', $2, '\\\\E'))"},
    {"strlen", 1, "octet_length($1)"},
    {"strpos", 2, "instr($1, $2)"},
    {"substring", 2, "substring($1, $2)"},
    {"substring", 3, "substring($1, $2, $3)"},
    {"translate", 3, "translate($1, $2, $3)"},
    {"trim", 1, "trim($1)"},
    {"trim", 2, "trim(BOTH $2 FROM $1)"},
    {"upper", 1, "upper($1)"},
    // Dates
    {"year", 1, "year($1)"},
    {"quarter", 1, "quarter($1)"},
    {"month", 1, "month($1)"},
    {"week", 1, "weekofyear($1)"},
    {"day", 1, "day($1)"},
    {"hour", 1, "hour($1)"},
    {"minute", 1, "minute($1)"},
    {"second", 1, "second($1)"},
    {"dayofweek", 1, "(dayofweek($1) - 1)"},
    {"dayofyear", 1, "dayofyear($1)"},
    {"isodow", 1, "(weekday($1) + 1)"},
    {"isoyear", 1, "extract(YEAROFWEEK FROM $1)"},
    {"dayname", 1, "date_format($1, 'EEEE')"},
    {"monthname", 1, "date_format($1, 'MMMM')"},
    {"last_day", 1, "last_day($1)"},
    {"make_date", 3, "make_date($1, $2, $3)"},
    {"epoch", 1, "(unix_micros(CAST($1 AS TIMESTAMP)) / 1000000D)"},
    {"epoch_ms", 1, "unix_millis(CAST($1 AS TIMESTAMP))"},
    {"epoch_us", 1, "unix_micros(CAST($1 AS TIMESTAMP))"},
    // Numbers
    {"abs", 1, "abs($1)"},
    {"acos", 1, "acos($1)"},
    {"asin", 1, "asin($1)"},
    {"atan", 1, "atan($1)"},
    {"atan2", 2, "atan2($1, $2)"},
    {"ceil", 1, "ceil($1)"},
    {"cos", 1, "cos($1)"},
    {"cot", 1, "cot($1)"},
    {"degrees", 1, "degrees($1)"},
    {"exp", 1, "exp($1)"},
    {"floor", 1, "floor($1)"},
    {"isnan", 1, "isnan($1)"},
    {"ln", 1, "ln($1)"},
    {"log", 1, "log10($1)"},
    {"log", 2, "log($1, $2)"},
    {"log10", 1, "log10($1)"},
    {"log2", 1, "log2($1)"},
    {"pi", 0, "pi()"},
    {"power", 2, "power($1, $2)"},
    {"radians", 1, "radians($1)"},
    {"round", 1, "round($1)"},
    {"round", 2, "round($1, $2)"},
    {"sign", 1, "sign($1)"},
    {"sin", 1, "sin($1)"},
    {"sqrt", 1, "sqrt($1)"},
    {"tan", 1, "tan($1)"},
    // Lists. DuckDB's set functions pass over nulls.
    {"array_length", 1, "array_size($1)"},
    {"array_to_string", 2, "array_join($1, $2)"},
    {"flatten", 1, "flatten($1)"},
    {"list_any_value", 1, "try_element_at(array_compact($1), 1)"},
    {"list_append", 2, "array_append($1, $2)"},
    {"list_concat", kAny, "concat($*)"},
    {"list_contains", 2, "array_contains(array_compact($1), $2)"},
    {"list_count", 1, "array_size(array_compact($1))"},
    {"list_cosine_similarity", 2,
     "(aggregate(zip_with($1, $2, (x, y) -> x * y), CAST(0 AS DOUBLE), (total, x) -> total + x) / nullif("
     "sqrt(aggregate($1, CAST(0 AS DOUBLE), (total, x) -> total + x * x)) * "
     "sqrt(aggregate($2, CAST(0 AS DOUBLE), (total, x) -> total + x * x)), 0D))"},
    {"list_distinct", 1, "array_distinct(array_compact($1))"},
    {"list_extract", 2, "try_element_at($1, $2)"},
    {"list_filter", 2, "filter($1, $2)"},
    {"list_first", 1, "try_element_at($1, 1)"},
    {"list_has_all", 2, "(array_size(array_compact(array_except($2, $1))) = 0)"},
    {"list_has_any", 2, "(array_size(array_compact(array_intersect($1, $2))) > 0)"},
    {"list_inner_product", 2,
     "aggregate(zip_with($1, $2, (x, y) -> x * y), CAST(0 AS DOUBLE), (total, x) -> total + x)"},
    {"list_intersect", 2, "coalesce(array_compact(array_intersect($2, $1)), filter($1, x -> FALSE))"},
    {"list_last", 1, "try_element_at($1, -1)"},
    {"list_max", 1, "array_max($1)"},
    {"list_min", 1, "array_min($1)"},
    {"list_position", 2, "nullif(array_position($1, $2), 0)"},
    {"list_prepend", 2, "array_prepend($2, $1)"},
    {"list_reverse", 1, "reverse($1)"},
    {"list_sort", 1, "array_sort($1)"},
    {"list_transform", 2, "transform($1, $2)"},
    {"list_unique", 1, "array_size(array_distinct(array_compact($1)))"},
    {"list_value", kAny, "array($*)"},
});

}  // namespace

std::string_view spark_template(std::string_view function, size_t argument_count) {
  const auto* const found = std::find_if(kTemplates.begin(), kTemplates.end(), [&](const SparkTemplate& entry) {
    return entry.function == function && (entry.arguments == kAny || entry.arguments == argument_count);
  });
  return found == kTemplates.end() ? std::string_view() : found->text;
}

}  // namespace linkwright
