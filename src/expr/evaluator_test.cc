#include "expr/evaluator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <thread>

namespace linkwright {
namespace {

using ::testing::HasSubstr;

const std::map<std::string, ValueType> kTypes = {
    {"name", {ValueKind::kText}},
    {"count", {ValueKind::kInteger}},
    {"size", {ValueKind::kDouble}},
    {"single", {ValueKind::kDouble, ValueKind::kNull, ValueKind::kNull, true}},
    {"born", {ValueKind::kDate}},
    {"ok", {ValueKind::kBoolean}},
    {"names", {ValueKind::kList, ValueKind::kText}},
};

Result<ValueType> type_of(const ColumnReference& column) {
  const auto found = kTypes.find(column.name);
  if (found == kTypes.end()) return Status::Invalid("unknown column '", column.name, "'; did you mean 'name'?");
  return found->second;
}

Result<Evaluator> compiled(std::string_view sql, const EvaluationOptions& options = {}) {
  ARROW_ASSIGN_OR_RAISE(const Expression expression, Expression::parse(sql));
  return Evaluator::compile(expression, sql, type_of, options);
}

Result<Value> evaluated(std::string_view sql, std::vector<Value> columns, Evaluator::Scratch& scratch,
                        const EvaluationOptions& options = {}) {
  ARROW_ASSIGN_OR_RAISE(const Evaluator evaluator, compiled(sql, options));
  return evaluator.evaluate(columns, scratch);
}

std::string error_of(std::string_view sql, std::vector<Value> columns = {}) {
  Evaluator::Scratch scratch;
  const Result<Value> value = evaluated(sql, std::move(columns), scratch);
  return value.ok() ? "no error" : value.status().message();
}

// --- types

TEST(Evaluator, KnowsTheTypeOfItsResult) {
  EXPECT_EQ(compiled("l.name || r.count")->type(), ValueType{ValueKind::kText});
  EXPECT_EQ(compiled("l.count + 1")->type(), ValueType{ValueKind::kInteger});
  EXPECT_EQ(compiled("l.count / 2")->type(), ValueType{ValueKind::kDouble});
  EXPECT_EQ(compiled("string_split(name, ' ')")->type(), (ValueType{ValueKind::kList, ValueKind::kText}));
  EXPECT_EQ(compiled("[[1]]")->type(), (ValueType{ValueKind::kList, ValueKind::kList, ValueKind::kInteger}));
  EXPECT_EQ(compiled("null")->type(), ValueType{});
}

TEST(Evaluator, WantsEachColumnOnceInOrderOfAppearance) {
  const Result<Evaluator> evaluator = compiled("r.name = l.name or r.name = 'x'");
  const std::vector<ColumnReference> expected = {{Side::kRight, "name"}, {Side::kLeft, "name"}};
  EXPECT_TRUE(std::equal(expected.begin(), expected.end(), evaluator->columns().begin(), evaluator->columns().end()));
}

TEST(Evaluator, WantsNoColumnsForConstants) { EXPECT_TRUE(compiled("1 + 2 * length('abc')")->columns().empty()); }

// --- conversions that DuckDB leaves to a CAST

TEST(Evaluator, TakesNumbersDatesAndBooleansWhereTextIsWanted) {
  Evaluator::Scratch scratch;
  EXPECT_EQ(evaluated("substring(count, 1, 3)", {Value::of_integer(12345)}, scratch)->text(), "123");
  EXPECT_EQ(evaluated("levenshtein(count, '12354')", {Value::of_integer(12345)}, scratch)->integer, 2);
  EXPECT_EQ(evaluated("upper(size)", {Value::of_double(1.5)}, scratch)->text(), "1.5");
  EXPECT_EQ(evaluated("left(born, 4)", {Value::of_date(0)}, scratch)->text(), "1970");
  EXPECT_EQ(evaluated("upper(ok)", {Value::of_boolean(true)}, scratch)->text(), "TRUE");
  EXPECT_EQ(evaluated("coalesce(name, count)", {Value::null(), Value::of_integer(7)}, scratch)->text(), "7");
}

TEST(Evaluator, TakesADateColumnAsItIsInTryStrptime) {
  Evaluator::Scratch scratch;
  EXPECT_EQ(evaluated("epoch(try_strptime(born, '%d/%m/%Y'))", {Value::of_date(1)}, scratch)->number, 86400.0);
}

TEST(Evaluator, ReadsTextAsTheOtherSideOfAComparison) {
  Evaluator::Scratch scratch;
  EXPECT_TRUE(evaluated("name = 5", {Value::of_text(" 5 ")}, scratch)->boolean);
  EXPECT_THAT(error_of("name = 5", {Value::of_text("abc")}), HasSubstr("cannot convert 'abc' to INTEGER"));
}

TEST(Evaluator, ComparesSinglePrecisionColumnsWithDecimalsInSinglePrecision) {
  Evaluator::Scratch scratch;
  const Value tenth = Value::of_double(static_cast<double>(0.1F));
  EXPECT_TRUE(evaluated("single = 0.1", {tenth}, scratch)->boolean);
  EXPECT_FALSE(evaluated("size = 0.1", {tenth}, scratch)->boolean);
}

// --- laziness and constants

TEST(Evaluator, DoesNotEvaluateWhatCannotMatter) {
  Evaluator::Scratch scratch;
  EXPECT_FALSE(evaluated("name <> '' and jaccard(name, 'x') > 0.5", {Value::of_text("")}, scratch)->boolean);
  EXPECT_EQ(evaluated("case when count = 0 then null else 10 // count end", {Value::of_integer(0)}, scratch)->kind,
            ValueKind::kNull);
  EXPECT_EQ(evaluated("coalesce(count, 1 // 0)", {Value::of_integer(3)}, scratch)->integer, 3);
}

TEST(Evaluator, LeavesAConstantThatFailsToTheMomentItIsReached) {
  EXPECT_TRUE(compiled("case when ok then 'x'::int end").ok());
  EXPECT_THAT(error_of("case when ok then 'x'::int end", {Value::of_boolean(true)}), HasSubstr("cannot convert 'x'"));
}

TEST(Evaluator, FindsOneOfThousandsOfConstants) {
  std::string sql = "name in ('0'";
  for (int i = 1; i < 20000; ++i) sql += ",'" + std::to_string(i) + "'";
  Evaluator::Scratch scratch;
  EXPECT_TRUE(evaluated(sql + ")", {Value::of_text("19999")}, scratch)->boolean);
  EXPECT_FALSE(evaluated(sql + ")", {Value::of_text("20000")}, scratch)->boolean);
  EXPECT_TRUE(evaluated(sql + ", null)", {Value::of_text("20000")}, scratch)->is_null());
}

// --- options

// Lengths 15 and 15, 13 in common, prefix 1: the one case in which the two roundings differ at 0.92.
TEST(Evaluator, RoundsJaroWinklerAsTheOptionSays) {
  Evaluator::Scratch scratch;
  const std::string sql = "jaro_winkler_similarity('abcdefghijklmno', 'axcdefghijklmyo') >= 0.92";
  EXPECT_TRUE(evaluated(sql, {}, scratch, {JaroWinklerRounding::kFused})->boolean);
  EXPECT_FALSE(evaluated(sql, {}, scratch, {JaroWinklerRounding::kPlain})->boolean);
}

// --- memory and threads

TEST(Evaluator, KeepsResultsUntilTheScratchIsCleared) {
  Evaluator::Scratch scratch;
  const Result<Evaluator> evaluator = compiled("upper(name)");
  const std::vector<Value> first = {Value::of_text("first")};
  const std::vector<Value> second = {Value::of_text("second")};
  const Value one = *evaluator->evaluate(first, scratch);
  const Value two = *evaluator->evaluate(second, scratch);
  EXPECT_EQ(one.text(), "FIRST");
  EXPECT_EQ(two.text(), "SECOND");
  scratch.clear();
  EXPECT_EQ(evaluator->evaluate(first, scratch)->text(), "FIRST");
}

TEST(Evaluator, OutlivesTheExpressionAndItsText) {
  std::string sql = "regexp_extract(name, '[a-z]+') || 'tail'";
  const Result<Evaluator> evaluator = compiled(sql);
  sql.assign(sql.size(), '#');
  Evaluator::Scratch scratch;
  const std::vector<Value> columns = {Value::of_text("12ab")};
  EXPECT_EQ(evaluator->evaluate(columns, scratch)->text(), "abtail");
}

TEST(Evaluator, MayBeSharedByThreads) {
  const Result<Evaluator> evaluator =
      compiled("regexp_replace(name, '[0-9]', '#', 'g') || list_max(list_transform(names, x -> upper(x)))");
  const auto work = [&] {
    Evaluator::Scratch scratch;
    const std::vector<Value> names = {Value::of_text("a"), Value::of_text("b")};
    for (int i = 0; i < 2000; ++i) {
      const std::vector<Value> columns = {Value::of_text("x1"), Value::of_list(names)};
      ASSERT_EQ(evaluator->evaluate(columns, scratch)->text(), "x#B");
      scratch.clear();
    }
  };
  std::thread other(work);
  work();
  other.join();
}

// --- mistakes

struct Mistake {
  std::string_view sql;
  std::string_view message;

