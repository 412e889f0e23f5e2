// Holds the evaluator against DuckDB 2.0: tests/fixtures/expressions.json, written by tests/oracle/expression_cases.py.

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "expr/arena.h"
#include "expr/block_evaluator.h"
#include "expr/calendar.h"
#include "expr/evaluator.h"
#include "expr/sql_type.h"

namespace linkwright {
namespace {

using nlohmann::json;

struct Fixture {
  json content;
  std::map<std::string, ValueType> types;
  std::map<std::string, size_t> places;

  static const Fixture& get() {
    static const Fixture fixture = [] {
      Fixture made;
      std::ifstream file(LINKWRIGHT_SOURCE_DIR "/tests/fixtures/expressions.json");
      made.content = json::parse(file);
      size_t place = 0;
      for (const std::string side : {"_l", "_r"}) {
        for (const std::string name :
             {"s", "dob", "at", "code", "n", "d", "lat", "lon", "born", "seen", "ok", "names", "ids", "v"}) {
          made.places[name + side] = place++;
          made.types[name + side] =
              parse_sql_type(made.content["columns"][name + side].get<std::string>())->value_type();
        }
      }
      return made;
    }();
    return fixture;
  }
};

Value value_from(const json& cell, ValueType type, Arena& arena) {
  if (cell.is_null()) return Value::null();
  switch (type.kind) {
    case ValueKind::kBoolean:
      return Value::of_boolean(cell.get<bool>());
    case ValueKind::kInteger:
      return Value::of_integer(cell.get<int64_t>());
    case ValueKind::kDouble:
      return Value::of_double(cell.get<double>());
    case ValueKind::kDate:
      return Value::of_date(*parse_date(cell.get<std::string>()));
    case ValueKind::kTimestamp:
      return Value::of_timestamp(*parse_timestamp(cell.get<std::string>()));
    case ValueKind::kList: {
      const std::span<Value> items = arena.allocate_values(cell.size());
      for (size_t i = 0; i < items.size(); ++i) items[i] = value_from(cell[i], {type.element}, arena);
      return Value::of_list(items);
    }
    default:
      return Value::of_text(arena.copy(cell.get_ref<const std::string&>()));
  }
}

bool same_number(double ours, const json& theirs) {
  if (theirs.is_object()) {
    const std::string text = theirs["double"];
    return text == "nan" ? std::isnan(ours) : ours == (text == "inf" ? INFINITY : -INFINITY);
  }
  if (!theirs.is_number()) return false;
  // Elementary functions may differ by a unit in the last place between C libraries.
  const double expected = theirs.get<double>();
  return ours == expected || std::abs(ours - expected) <= 4e-16 * std::abs(expected);
}

bool same(const Value& ours, const json& theirs) {
  switch (ours.kind) {
    case ValueKind::kNull:
      return theirs.is_null();
    case ValueKind::kBoolean:
      return theirs.is_boolean() && theirs.get<bool>() == ours.boolean;
    case ValueKind::kInteger:
      return theirs.is_number() && theirs == ours.integer;
    case ValueKind::kDouble:
      return same_number(ours.number, theirs);
    case ValueKind::kText:
      return theirs.is_string() && theirs.get_ref<const std::string&>() == ours.text();
    case ValueKind::kDate:
      return theirs.is_string() && theirs == format_date(ours.integer);
    case ValueKind::kTimestamp:
      return theirs.is_string() && theirs == format_timestamp(ours.integer);
    case ValueKind::kList:
      break;
  }
  if (!theirs.is_array() || theirs.size() != ours.list().size()) return false;
  for (size_t i = 0; i < theirs.size(); ++i) {
    if (!same(ours.list()[i], theirs[i])) return false;
  }
  return true;
}

std::string describe(const Value& value) {
  switch (value.kind) {
    case ValueKind::kNull:
      return "null";
    case ValueKind::kBoolean:
      return value.boolean ? "true" : "false";
    case ValueKind::kInteger:
      return std::to_string(value.integer);
    case ValueKind::kDouble:
      return json(value.number).dump();
    case ValueKind::kText:
      return "'" + std::string(value.text()) + "'";
    case ValueKind::kDate:
      return format_date(value.integer);
    case ValueKind::kTimestamp:
      return format_timestamp(value.integer);
    case ValueKind::kList:
      break;
  }
  std::string text = "[";
  for (const Value& item : value.list()) text += describe(item) + " ";
  return text + "]";
}

Result<ValueType> type_of_column(const ColumnReference& column) {
  const auto found = Fixture::get().types.find(column.name);
  if (found == Fixture::get().types.end()) return Status::Invalid("unknown column '", column.name, "'");
  return found->second;
}

void expect_same_as_duckdb(const json& expected_case) {
  const std::string& sql = expected_case["sql"].get_ref<const std::string&>();
  SCOPED_TRACE(sql);
  const Result<Expression> parsed = Expression::parse(sql);
  ASSERT_TRUE(parsed.ok()) << parsed.status().message();
  const Result<Expression> again = Expression::parse(parsed->to_sql());
  ASSERT_TRUE(again.ok()) << again.status().message();
  EXPECT_EQ(*again, *parsed) << parsed->to_sql();

  const Result<Evaluator> evaluator = Evaluator::compile(*parsed, sql, type_of_column);
  if (!evaluator.ok()) {
    for (const json& expected : expected_case["values"]) {
      EXPECT_TRUE(expected.is_object() && expected.contains("error")) << evaluator.status().message();
    }
    return;
  }
  Evaluator::Scratch scratch;
  Arena inputs;
  for (size_t row = 0; row < expected_case["values"].size(); ++row) {
    std::vector<Value> columns;
    for (const ColumnReference& column : evaluator->columns()) {
      const size_t place = Fixture::get().places.at(column.name);
      columns.push_back(value_from(Fixture::get().content["rows"][row][place], *type_of_column(column), inputs));
    }
    const json& expected = expected_case["values"][row];
    const bool expects_error = expected.is_object() && expected.contains("error");
    const Result<Value> value = evaluator->evaluate(columns, scratch);
    if (!value.ok()) {
      EXPECT_TRUE(expects_error) << "row " << row << ": DuckDB " << expected << ", ours: " << value.status().message();
    } else {
      EXPECT_TRUE(!expects_error && same(*value, expected))
          << "row " << row << ": DuckDB " << expected << ", ours " << describe(*value);
    }
    scratch.clear();
  }
}

TEST(Evaluator, GivesWhatDuckDbGivesForEveryExpressionOfTheFixture) {
  const json& cases = Fixture::get().content["cases"];
  ASSERT_GT(cases.size(), 900U);
  for (const json& expected_case : cases) expect_same_as_duckdb(expected_case);
}

// --- whole blocks against one value after another

bool identical(const Value& a, const Value& b) {
  if (a.kind != b.kind) return false;
  switch (a.kind) {
    case ValueKind::kNull:
      return true;
    case ValueKind::kBoolean:
      return a.boolean == b.boolean;
    case ValueKind::kText:
      return a.text() == b.text();
    case ValueKind::kList:
      return std::equal(a.list().begin(), a.list().end(), b.list().begin(), b.list().end(), identical);
    case ValueKind::kDouble:
      return (std::isnan(a.number) && std::isnan(b.number)) || a.integer == b.integer;  // the same bits
    default:
      return a.integer == b.integer;
  }
}

// The fixture's rows as a block of columns.
struct FixtureBlock {
  std::vector<BlockBuffer> buffers;
  std::vector<BlockColumn> columns;
  size_t size = Fixture::get().content["rows"].size();

