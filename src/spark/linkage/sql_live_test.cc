// Jobs as Spark SQL on a real Spark, value by value against the embedded engine. scripts/with-spark starts the server.

#include <arrow/table.h>
#include <arrow/type.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "engine/embedded_engine.h"
#include "linkwright/spark.h"
#include "spark/linkage/cluster_rows.h"
#include "spark/linkage/live_tables.h"
#include "spark/linkage/spark_engine.h"
#include "spark/linkage/sql_run.h"

namespace linkwright::spark {
namespace {

using Json = nlohmann::ordered_json;
using test::expect_same_rows;
using test::read;
using test::session;
using test::Table;

constexpr const char* kNames[] = {"Müller", "Muller", "Möller", "O'Brien", "OBrien", "日本", "日木", "Smith",
                                  "Smyth",  "smith",  "",       "Ng",      "Ngo",    "Zoë",  "Zoe",  "Schmidt"};
constexpr const char* kCities[] = {"York", "Leeds", "Bath", "Ely", "Köln"};
constexpr const char* kDates[] = {"1990-02-01",  "1990-02-03",  "1990-3-1",   "1990-02-30", "1991-06-30", "2001-12-31",
                                  "1990-02-01x", " 1990-02-01", "03/02/1990", "",           "1968-03-31", "1968-10-27"};
constexpr const char* kCodes[] = {"YO1 7HH", "yo1 7hh", "LS1 4AP", "none", "BA1", "EC1A 1BB"};

// Records with nulls, empty and other than ASCII texts, dates that are none, and lists.
std::string record(uint64_t number, const std::string& source, bool text_id) {
  uint64_t state = number * 2654435761 + 12345 + source.size() * 977;
  const auto pick = [&](uint64_t below) {
    state = state * 6364136223846793005 + 1442695040888963407;
    return (state >> 33) % below;
  };
  Json row;
  if (text_id) {
    row["unique_id"] = "r" + std::to_string(number);
  } else {
    row["unique_id"] = static_cast<int64_t>(number) - 20;
  }
  if (!source.empty()) row["source_dataset"] = source;
  const auto maybe = [&](const char* name, const Json& value) { row[name] = pick(9) == 0 ? Json() : value; };
  maybe("name", kNames[pick(std::size(kNames))]);
  maybe("other", kNames[pick(std::size(kNames))]);
  maybe("city", kCities[pick(std::size(kCities))]);
  maybe("dob", kDates[pick(std::size(kDates))]);
  maybe("age", static_cast<int64_t>(pick(12)));
  maybe("size", static_cast<double>(pick(40)) / 7);
  maybe("code", kCodes[pick(std::size(kCodes))]);
  Json tags = Json::array();
  for (uint64_t i = pick(4); i > 0; --i) tags.push_back("t" + std::to_string(pick(6)));
  maybe("tags", tags);
  return row.dump();
}

Json level(const std::string& sql, double m, double u) {
  return {{"sql_condition", sql}, {"label_for_charts", sql}, {"m_probability", m}, {"u_probability", u}};
}
Json null_level(const std::string& sql) {
  return {{"sql_condition", sql}, {"label_for_charts", "null"}, {"is_null_level", true}};
}
Json adjusted(Json of, const std::string& column, double weight, double minimum_u) {
  of["tf_adjustment_column"] = column;
  of["tf_adjustment_weight"] = weight;
  of["tf_minimum_u_value"] = minimum_u;
  return of;
}

Json comparison(const std::string& name, const std::vector<Json>& levels) {
  return {{"output_column_name", name}, {"comparison_levels", levels}};
}

constexpr const char* kDob = "try_strptime(dob_l, '%Y-%m-%d')";
const std::string kDays =
    "abs(epoch(try_strptime(dob_l, '%Y-%m-%d')) - epoch(try_strptime(dob_r, '%Y-%m-%d'))) <= 86400 * ";

// Levels of every kind that Spark SQL can express.
Json settings(const std::string& link_type, const Json& rules) {
  const std::vector<Json> comparisons = {
      comparison("name", {null_level("name_l IS NULL OR name_r IS NULL"),
                          adjusted(level("name_l = name_r", 0.7, 0.05), "name", 1.0, 0.0),
                          adjusted(level("levenshtein(name_l, name_r) <= 1", 0.2, 0.1), "name", 0.5, 0.07),
                          level("levenshtein(name_l, name_r) <= 2", 0.06, 0.2), level("ELSE", 0.04, 0.65)}),
      comparison("swapped", {level("name_l = other_r AND other_l = name_r", 0.3, 0.01),
                             level("other_l = other_r OR name_l = other_r", 0.4, 0.2), level("ELSE", 0.3, 0.79)}),
      comparison("dob", {null_level(std::string(kDob) + " IS NULL OR try_strptime(dob_r, '%Y-%m-%d') IS NULL"),
                         level("dob_l = dob_r", 0.6, 0.02), level(kDays + "2", 0.2, 0.03),
                         level(kDays + "365", 0.1, 0.3), level("ELSE", 0.1, 0.65)}),
      comparison("age", {null_level("age_l IS NULL OR age_r IS NULL"), level("abs(age_l - age_r) <= 1", 0.8, 0.3),
                         level("age_l // 4 = age_r // 4 or age_l % 5 = 0", 0.1, 0.3)}),
      comparison("size", {null_level("size_l IS NULL OR size_r IS NULL"),
                          level("abs(size_l - size_r) / greatest(size_l, size_r) < 0.1", 0.7, 0.1),
                          level("round(size_l) = round(size_r)", 0.1, 0.1), level("ELSE", 0.2, 0.8)}),
      comparison("code", {null_level("nullif(regexp_extract(code_l, '^[A-Z]{1,2}[0-9]', 0), '') IS NULL OR "
                                     "nullif(regexp_extract(code_r, '^[A-Z]{1,2}[0-9]', 0), '') IS NULL"),
                          level("code_l = code_r", 0.6, 0.1),
                          level("substr(upper(code_l), 1, 2) = substr(upper(code_r), 1, 2)", 0.2, 0.2),
                          level("ELSE", 0.2, 0.7)}),
      comparison("tags",
                 {null_level("tags_l IS NULL OR tags_r IS NULL"),
                  level("array_length(list_intersect(tags_l, tags_r)) >= 2", 0.3, 0.05),
                  level("array_length(list_intersect(tags_l, tags_r)) >= 1", 0.4, 0.25), level("ELSE", 0.3, 0.7)})};
  return {{"link_type", link_type},
          {"probability_two_random_records_match", 0.01},
          {"retain_matching_columns", true},
          {"retain_intermediate_calculation_columns", true},
          {"additional_columns_to_retain", {"source_dataset"}},
          {"blocking_rules_to_generate_predictions", rules},
          {"comparisons", comparisons}};
}

class SqlOnSpark : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::string name = ::testing::UnitTest::GetInstance()->current_test_info()->name();
    folder_ = std::string(std::getenv("SPARK_TEST_FOLDER")) + "/" + name;  // NOLINT(concurrency-mt-unsafe)
    std::filesystem::create_directories(folder_);
  }

