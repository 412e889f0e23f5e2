#include "expr/expression.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "expr/function_names.h"

namespace linkwright {
namespace {

using ::testing::HasSubstr;

struct Printed {
  std::string_view sql;
  std::string_view printed;

  friend std::ostream& operator<<(std::ostream& out, const Printed& form) { return out << form.sql; }
};

class ExpressionText : public ::testing::TestWithParam<Printed> {};

TEST_P(ExpressionText, IsPrintedInOneCanonicalForm) {
  const auto parsed = Expression::parse(GetParam().sql);
  ASSERT_TRUE(parsed.ok()) << parsed.status().ToString();
  EXPECT_EQ(parsed->to_sql(), GetParam().printed);
  const auto again = Expression::parse(parsed->to_sql());
  ASSERT_TRUE(again.ok()) << again.status().ToString();
  EXPECT_EQ(*again, *parsed);
}

INSTANTIATE_TEST_SUITE_P(
    Operators, ExpressionText,
    ::testing::Values(Printed{"l.a=r.a", "l.a = r.a"}, Printed{"L.a <> R.\"a\"", "l.a <> r.a"},
                      Printed{"not a != b", "NOT a <> b"}, Printed{"not (a or b) and c", "NOT (a OR b) AND c"},
                      Printed{"(a or b) or c", "a OR b OR c"}, Printed{"a or (b and c)", "a OR b AND c"},
                      Printed{"- 2 ^ 2", "power(-2, 2)"}, Printed{"-a ^ 2", "power(-a, 2)"},
                      Printed{"2 ^ 3 ^ 2", "power(power(2, 3), 2)"}, Printed{"a-(b-c)-d", "a - (b - c) - d"},
                      Printed{"- - 5", "5"}, Printed{"-(-a)", "-(-a)"}, Printed{"a--b\n-b", "a - b"},
                      Printed{"1 + 2 || 'a'", "1 + 2 || 'a'"}, Printed{"1 + (2 || 'a')", "1 + (2 || 'a')"},
                      Printed{"null = null is null", "NULL = NULL IS NULL"}, Printed{"a is not null", "a IS NOT NULL"},
                      Printed{"a notnull", "a IS NOT NULL"},
                      Printed{"a is true", "CAST(a AS BOOLEAN) IS NOT DISTINCT FROM TRUE"},
                      Printed{"a between 1 and 2 and b", "a >= 1 AND a <= 2 AND b"},
                      Printed{"a not between 1 and 2", "NOT (a >= 1 AND a <= 2)"},
                      Printed{"a not in (1, null)", "a NOT IN (1, NULL)"}, Printed{"a in b", "contains(b, a)"},
                      Printed{"a not like 'x%' escape '$'", "a NOT LIKE 'x%' ESCAPE '$'"},
                      Printed{"a ~ 'x'", "regexp_matches(a, 'x')"}, Printed{"a @> b", "list_has_all(a, b)"}));

INSTANTIATE_TEST_SUITE_P(
    Values, ExpressionText,
    ::testing::Values(
        Printed{"'it''s'", "'it''s'"}, Printed{"e'a\\nb\\x41'", "'a\nbA'"}, Printed{"$$a'b$$", "'a''b'"},
        Printed{"0.90", "0.90"}, Printed{"-.5", "-.5"}, Printed{"1_000", "1000"}, Printed{"1.5e3", "1.5e+03"},
        Printed{"\"first name\"", "\"first name\""}, Printed{"\"a\"\"b\"", "\"a\"\"b\""},
        Printed{"\"case\"", "\"case\""}, Printed{"l.\"sur name\"", "l.\"sur name\""}, Printed{"[1, 2]", "[1, 2]"},
        Printed{"array[1]", "[1]"}, Printed{"a[1]", "list_extract(a, 1)"}, Printed{"a[2:]", "list_slice(a, 2, -1)"},
        Printed{"a[:-2]", "list_slice(a, 1, -2)"}, Printed{"a[:-:2]", "list_slice(a, 1, -1, 2)"},
        Printed{"/* x /* y */ */ a -- z", "a"}, Printed{"date '1990-01-02'", "CAST('1990-01-02' AS DATE)"},
        Printed{"a - interval '7 days'", "a + INTERVAL (-7) DAY"},
        Printed{"a + interval (b) months + c", "a + INTERVAL (b) MONTH + c"}, Printed{"a = any(b)", "a = ANY (b)"},
        Printed{"a::int[]", "CAST(a AS INTEGER[])"}, Printed{"-a::text", "-CAST(a AS VARCHAR)"},
        Printed{"try_cast(a as double precision)", "TRY_CAST(a AS DOUBLE)"},
        Printed{"a::decimal(4,2)", "CAST(a AS DECIMAL(4,2))"}));

INSTANTIATE_TEST_SUITE_P(
    Calls, ExpressionText,
    ::testing::Values(
        Printed{"SUBSTR(a, 1, 2)", "substring(a, 1, 2)"}, Printed{"substring(a from 2 for 1)", "substring(a, 2, 1)"},
        Printed{"trim(leading 'x' from a)", "ltrim(a, 'x')"}, Printed{"position('b' in a)", "strpos(a, 'b')"},
        Printed{"extract(year from a)", "date_part('year', a)"},
        Printed{"a.upper().substr(1, 2)", "substring(upper(a), 1, 2)"},
        Printed{"case a when 1 then 2 end", "CASE WHEN a = 1 THEN 2 ELSE NULL END"},
        Printed{"if(a, 1, 2)", "CASE WHEN a THEN 1 ELSE 2 END"}, Printed{"ifnull(a, 1)", "coalesce(a, 1)"},
        Printed{"list_transform(a, x -> x + 1)", "list_transform(a, lambda x: x + 1)"},
        Printed{"list_transform(a, (x, i) -> x || i)", "list_transform(a, lambda x, i: x || i)"},
        Printed{"list_transform(l.a, x -> list_transform(r.a, y -> [x, y]))",
                "list_transform(l.a, lambda x: list_transform(r.a, lambda y: [x, y]))"}));

std::string error_of(std::string_view sql) {
  const auto parsed = Expression::parse(sql);
  return parsed.ok() ? "no error" : parsed.status().message();
}

TEST(Expression, PointsAtAnUnknownFunctionAndOffersTheNearest) {
  EXPECT_EQ(error_of("a and levenstein(a, b) < 2"),
            "unknown function 'levenstein'; did you mean 'levenshtein'?\n"
            "  a and levenstein(a, b) < 2\n"
            "        ^");
}

TEST(Expression, CountsCodePointsBeforeTheCaret) {
  EXPECT_EQ(error_of("'é' || ?"),
            "this character has no meaning in a SQL expression\n"
            "  'é' || ?\n"
            "         ^");
}

TEST(Expression, ShowsOnlyTheLineAndThePartWithTheMistake) {
  const std::string sql = std::string(300, ' ') + "a = b or\n" + std::string(100, 'x') + " = )" + std::string(90, ' ');
  EXPECT_THAT(error_of(sql), HasSubstr("\n  ...xxx"));
  EXPECT_THAT(error_of(sql), HasSubstr("= )   "));
}

struct Mistake {
  std::string_view sql;
  std::string_view message;

