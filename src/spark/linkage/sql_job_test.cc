#include "spark/linkage/sql_job.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "spark/linkage/sql_test_job.h"

namespace linkwright::spark {
namespace {

using test::comparison;
using test::job;
using ::testing::AllOf;
using ::testing::HasSubstr;

Result<SqlJob> queries(const LinkageJob& of) { return sql_job(of, *test::records(), "people"); }

// Training that asks for the pairs of every kind of rule.
LinkageJob training_job(const std::vector<std::string>& conditions) {
  LinkageJob training = job(conditions, {"l.city = r.city"});
  training.predict.reset();
  training.training.prior = PriorTraining{{"l.name = r.name"}, 1.0};
  training.training.u = UTraining{};
  training.training.em.emplace_back().rule = "l.age = r.age";
  return training;
}

TEST(SqlJob, DerivesColumnsOneAfterTheOther) {
  LinkageJob deriving = job({"clean_l = clean_r"}, {"l.first = r.first"});
  deriving.derive = {{"clean", "lower(trim(name))"}, {"first", "substr(clean, 1, 1)"}};
  EXPECT_THAT(queries(deriving).ValueOrDie().records,
              HasSubstr("(SELECT *, substring(clean, 1, 1) AS `first` FROM (SELECT *, lower(trim(name)) AS `clean` "
                        "FROM people))"));
}

TEST(SqlJob, DerivesColumnsOfTheEmbeddedEnginesTypes) {
  LinkageJob deriving = job({"name_l = name_r"}, {"l.city = r.city"});
  deriving.derive = {{"decade", "age // 10"}, {"born", "try_strptime(name, '%Y-%m-%d')"}};
  EXPECT_THAT(queries(deriving).ValueOrDie().records,
              AllOf(HasSubstr("AS BIGINT) AS `decade`"), HasSubstr("AS TIMESTAMP_NTZ) AS `born`")));
}

TEST(SqlJob, NamesEverythingThatItRefuses) {
  LinkageJob refused = job(
      {"jaro_winkler_similarity(name_l, name_r) >= 0.9", "name_l = name_r", "damerau_levenshtein(city_l, city_r) <= 1"},
      {"l.city = r.city and jaro_similarity(l.name, r.name) > 0.5"});
  refused.derive = {{"short", "left(name, -1)"}};
  const Status status = queries(refused).status();
  EXPECT_TRUE(status.IsNotImplemented()) << status;
  EXPECT_THAT(
      status.message(),
      AllOf(HasSubstr("comparison 'name', level 'jaro_winkler_similarity(name_l, name_r) >= 0.9': Spark SQL has "
                      "no equal of jaro_winkler_similarity\n"),
            HasSubstr("level 'damerau_levenshtein(city_l, city_r) <= 1'"),
            HasSubstr("blocking rule 'l.city = r.city and"), HasSubstr("derived column 'short'"),
            HasSubstr("or use the embedded engine")));
}

TEST(SqlJob, NamesRulesAndLevelsThatTrainingAsksFor) {
  LinkageJob refused = training_job({"name_l = name_r", "jaro_winkler_similarity(name_l, name_r) >= 0.9"});
  refused.training.prior->rules.emplace_back("l.city = r.city and damerau_levenshtein(l.name, r.name) < 2");
  refused.training.em[0].rule = "l.age = r.age and jaccard(l.city, r.city) > 0.5";
  const Status status = queries(refused).status();
  EXPECT_TRUE(status.IsNotImplemented()) << status;
  EXPECT_THAT(status.message(), AllOf(HasSubstr("blocking rule 'l.city = r.city and damerau"),
                                      HasSubstr("blocking rule 'l.age = r.age and jaccard"),
                                      HasSubstr("comparison 'name', level 'jaro_winkler_similarity"),
                                      HasSubstr("or use the embedded engine")));
}

TEST(SqlJob, TellsARefusalThatSeveralQueriesMeetOnce) {
  LinkageJob refused = training_job({"jaro_similarity(name_l, name_r) > 0.9"});
  refused.predict = Threshold{};
  refused.training.em.emplace_back().rule = "l.city = r.city";
  refused.training.m_from_label_column = MFromLabelColumn{"city"};
  const std::string message = queries(refused).status().message();
  const size_t first = message.find("comparison 'name'");
  ASSERT_NE(first, std::string::npos) << message;
  EXPECT_EQ(message.find("comparison 'name'", first + 1), std::string::npos) << message;
}

// Samples for u are compared in this process.
TEST(SqlJob, RefusesOnlyWhatIsAsked) {
  LinkageJob of_u = training_job({"jaro_similarity(name_l, name_r) > 0.9"});
  of_u.training.em.clear();
  EXPECT_TRUE(queries(of_u).ok()) << queries(of_u).status();
  LinkageJob fixes_it = training_job({"jaro_similarity(name_l, name_r) > 0.9"});
  fixes_it.training.em[0].rule = "l.name = r.name";
  fixes_it.model.comparisons.push_back(comparison("city", {"city_l = city_r"}));
  EXPECT_TRUE(queries(fixes_it).ok()) << queries(fixes_it).status();
}

TEST(SqlJob, TellsMissingColumnsOfTheRuleThatReadsThem) {
  LinkageJob shown = job({"name_l = name_r"}, {"l.cityy = r.cityy"});
  shown.model.retain_matching_columns = true;
  shown.model.additional_columns_to_retain = {"cityy"};
  EXPECT_THAT(queries(shown).status().message(),
              AllOf(HasSubstr("blocking rule 'l.cityy = r.cityy'"), HasSubstr("did you mean 'city'?")));
  shown.model.blocking_rules[0].sql = "l.city = r.city";
  EXPECT_THAT(queries(shown).status().message(), HasSubstr("no column 'cityy'; did you mean 'city'?"));
}

TEST(SqlJob, TellsErrorsOfTrainingRules) {
  LinkageJob misspelt = training_job({"name_l = name_r"});
  misspelt.training.em[0].rule = "l.agee = r.agee";
  EXPECT_THAT(queries(misspelt).status().message(),
              AllOf(HasSubstr("blocking rule 'l.agee = r.agee'"), HasSubstr("did you mean 'age'?")));
  LinkageJob unlabelled = training_job({"name_l = name_r"});
  unlabelled.training.m_from_label_column = MFromLabelColumn{"clutser"};
  EXPECT_THAT(queries(unlabelled).status().message(), HasSubstr("no column 'clutser'"));
}

}  // namespace
}  // namespace linkwright::spark
