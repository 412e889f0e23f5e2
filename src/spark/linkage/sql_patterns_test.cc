#include "spark/linkage/sql_patterns.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "spark/linkage/sql_test_job.h"

namespace linkwright::spark {
namespace {

using test::comparison;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

LinkageModel model() {
  LinkageModel made;
  made.comparisons = {comparison("name", {"name_l IS NULL OR name_r IS NULL", "name_l = name_r"}),
                      comparison("age", {"age_l = age_r"}), comparison("city", {"city_l = city_r"})};
  made.blocking_rules.push_back({"l.tags = r.tags", "duckdb", {}});
  return made;
}

std::string pattern_counts(const LinkageModel& of, const PatternQuestion& question) {
  SqlRefusals refusals;
  return sql_pattern_counts(of, question, SqlColumns(*test::records()), "nodes", &refusals).ValueOrDie();
}

TEST(SqlPatterns, NumbersThePatternsOfTheComparisonsThatAreAskedFor) {
  EXPECT_THAT(
      pattern_counts(model(), {"l.age = r.age", {0, 2}, false}),
      AllOf(HasSubstr("CASE\n  WHEN (name_l IS NULL) OR (name_r IS NULL) THEN 0L\n  WHEN name_l = name_r THEN 1L "
                      "ELSE 2L END AS lw_level_0"),
            HasSubstr("WHEN city_l = city_r THEN 0L ELSE 1L END AS lw_level_1"),
            HasSubstr("lw_level_0 * 1L + lw_level_1 * 4L AS lw_pattern"), Not(HasSubstr("age_l")),
            HasSubstr("GROUP BY lw_pattern, lw_adjusted, lw_adjustment")));
}

TEST(SqlPatterns, CountsPairsWithoutALevelBehindAllLevels) {
  LinkageModel without = model();
  without.comparisons[1].levels.pop_back();
  EXPECT_THAT(pattern_counts(without, {"l.city = r.city", {1, 2}, false}),
              AllOf(HasSubstr("WHEN age_l = age_r THEN 0L ELSE 1L END AS lw_level_0"),
                    HasSubstr("lw_level_0 * 1L + lw_level_1 * 2L AS lw_pattern")));
}

TEST(SqlPatterns, MakesPairsOfTheQuestionsRuleOnly) {
  const std::string sql = pattern_counts(model(), {"l.age = r.age or l.city = r.city", {0}, false});
  EXPECT_THAT(sql, AllOf(HasSubstr("ON (l.age = r.age)\n  AND l.lw_id < r.lw_id"),
                         HasSubstr("AND NOT (coalesce((l.age = r.age), FALSE))"), Not(HasSubstr("tags"))));
}

TEST(SqlPatterns, TellsPairsApartByAdjustmentsWhereTheyAreAskedFor) {
  LinkageModel adjusted = model();
  adjusted.comparisons[2].levels[0].tf_adjustment_column = "city";
  EXPECT_THAT(pattern_counts(adjusted, {"l.age = r.age", {0, 2}, false}),
              AllOf(Not(HasSubstr("lw_tf_")), HasSubstr("0L AS lw_adjusted,\n  0D AS lw_adjustment")));
  EXPECT_THAT(pattern_counts(adjusted, {"l.age = r.age", {0, 2}, true}),
              AllOf(HasSubstr("l.`lw_tf_city` AS `lw_tf_city_l`"),
                    HasSubstr("CASE lw_level_1 WHEN 0L THEN 1e+00D * (-2e+00D - log2(greatest(`lw_tf_city_l`, "
                              "`lw_tf_city_r`))) END AS lw_adjustment_1"),
                    HasSubstr("if(lw_adjustment_1 IS NULL, 0L, 2L) AS lw_adjusted"),
                    HasSubstr("coalesce(lw_adjustment_1, 0D) AS lw_adjustment")));
}

TEST(SqlPatterns, CountsThePairsOfSeveralRulesOnce) {
  SqlRefusals refusals;
  const std::string sql =
      sql_pair_count(model(), {"l.age = r.age", "l.city = r.city"}, SqlColumns(*test::records()), "nodes", &refusals)
          .ValueOrDie();
  EXPECT_THAT(sql, AllOf(HasSubstr("SELECT count(*) AS lw_pairs FROM"), HasSubstr("UNION ALL"),
                         HasSubstr("AND NOT (coalesce((l.age = r.age), FALSE))"), Not(HasSubstr("tags"))));
}

}  // namespace
}  // namespace linkwright::spark