  FixtureBlock(const BlockEvaluator& evaluator, Arena& arena) {
    for (const ColumnReference& column : evaluator.columns()) {
      const ValueType type = *type_of_column(column);
      BlockBuffer& buffer = buffers.emplace_back(type.kind);
      for (size_t k = 0; k < size; ++k) {
        const size_t place = Fixture::get().places.at(column.name);
        buffer.set(k, value_from(Fixture::get().content["rows"][k][place], type, arena));
      }
    }
    for (const BlockBuffer& buffer : buffers) columns.push_back(buffer.column(true));
  }
};

std::vector<Value> row_of(const Evaluator& evaluator, size_t row, Arena& arena) {
  std::vector<Value> values;
  for (const ColumnReference& column : evaluator.columns()) {
    const size_t place = Fixture::get().places.at(column.name);
    values.push_back(value_from(Fixture::get().content["rows"][row][place], *type_of_column(column), arena));
  }
  return values;
}

// Evaluates expressions together, and expects of each what it gives alone, value by value.
void expect_blocks_to_agree(const std::vector<Expression>& expressions) {
  const BlockEvaluator together = BlockEvaluator::compile(expressions, type_of_column).ValueOrDie();
  Arena arena;
  const FixtureBlock block(together, arena);
  BlockEvaluator::Workspace workspace(together);
  together.evaluate(block.columns, block.size, &workspace);
  const std::span<const uint8_t> failures = BlockEvaluator::failures(workspace);
  for (size_t e = 0; e < expressions.size(); ++e) {
    SCOPED_TRACE(expressions[e].to_sql());
    const Evaluator alone = *Evaluator::compile(expressions[e], expressions[e].to_sql(), type_of_column);
    Evaluator::Scratch scratch;
    for (size_t k = 0; k < block.size; ++k) {
      const Result<Value> value = alone.evaluate(row_of(alone, k, arena), scratch);
      const bool failed = !failures.empty() && failures[k] != 0;
      EXPECT_TRUE(value.ok() || failed) << "row " << k << " hides an error: " << value.status().message();
      if (failed) continue;
      const Value of_block = together.result(e, workspace).at(k);
      EXPECT_TRUE(identical(of_block, *value))
          << "row " << k << ": " << describe(of_block) << " in a block, " << describe(*value) << " alone";
    }
  }
}

std::vector<Expression> expressions_of_fixture() {
  std::vector<Expression> expressions;
  for (const json& one : Fixture::get().content["cases"]) {
    const std::string& sql = one["sql"].get_ref<const std::string&>();
    const Expression expression = *Expression::parse(sql);
    if (Evaluator::compile(expression, sql, type_of_column).ok()) expressions.push_back(expression);
  }
  return expressions;
}

TEST(BlockEvaluator, GivesForABlockWhatTheEvaluatorGivesValueByValue) {
  for (const Expression& expression : expressions_of_fixture()) expect_blocks_to_agree({expression});
}

TEST(BlockEvaluator, KeepsExpressionsApartThatShareAProgram) {
  const std::vector<Expression> all = expressions_of_fixture();
  ASSERT_GT(all.size(), 800U);
  std::vector<Expression> without_errors;
  for (const Expression& expression : all) {
    const BlockEvaluator evaluator = *BlockEvaluator::compile(std::vector{expression}, type_of_column);
    Arena arena;
    const FixtureBlock block(evaluator, arena);
    BlockEvaluator::Workspace workspace(evaluator);
    evaluator.evaluate(block.columns, block.size, &workspace);
    if (BlockEvaluator::failures(workspace).empty()) without_errors.push_back(expression);
  }
  ASSERT_GT(without_errors.size(), 600U);
  expect_blocks_to_agree(without_errors);
}

}  // namespace
}  // namespace linkwright