  void write_records(bool text_ids, const std::vector<std::string>& sources, uint64_t count) {
    std::ofstream file(folder_ + "/people.ndjson");
    for (const std::string& source : sources) {
      for (uint64_t i = 0; i < count; ++i) file << record(i, source, text_ids) << "\n";
    }
  }

  LinkageJob job(const Json& model, const Json& predict, const Json& cluster = Json()) const {
    Json json = {{"name", "sql"},
                 {"inputs", {{{"path", folder_ + "/people.ndjson"}, {"name", "people"}}}},
                 {"derive", {{"initial", "upper(substr(trim(name), 1, 1))"}}},
                 {"settings", model},
                 {"output", {{"dir", folder_ + "/out"}, {"format", "parquet"}}}};
    json["predict"] = predict;
    if (!cluster.is_null()) json["cluster"] = cluster;
    return LinkageJob::from_json(json, folder_, "job").ValueOrDie();
  }

  // Both engines' predictions; the embedded engine's first.
  void expect_same(const LinkageJob& of, size_t at_least) {
    const auto run = run_job(of, {});
    ASSERT_TRUE(run.ok()) << run.status().message();
    const Table expected = read(folder_ + "/out/predictions.parquet");
    const Session spark = session();
    const DataFrame records = spark.create_data_frame(read(folder_ + "/people.ndjson")).ValueOrDie();
    const auto nodes = sql_nodes(spark, of, {records.repartition(3), records.schema().ValueOrDie()});
    ASSERT_TRUE(nodes.ok()) << nodes.status().message();
    const auto predictions = predict_in_sql(spark, of, *nodes);
    ASSERT_TRUE(predictions.ok()) << predictions.status().message();
    const auto table = predictions->frame.filter(expr(predictions->is_kept)).to_arrow();
    ASSERT_TRUE(table.ok()) << table.status().message();
    EXPECT_GE((*table)->num_rows(), static_cast<int64_t>(at_least));
    expect_same_rows(*table, expected);
    for (const auto& field : expected->schema()->fields()) {
      auto type = field->type();
      if (type->id() == arrow::Type::DICTIONARY) type = static_cast<const arrow::DictionaryType&>(*type).value_type();
      EXPECT_EQ((*table)->schema()->GetFieldByName(field->name())->type()->id(), type->id()) << field->name();
    }
    if (!of.cluster) return;
    const Table expected_clusters = read(folder_ + "/out/clusters.parquet");
    const auto clusters =
        cluster_rows(of, nodes->records, spark.read().parquet({folder_ + "/out/predictions.parquet"}), {});
    ASSERT_TRUE(clusters.ok()) << clusters.status().message();
    expect_same_rows(clusters->rows.frame.to_arrow().ValueOrDie(), expected_clusters);
  }

