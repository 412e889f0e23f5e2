#include "expr/keywords.h"

#include <algorithm>
#include <array>

namespace linkwright {
namespace {

// DuckDB's reserved words, and those that begin an expression of their own; sorted.
constexpr auto kReserved = std::to_array<std::string_view>({
    "all",      "analyse",  "analyze",    "and",    "any",      "array",   "as",         "asc",       "between",
    "both",     "case",     "cast",       "check",  "collate",  "column",  "constraint", "create",    "default",
    "desc",     "distinct", "do",         "else",   "end",      "except",  "exists",     "extract",   "false",
    "fetch",    "for",      "foreign",    "from",   "group",    "having",  "ilike",      "in",        "intersect",
    "interval", "into",     "is",         "isnull", "lambda",   "lateral", "leading",    "like",      "limit",
    "not",      "notnull",  "null",       "offset", "on",       "only",    "or",         "order",     "pivot",
    "primary",  "qualify",  "references", "select", "similar",  "some",    "summarize",  "symmetric", "table",
    "then",     "to",       "trailing",   "true",   "try_cast", "union",   "unique",     "unpivot",   "using",
    "variadic", "when",     "where",      "window", "with",
});
static_assert(std::is_sorted(kReserved.begin(), kReserved.end()));

}  // namespace

bool is_reserved_word(std::string_view word) { return std::binary_search(kReserved.begin(), kReserved.end(), word); }

}  // namespace linkwright
