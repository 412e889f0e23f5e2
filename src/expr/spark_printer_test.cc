#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "expr/expression.h"

namespace linkwright {
namespace {

using ::testing::HasSubstr;

struct Translated {
  std::string_view sql;
  std::string_view spark;

  friend std::ostream& operator<<(std::ostream& out, const Translated& translated) { return out << translated.sql; }
};

class SparkSql : public ::testing::TestWithParam<Translated> {};

TEST_P(SparkSql, SaysTheSame) {
  const auto parsed = Expression::parse(GetParam().sql);
  ASSERT_TRUE(parsed.ok()) << parsed.status().message();
  const auto spark = parsed->to_spark_sql();
  ASSERT_TRUE(spark.ok()) << spark.status().message();
  EXPECT_EQ(*spark, GetParam().spark);
}

INSTANTIATE_TEST_SUITE_P(
    Operators, SparkSql,
    ::testing::Values(
        Translated{"l.a = r.a and (l.b = r.b or l.c <> r.c)", "(l.a = r.a) AND ((l.b = r.b) OR (NOT (l.c = r.c)))"},
        Translated{"l.\"first name\" is not null", "NOT (l.`first name` IS NULL)"},
        Translated{"a is not distinct from b", "NOT (NOT (a <=> b))"}, Translated{"a in (1, 'x')", "a IN (1, 'x')"},
        Translated{"-(a - 1) / 2", "try_divide(CAST(-(a - 1) AS DOUBLE), 2)"},
        Translated{"a // 2", "a DIV nullif(2, 0)"}, Translated{"a || ' ' || b", "a || ' ' || b"},
        Translated{"'it''s \\d'", "'it\\'s \\\\d'"}, Translated{"1.5e3", "1.5e+03D"}, Translated{"0.90", "0.90"},
        Translated{"case when a then 1 end", "CASE WHEN a THEN 1 ELSE NULL END"},
        Translated{"a like '10\\%'", "a LIKE '10\\\\\\\\%'"}, Translated{"a ilike 'x%'", "a ILIKE 'x%'"},
        Translated{"a like 'x$%' escape '$'", "a LIKE 'x$%' ESCAPE '$'"}));

INSTANTIATE_TEST_SUITE_P(Casts, SparkSql,
                         ::testing::Values(Translated{"a::text", "CAST(a AS STRING)"},
                                           Translated{"a::int[]", "CAST(a AS ARRAY<INT>)"},
                                           Translated{"try_cast(a as uinteger)", "TRY_CAST(a AS BIGINT)"},
                                           Translated{"date '1990-02-03'", "CAST('1990-02-03' AS DATE)"}));

INSTANTIATE_TEST_SUITE_P(
    Functions, SparkSql,
    ::testing::Values(
        Translated{"concat(a, b)", "concat_ws('', a, b)"}, Translated{"trim(a, 'x')", "trim(BOTH 'x' FROM a)"},
        Translated{"regexp_extract(a, '^[A-Z]')", "regexp_extract(a, '^[A-Z]', 0)"},
        Translated{"regexp_extract(a, '(x)', 1, 'i')", "regexp_extract(a, concat('(?iu)', '(x)'), 1)"},
        Translated{"regexp_matches(a, '\\d')", "regexp_like(a, '\\\\d')"},
        Translated{"regexp_full_match(a, 'x')", "regexp_like(a, concat('^(?:', 'x', ')\\\\z'))"},
        Translated{"regexp_replace(a, '(b)', '\\1$', 'g')", "regexp_replace(a, '(b)', '$1\\\\$')"},
        Translated{"log(a)", "log10(a)"}, Translated{"a[1]", "try_element_at(a, 1)"},
        Translated{"array_length(list_intersect(l.a, r.a)) >= 1",
                   "array_size(coalesce(array_compact(array_intersect(r.a, l.a)), filter(l.a, x -> FALSE))) >= 1"},
        Translated{"list_max(list_transform(flatten(list_transform(l.a, x -> list_transform(r.a, y -> [x, y]))), "
                   "pair -> levenshtein(pair[1], pair[2]))) <= 1",
                   "array_max(transform(flatten(transform(l.a, x -> transform(r.a, y -> array(x, y)))), pair -> "
                   "levenshtein(decode(encode(try_element_at(pair, 1), 'UTF-8'), 'ISO-8859-1'), "
                   "decode(encode(try_element_at(pair, 2), 'UTF-8'), 'ISO-8859-1')))) <= 1"}));

INSTANTIATE_TEST_SUITE_P(
    Dates, SparkSql,
    ::testing::Values(
        Translated{"abs(epoch(try_strptime(l.dob, '%Y-%m-%d')) - epoch(r.dob)) <= 86400",
                   "abs((unix_micros(CAST(try_to_timestamp(trim(l.dob), 'y-M-d') AS TIMESTAMP)) / 1000000D) - "
                   "(unix_micros(CAST(r.dob AS TIMESTAMP)) / 1000000D)) <= 86400"},
        Translated{"try_strptime(a, ['%d/%m/%Y', '%Y%m%d'])",
                   "coalesce(try_to_timestamp(trim(a), 'd/M/y'), try_to_timestamp(trim(a), 'yyyyMMdd'))"},
        Translated{"strftime(a, '%Y-%m-%dT%H')", "date_format(a, 'yyyy-MM-dd\\'T\\'HH')"},
        Translated{"date_diff('month', a, b)", "((year(b) - year(a)) * 12 + month(b) - month(a))"},
        Translated{"extract(dow from a)", "(dayofweek(a) - 1)"},
        Translated{"a - interval 1 week", "timestampadd(WEEK, -1, a)"},
        Translated{"date_trunc('months', a)", "date_trunc('MONTH', a)"}));

INSTANTIATE_TEST_SUITE_P(
    PatternsThatJavaReadsOtherwise, SparkSql,
    ::testing::Values(Translated{"regexp_extract(a, '[0-9]+$')", "regexp_extract(a, '[0-9]+\\\\z', 0)"},
                      Translated{"regexp_extract(a, 'x.y')", "regexp_extract(a, '(?d)x.y', 0)"},
                      Translated{"regexp_extract(a, '[.$]\\.\\$')", "regexp_extract(a, '[.$]\\\\.\\\\$', 0)"},
                      Translated{"regexp_extract(a, '[[:alpha:][:^digit:]]')",
                                 "regexp_extract(a, '[\\\\p{Alpha}\\\\P{Digit}]', 0)"},
                      Translated{"regexp_extract(a, '[a[&&]')", "regexp_extract(a, '[a\\\\[\\\\&&]', 0)"},
                      Translated{"regexp_extract(a, '(?i)(?P<n>[]x])')", "regexp_extract(a, '(?iu)(?<n>[\\\\]x])', 0)"},
                      Translated{"regexp_extract(a, '\\Q[$.\\E')", "regexp_extract(a, '\\\\Q[$.\\\\E', 0)"}));

class SparkSqlGap : public ::testing::TestWithParam<std::string_view> {};

TEST_P(SparkSqlGap, IsNotImplementedAndNamed) {
  const auto spark = Expression::parse(GetParam())->to_spark_sql();
  EXPECT_TRUE(spark.status().IsNotImplemented()) << spark.status().ToString();
  EXPECT_THAT(spark.status().message(), HasSubstr("Spark SQL has no equal of"));
}

INSTANTIATE_TEST_SUITE_P(All, SparkSqlGap,
                         ::testing::Values("jaro_winkler_similarity(l.a, r.a) > 0.9", "damerau_levenshtein(a, b)",
                                           "jaccard(a, b)", "list_transform(a, (x, i) -> i)",
                                           "date_diff('decade', a, b)", "regexp_replace(a, 'x', 'y')",
                                           "try_strptime(a, '%A')", "try_strptime(a, '%d/%m/%y')", "left(a, -1)",
                                           "substring(a, 0, 2)", "try_strptime(a, b)", "regexp_matches(a, 'x', 'l')"));

}  // namespace
}  // namespace linkwright