  // Models that both engines train.
  void expect_same_training(LinkageJob of) {
    of.predict.reset();
    const auto here = run_job(of, {});
    ASSERT_TRUE(here.ok()) << here.status().message();
    SparkOptions options;
    options.connection.remote = std::getenv("SPARK_REMOTE");  // NOLINT(concurrency-mt-unsafe)
    options.native = NativeUse::kNever;
    of.output.directory = folder_ + "/on-spark";
    const auto there = run_job_on_spark(of, options, {});
    ASSERT_TRUE(there.ok()) << there.status().message();
    test::expect_same_model(folder_ + "/on-spark/model.json", folder_ + "/out/model.json");
    EXPECT_EQ(there->training.warnings, here->training.warnings);
    ASSERT_EQ(there->training.sessions.size(), here->training.sessions.size());
    for (size_t s = 0; s < here->training.sessions.size(); ++s) {
      EXPECT_EQ(there->training.sessions[s].pairs, here->training.sessions[s].pairs);
      EXPECT_EQ(there->training.sessions[s].iterations, here->training.sessions[s].iterations);
    }
  }

  std::string folder_;
};

const Json kAll = Json::object();

TEST_F(SqlOnSpark, PredictsWhatTheEmbeddedEngineDoes) {
  write_records(false, {""}, 400);
  Json model = settings("dedupe_only", {"l.city = r.city and l.initial = r.initial", "l.age = r.age",
                                        "l.name = r.other or substr(l.code, 1, 2) = substr(r.code, 1, 2)"});
  model.erase("additional_columns_to_retain");
  expect_same(job(model, kAll), 10'000);
}

TEST_F(SqlOnSpark, OrdersTextIdsByBytesAndKeepsTheThreshold) {
  write_records(true, {""}, 400);
  Json model = settings("dedupe_only", {"l.city = r.city"});
  model.erase("additional_columns_to_retain");
  expect_same(job(model, {{"threshold_match_probability", 0.01}}, {{"threshold_match_probability", 0.9}}), 100);
}

TEST_F(SqlOnSpark, LinksDatasetsOnly) {
  write_records(false, {"b", "a-", "a"}, 120);
  expect_same(job(settings("link_only", {"l.city = r.city", "l.name = r.name"}), kAll,
                  {{"threshold_match_probability", {0.95, 0.05, 0.5}}}),
              5'000);
}

TEST_F(SqlOnSpark, LinksAndDedupesWithExplodedLists) {
  write_records(true, {"b", "a"}, 120);
  const Json rules = {{{"blocking_rule", "l.city = r.city and l.name = r.name"}},
                      {{"blocking_rule", "l.tags = r.tags and l.city = r.city"}, {"arrays_to_explode", {"tags"}}},
                      {{"blocking_rule", "l.age = r.age"}}};
  expect_same(job(settings("link_and_dedupe", rules), kAll), 2'500);
}

// Every source of m and u, over levels of every kind, comparisons without ELSE, datasets that share ids, and a rule
// with two arms.
TEST_F(SqlOnSpark, TrainsWhatTheEmbeddedEngineDoes) {
  write_records(false, {"b", "a"}, 150);
  std::ofstream labels(folder_ + "/labels.csv");
  labels << "source_dataset_l,unique_id_l,source_dataset_r,unique_id_r\n";
  for (int i = -20; i < 40; ++i) labels << "b," << i << ",a," << i + i % 3 << "\n";
  labels.close();
  Json model = settings("link_and_dedupe", {"l.city = r.city"});
  model["max_iterations"] = 6;
  LinkageJob of = job(model, kAll);
  of.training.prior = PriorTraining{{"l.name = r.name and l.city = r.city", "l.code = r.code and l.age = r.age"}, 0.9};
  of.training.u = UTraining{.max_pairs = 10'000, .seed = 5};
  of.training.m_from_label_column = MFromLabelColumn{"size"};
  of.training.m_from_pairwise_labels.emplace().labels.paths = {folder_ + "/labels.csv"};
  of.training.em = {EmTraining{.rule = "l.city = r.city or l.initial = r.initial"},
                    EmTraining{.rule = "l.age = r.age",
                               .without_term_frequencies = true,
                               .fix_u_probabilities = false,
                               .populate_prior_from_trained_values = true},
                    EmTraining{.rule = "l.city = r.city and l.code <> r.code",
                               .fix_m_probabilities = true,
                               .fix_u_probabilities = false,
                               .fix_probability_two_random_records_match = true}};
  expect_same_training(of);
}

}  // namespace
}  // namespace linkwright::spark
