#include "spark/linkage/sql_prediction.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

#include "spark/linkage/sql_job.h"
#include "spark/linkage/sql_test_job.h"

namespace linkwright::spark {
namespace {

using test::job;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

struct Queries {
  std::string predictions;
  std::string is_kept;
  std::string records;
  std::string id;
};

Result<Queries> queries(const LinkageJob& of) {
  ARROW_ASSIGN_OR_RAISE(SqlJob sql, sql_job(of, *test::records(), "people"));
  SqlRefusals refusals;
  ARROW_ASSIGN_OR_RAISE(SqlPrediction made, sql_prediction(of, sql.columns, "nodes", &refusals));
  return Queries{std::move(made.predictions), std::move(made.is_kept), std::move(sql.records), std::move(sql.id)};
}

std::string predictions(const LinkageJob& of) { return queries(of).ValueOrDie().predictions; }

TEST(SqlPrediction, MakesLevelsOneCaseInTheirOrder) {
  EXPECT_THAT(predictions(job({"name_l IS NULL OR name_r IS NULL", "name_l = name_r"}, {"l.city = r.city"})),
              HasSubstr("CASE\n  WHEN (name_l IS NULL) OR (name_r IS NULL) THEN -1\n  WHEN name_l = name_r THEN 1 "
                        "ELSE 0 END AS lw_gamma_0"));
}

TEST(SqlPrediction, GivesNoLevelWhereNoneIsTrueAndThereIsNoElse) {
  LinkageJob without = job({"name_l = name_r"}, {"l.city = r.city"});
  without.model.comparisons[0].levels.pop_back();
  EXPECT_THAT(predictions(without), HasSubstr("ELSE NULL END AS lw_gamma_0"));
}

TEST(SqlPrediction, ExcludesPairsOfEarlierRulesButNotForTheirNulls) {
  const std::string sql = predictions(job({"name_l = name_r"}, {"l.city = r.city", "l.age = r.age and l.age > 3"}));
  EXPECT_THAT(sql, HasSubstr("ON (l.age = r.age) AND (l.age > 3)\n  AND l.lw_id < r.lw_id\n  "
                             "AND NOT (coalesce((l.city = r.city), FALSE))"));
  EXPECT_THAT(sql, HasSubstr("1 AS lw_rule"));
}

TEST(SqlPrediction, TurnsARuleOfAlternativesIntoAJoinForEach) {
  const std::string sql = predictions(job({"name_l = name_r"}, {"l.city = r.city or l.age = r.age"}));
  EXPECT_THAT(sql,
              AllOf(HasSubstr("ON (l.city = r.city)\n"), HasSubstr("UNION ALL"), HasSubstr("ON (l.age = r.age)\n")));
}

TEST(SqlPrediction, LetsEveryRecordMeetEveryOtherWithoutRules) {
  EXPECT_THAT(predictions(job({"name_l = name_r"}, {})), HasSubstr("ON TRUE\n  AND l.lw_id < r.lw_id"));
}

TEST(SqlPrediction, ComparesTextIdsOfSeveralDatasetsAsSplinkNamesThem) {
  LinkageJob linking = job({"name_l = name_r"}, {"l.city = r.city"});
  linking.model.link_type = LinkType::kLinkOnly;
  const Queries made = queries(linking).ValueOrDie();
  EXPECT_EQ(made.id, "concat(`source_dataset`, '-__-', `unique_id`)");
  EXPECT_THAT(made.predictions, HasSubstr("l.`source_dataset` <> r.`source_dataset`"));
}

TEST(SqlPrediction, TellsExplodedPairsApartByTheirIds) {
  LinkageJob exploding = job({"name_l = name_r"}, {"l.tags = r.tags"});
  exploding.model.blocking_rules[0].arrays_to_explode = {"tags"};
  EXPECT_THAT(predictions(exploding), AllOf(HasSubstr("explode(`tags`) AS `tags`"),
                                            HasSubstr("SELECT DISTINCT l.lw_id"), HasSubstr("min(lw_rule)")));
}

TEST(SqlPrediction, ReadsFrequenciesOnlyWhereALevelIsAdjusted) {
  LinkageJob adjusted = job({"name_l = name_r"}, {"l.city = r.city"});
  EXPECT_THAT(predictions(adjusted), Not(HasSubstr("lw_tf_")));
  adjusted.model.comparisons[0].levels[0].tf_adjustment_column = "name";
  EXPECT_THAT(predictions(adjusted), HasSubstr("l.`lw_tf_name` AS `lw_tf_name_l`"));
  EXPECT_THAT(predictions(adjusted), HasSubstr("THEN 1e+00D * (-2e+00D - log2(greatest("));
}

TEST(SqlPrediction, KeepsPairsAtTheThreshold) {
  LinkageJob strict = job({"name_l = name_r"}, {"l.city = r.city"});
  strict.predict->match_weight = 2.5;
  EXPECT_EQ(queries(strict).ValueOrDie().is_kept, "match_weight >= 2.5e+00D");
  EXPECT_EQ(queries(job({"name_l = name_r"}, {})).ValueOrDie().is_kept, "TRUE");
}

// As DuckDB does for Splink; Spark is told to mind the case, so that two names of one column are not ambiguous to it.
TEST(SqlPrediction, FindsColumnsWhateverTheCaseOfTheirNames) {
  LinkageJob shouting =
      job({"NAME_L = NAME_R", "lower(Name_l) = lower(name_r)"}, {"l.TAGS = r.tags AND l.City = r.CITY"});
  shouting.model.blocking_rules[0].arrays_to_explode = {"Tags"};
  shouting.model.comparisons[0].levels[0].tf_adjustment_column = "Name";
  shouting.model.additional_columns_to_retain = {"AGE"};
  shouting.derive = {{"initial", "substr(NAME, 1, 1)"}};
  const Queries made = queries(shouting).ValueOrDie();
  EXPECT_THAT(made.records, HasSubstr("substring(name, 1, 1) AS `initial`"));
  EXPECT_THAT(made.predictions,
              AllOf(HasSubstr("WHEN name_l = name_r THEN"), HasSubstr("lower(name_l) = lower(name_r)"),
                    HasSubstr("explode(`tags`) AS `tags`"), HasSubstr("(l.tags = r.tags) AND (l.city = r.city)"),
                    HasSubstr("l.`name` AS `name_l`"), HasSubstr("l.`lw_tf_Name` AS `lw_tf_Name_l`"),
                    HasSubstr("`age_l` AS `AGE_l`"), Not(HasSubstr("l.`NAME`"))));
}

TEST(SqlPrediction, TellsErrorsOfTheModelAsTheEmbeddedEngineDoes) {
  const auto message = [](const LinkageJob& of) { return queries(of).status().message(); };
  EXPECT_THAT(message(job({"nam_l = nam_r"}, {"l.city = r.city"})), HasSubstr("did you mean 'name'?"));
  EXPECT_THAT(message(job({"name_l = name_r"}, {"l.town = r.town"})), HasSubstr("no column 'town'"));
  EXPECT_THAT(message(job({"tags_l + 1 = 2"}, {"l.city = r.city"})), HasSubstr("comparison 'name'"));
  LinkageJob other_id = job({"name_l = name_r"}, {"l.city = r.city"});
  other_id.model.unique_id_column_name = "id";
  EXPECT_THAT(message(other_id), HasSubstr("no column 'id'"));
}

}  // namespace
}  // namespace linkwright::spark
