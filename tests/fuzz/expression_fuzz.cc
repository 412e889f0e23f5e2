// Parses, prints, compiles and evaluates any bytes as a SQL expression: no crash, no hang, no leak, and what is printed
// parses back to the same tree.

#include <array>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "expr/evaluator.h"
#include "expr/expression.h"

namespace {

using namespace linkwright;  // NOLINT(google-build-using-namespace)

const std::array<Value, 2> kTexts = {Value::of_text("1990-02-03"), Value::null()};
const std::array<Value, 2> kNumbers = {Value::of_integer(-7), Value::of_integer(INT64_MAX)};

struct Sample {
  ValueType type;
  Value value;
};

// The first letter of a column's name says what it holds.
Sample sample_of(const ColumnReference& column) {
  switch (column.name.empty() ? '\0' : column.name.front()) {
    case 'n':
      return {{ValueKind::kInteger}, Value::of_integer(column.side == Side::kLeft ? INT64_MIN : 42)};
    case 'd':
      return {{ValueKind::kDouble}, Value::of_double(-1.5e300)};
    case 'b':
      return {{ValueKind::kBoolean}, Value::of_boolean(true)};
    case 't':
      return {{ValueKind::kTimestamp}, Value::of_timestamp(-1)};
    case 'y':
      return {{ValueKind::kDate}, Value::of_date(INT32_MAX)};
    case 'a':
      return {{ValueKind::kList, ValueKind::kText}, Value::of_list(kTexts)};
    case 'i':
      return {{ValueKind::kList, ValueKind::kInteger}, Value::of_list(kNumbers)};
    case 'z':
      return {{ValueKind::kText}, Value::null()};
    default:
      return {{ValueKind::kText}, Value::of_text(column.side == Side::kLeft ? "M\xc3\xbcller \xff" : "")};
  }
}

void check_round_trip(const Expression& expression) {
  const auto again = Expression::parse(expression.to_sql());
  if (!again.ok() || !(*again == expression)) std::abort();
  (void)expression.to_spark_sql();
  (void)expression.with_sides([](std::string_view) { return false; });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view sql(reinterpret_cast<const char*>(data), size);
  const auto parsed = Expression::parse(sql);
  if (!parsed.ok() || parsed->size() > 100'000) return 0;
  check_round_trip(*parsed);

  const auto type_of = [](const ColumnReference& column) -> Result<ValueType> { return sample_of(column).type; };
  const auto evaluator = Evaluator::compile(*parsed, sql, type_of);
  if (!evaluator.ok()) return 0;
  std::vector<Value> columns;
  for (const ColumnReference& column : evaluator->columns()) columns.push_back(sample_of(column).value);
  Evaluator::Scratch scratch;
  for (int round = 0; round < 2; ++round) {
    const auto value = evaluator->evaluate(columns, scratch);
    if (value.ok() && !value->is_null() && value->kind != evaluator->type().kind) std::abort();
    scratch.clear();
  }
  return 0;
}