  friend std::ostream& operator<<(std::ostream& out, const Mistake& mistake) { return out << mistake.sql; }
};

class EvaluatorMistake : public ::testing::TestWithParam<Mistake> {};

TEST_P(EvaluatorMistake, IsExplainedWithItsPlace) {
  const std::string error = error_of(GetParam().sql);
  EXPECT_THAT(error, HasSubstr(GetParam().message));
  EXPECT_THAT(error, HasSubstr("\n  "));
  EXPECT_TRUE(error.ends_with('^'));
}

INSTANTIATE_TEST_SUITE_P(
    All, EvaluatorMistake,
    ::testing::Values(Mistake{"nane = 'x'", "unknown column 'nane'; did you mean 'name'?"},
                      Mistake{"count + name", "+(BIGINT, VARCHAR) does not exist: both sides have to be numbers"},
                      Mistake{"year(name)", "year(VARCHAR) does not exist, only year(TIMESTAMP)"},
                      Mistake{"levenshtein(names, 'x')", "levenshtein(VARCHAR[], VARCHAR) does not exist"},
                      Mistake{"names = 'x' and born = 5", "= cannot mix DATE and INTEGER"},
                      Mistake{"born::int", "there is no cast from DATE to INTEGER"},
                      Mistake{"case when names then 1 end", "case wants BOOLEAN here, not VARCHAR[]"},
                      Mistake{"regexp_matches(name, '(')", "invalid regular expression '('"},
                      Mistake{"try_strptime(name, '%Q')", "unknown specifier %Q"},
                      Mistake{"try_strptime(name, name)", "has to be a constant text"},
                      Mistake{"date_diff('eon', born, born)", "unknown part 'eon'"},
                      Mistake{"date_diff('day', name, born)", "dates are wanted"},
                      Mistake{"list_transform(names, upper(name))", "wants a lambda as its second argument"},
                      Mistake{"list_transform(name, x -> x)", "list_transform wants a list, not VARCHAR"},
                      Mistake{"born - now", "unknown column 'now'"},
                      Mistake{"try_strptime('a', '%Y') - try_strptime('b', '%Y')", "INTERVAL, which is not supported"},
                      Mistake{"[1] || 'x'", "|| wants INTEGER[] here, not VARCHAR"},
                      Mistake{"1 // 0", "division by zero"},
                      Mistake{"repeat('abcdefgh', 10000000)", "more than 16 MiB"},
                      Mistake{"chr(-1)", "chr wants the number of a character"},
                      Mistake{"hamming('a', 'ab')", "texts of equal length"}));

TEST(Evaluator, PointsAtTheInnermostCallThatFailed) {
  EXPECT_EQ(error_of("length(upper(name)) + cast(name as int)", {Value::of_text("x")}),
            "cannot convert 'x' to INTEGER; TRY_CAST gives NULL instead\n"
            "  length(upper(name)) + cast(name as int)\n"
            "                        ^");
}

TEST(Evaluator, StopsLambdasThatNeverEnd) {
  std::string sql = "length(string_split(repeat('x,', 9000), ','))";
  for (int i = 0; i < 3; ++i) sql = "length(list_transform(string_split(repeat('x,', 9000), ','), x -> " + sql + "))";
  EXPECT_THAT(error_of(sql), HasSubstr("10 million list elements"));
}

}  // namespace
}  // namespace linkwright