  friend std::ostream& operator<<(std::ostream& out, const Mistake& mistake) { return out << mistake.sql; }
};

class ExpressionMistake : public ::testing::TestWithParam<Mistake> {};

TEST_P(ExpressionMistake, IsExplained) { EXPECT_THAT(error_of(GetParam().sql), HasSubstr(GetParam().message)); }

INSTANTIATE_TEST_SUITE_P(
    All, ExpressionMistake,
    ::testing::Values(Mistake{"", "the SQL expression is empty"}, Mistake{"a = ", "the expression ends here"},
                      Mistake{"a b", "expected an operator or the end"}, Mistake{"(a", "expected ')'"},
                      Mistake{"a < b < c", "a comparison cannot follow a comparison"},
                      Mistake{"'abc", "this text has no closing '"}, Mistake{"\"abc", "this name has no closing \""},
                      Mistake{"a /* b", "this comment has no closing */"}, Mistake{"a = 1x", "after the number"},
                      Mistake{"a::strng", "unknown type 'strng'; did you mean 'STRING'?"},
                      Mistake{"q.a", "'q' is no record of a pair"}, Mistake{"l.a.b", "fields of structs"},
                      Mistake{"levenshtein(a)", "levenshtein takes 2 arguments, not 1"},
                      Mistake{"concat()", "concat takes at least 1 argument, not 0"},
                      Mistake{"round(1,2,3)", "round takes 1 to 2 arguments, not 3"},
                      Mistake{"a in (select 1)", "subqueries are not supported"},
                      Mistake{"select", "expected a value before the keyword select"},
                      Mistake{"case a end", "expected WHEN"}, Mistake{"case when a end", "expected then"},
                      Mistake{"a is 5", "expected NULL, TRUE, FALSE or DISTINCT FROM"},
                      Mistake{"cast(a, int)", "expected as and a type"}, Mistake{"a in ()", "at least one value"},
                      Mistake{"interval 1 day", "an interval may only be added"}));

TEST(Expression, RefusesDeepNestingWithoutOverflowingTheStack) {
  EXPECT_THAT(error_of(std::string(100000, '(') + "a" + std::string(100000, ')')), HasSubstr("levels deep"));
  std::string chain = "1";
  for (int i = 0; i < 100000; ++i) chain += " - 1";
  EXPECT_THAT(error_of(chain), HasSubstr("levels deep"));
}

TEST(Expression, RefusesSharedOperandsThatMultiply) {
  std::string sql = "a";
  for (int i = 0; i < 60; ++i) sql = "(" + sql + " between 0 and 1)";
  EXPECT_THAT(error_of(sql), HasSubstr("parts"));
}

TEST(Expression, AcceptsVeryLongChains) {
  std::string sql = "l.a = r.a";
  for (int i = 0; i < 50000; ++i) sql += " or l.a = 'value " + std::to_string(i) + "'";
  const auto parsed = Expression::parse(sql);
  ASSERT_TRUE(parsed.ok()) << parsed.status().ToString();
  EXPECT_EQ(parsed->arguments().size(), 50001U);
}

TEST(Expression, GivesSidesToSuffixedColumns) {
  const auto parsed = Expression::parse("surname_l = surname_r and x_l and list_filter(a_l, y_l -> y_l = b_r)");
  ASSERT_TRUE(parsed.ok()) << parsed.status().ToString();
  const auto has_column = [](std::string_view name) { return name == "x_l"; };
  EXPECT_EQ(parsed->with_sides(has_column).to_sql(),
            "l.surname = r.surname AND x_l AND list_filter(l.a, lambda y_l: y_l = r.b)");
}

// As in Splink's SQL, where a level reads what is called x_l there: x of the left record.
TEST(Expression, TakesASuffixForASideWhereBothReadingsAreColumns) {
  const auto both = [](std::string_view name) { return name == "x" || name == "x_l"; };
  EXPECT_EQ(Expression::parse("x_l = x_r")->with_sides(both).to_sql(), "l.x = r.x");
}

TEST(Expression, ListsColumnsOnceInOrder) {
  const auto parsed = Expression::parse("r.b = l.a or r.b = c");
  ASSERT_TRUE(parsed.ok()) << parsed.status().ToString();
  const std::vector<ColumnReference> expected = {{Side::kRight, "b"}, {Side::kLeft, "a"}, {Side::kNone, "c"}};
  EXPECT_EQ(parsed->columns(), expected);
}

TEST(Expression, KnowsDecimalLiteralsFromDoubles) {
  EXPECT_EQ(Expression::parse("0.10")->decimal_digits(), "0.10");
  EXPECT_EQ(Expression::parse("1e-1")->decimal_digits(), "");
  EXPECT_EQ(Expression::parse("0.10")->literal().number, 0.1);
}

// The table of functions in docs/expressions.md: the words between backticks of its last column.
std::set<std::string> documented_functions() {
  std::ifstream file(LINKWRIGHT_SOURCE_DIR "/docs/expressions.md");
  std::set<std::string> names;
  bool in_table = false;
  for (std::string line; std::getline(file, line);) {
    in_table = line.starts_with("## ") ? line == "## Functions" : in_table;
    const size_t open = line.find('`');
    if (!in_table || open == std::string::npos) continue;
    std::istringstream words(line.substr(open + 1, line.rfind('`') - open - 1));
    for (std::string name; words >> name;) names.insert(name);
  }
  return names;
}

TEST(Expression, KnowsTheFunctionsThatAreDocumentedAndNoOthers) {
  const std::set<std::string> documented = documented_functions();
  for (const std::string& name : documented) EXPECT_TRUE(find_function(name)) << name;
  for (const std::string& name : known_function_names()) {
    const auto function = find_function(name);
    if (!function || function->name != name) continue;  // CASE and the like, and aliases
    EXPECT_TRUE(documented.contains(name)) << name << " is not documented";
  }
}

}  // namespace
}  // namespace linkwright
