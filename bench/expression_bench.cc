// Cost of one evaluation for a pair: what the fallback pays where a comparison has no kernel of its own, and what each
// distinct value costs when a transform is worked out once a value.

#include <benchmark/benchmark.h>

#include <vector>

#include "expr/evaluator.h"
#include "expr/expression.h"

namespace {

using namespace linkwright;  // NOLINT(google-build-using-namespace)

void evaluate(benchmark::State& state, std::string_view sql, const Value& left, const Value& right) {
  const Expression expression = Expression::parse(sql).ValueOrDie();
  const ValueType type{left.kind, left.kind == ValueKind::kList ? ValueKind::kText : ValueKind::kNull};
  const Evaluator evaluator =
      Evaluator::compile(expression, sql, [&](const ColumnReference&) { return type; }).ValueOrDie();
  std::vector<Value> columns;
  for (const ColumnReference& column : evaluator.columns())
    columns.push_back(column.side == Side::kLeft ? left : right);
  Evaluator::Scratch scratch;
  for (auto _ : state) {
    benchmark::DoNotOptimize(evaluator.evaluate(columns, scratch));
    scratch.clear();
  }
}

const Value kLeft = Value::of_text("katherine");
const Value kRight = Value::of_text("catherina");
const Value kDay = Value::of_text("1990-02-03");
const Value kOtherDay = Value::of_text("1990-03-01");
const Value kPostcode = Value::of_text("SW1A 1AA");
const Value kOtherPostcode = Value::of_text("SW1A 2AB");
const std::vector<Value> kNames = {kLeft, kRight, Value::of_text("kate")};

BENCHMARK_CAPTURE(evaluate, equal_texts, "l.a = r.a", kLeft, kRight);
BENCHMARK_CAPTURE(evaluate, equal_prefixes, "substr(l.a, 1, 3) = substr(r.a, 1, 3)", kLeft, kRight);
BENCHMARK_CAPTURE(evaluate, lower_case, "lower(l.a) = lower(r.a)", kLeft, kRight);
BENCHMARK_CAPTURE(evaluate, jaro_winkler, "jaro_winkler_similarity(l.a, r.a) >= 0.92", kLeft, kRight);
BENCHMARK_CAPTURE(evaluate, dates,
                  "abs(epoch(try_strptime(l.a, '%Y-%m-%d')) - epoch(try_strptime(r.a, '%Y-%m-%d'))) <= 86400", kDay,
                  kOtherDay);
BENCHMARK_CAPTURE(
    evaluate, postcode_area,
    "nullif(regexp_extract(l.a, '^[A-Za-z]{1,2}', 0), '') = nullif(regexp_extract(r.a, '^[A-Za-z]{1,2}', 0), '')",
    kPostcode, kOtherPostcode);
BENCHMARK_CAPTURE(evaluate, intersection, "array_length(list_intersect(l.a, r.a)) >= 1", Value::of_list(kNames),
                  Value::of_list(kNames));
BENCHMARK_CAPTURE(evaluate, pairwise,
                  "list_max(list_transform(flatten(list_transform(l.a, x -> list_transform(r.a, y -> [x, y]))), "
                  "pair -> jaro_winkler_similarity(pair[1], pair[2]))) >= 0.9",
                  Value::of_list(kNames), Value::of_list(kNames));

}  // namespace
