#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "base/sanitized.h"
#include "compare/comparison_program.h"
#include "engine/embedded_engine.h"
#include "engine/job_columns.h"
#include "engine/job_records.h"
#include "engine/pattern_counts.h"
#include "engine/test_folder.h"
#include "io/table_reader.h"
#include "kernel/test_partitions.h"
#include "model/linkage_job.h"

namespace linkwright {
namespace {

using test::Cut;
using test::Json;
using test::TablePtr;

Json settings(const std::string& link_type, const Json& rules) {
  return {{"link_type", link_type},
          {"comparisons",
           {{{"comparison", "NameComparison"}, {"column", "first_name"}, {"term_frequency_adjustments", true}},
            {{"comparison", "JaroWinklerAtThresholds"}, {"column", "surname"}, {"term_frequency_adjustments", true}},
            {{"comparison", "LevenshteinAtThresholds"}, {"column", "dob"}, {"thresholds", {1, 2}}},
            {{"comparison", "ExactMatch"}, {"column", "city"}}}},
          {"blocking_rules_to_generate_predictions", rules},
          {"retain_intermediate_calculation_columns", true}};
}

struct Case {
  std::string name;
  std::string link_type = "dedupe_only";
  Json rules;
  Json derive = Json::object();
};

// A job on people, by the embedded engine and by the kernel in partitions.
class Partitions : public test::InFolder, public testing::WithParamInterface<Case> {
 protected:
#ifdef LW_SANITIZED
  static constexpr uint64_t kPeople = 400;
#else
  static constexpr uint64_t kPeople = 1200;
#endif

  // Every second person of the second dataset has an id that the first has too.
  void SetUp() override {
    InFolder::SetUp();
    const auto people = PeopleGenerator::make({kPeople}).ValueOrDie();
    write("left.parquet", *people.batch(0, kPeople / 2).ValueOrDie());
    write("right.parquet", *people.batch(kPeople / 2, kPeople / 2).ValueOrDie());
    Json json = {{"settings", settings(GetParam().link_type, GetParam().rules)},
                 {"predict", Json::object()},
                 {"output", {{"dir", (folder_ / "out").string()}}}};
    if (!GetParam().derive.empty()) json["derive"] = GetParam().derive;
    if (links()) {
      json["inputs"] = {{{"path", "left.parquet"}, {"name", "left"}}, {{"path", "right.parquet"}, {"name", "right"}}};
    } else {
      json["inputs"] = {{{"path", {"left.parquet", "right.parquet"}}, {"name", "people"}}};
    }
    job_ = LinkageJob::from_json(json, folder_.string(), "job.json").ValueOrDie();
  }

  static bool links() { return GetParam().link_type != "dedupe_only"; }

  Json task(const std::string& operation) const { return {{"operation", operation}, {"job", job_.to_json()}}; }

  TablePtr read(const std::string& file) const {
    ThreadPool pool(1);
    ReadReport report;
    return read_tables({(folder_ / file).string()}, {}, pool, &report).ValueOrDie();
  }

  // The records as Spark has them.
  TablePtr records() const {
    std::vector<TablePtr> tables;
    for (const std::string name : {"left", "right"}) {
      TablePtr table = read(name + ".parquet");
      const std::vector<std::string> names(static_cast<size_t>(table->num_rows()), name);
      if (links()) table = test::with_column(table, "source_dataset", test::array_of<arrow::StringBuilder>(names));
      tables.push_back(std::move(table));
    }
    return test::with_frequencies(test::plain(arrow::ConcatenateTables(tables).ValueOrDie()),
                                  {"first_name", "surname"});
  }

  LinkageJob job_;
};

TEST_P(Partitions, GiveTheEmbeddedEnginesPredictionsHoweverTheyAreCut) {
  const RunReport report = run_job(job_, {}).ValueOrDie();
  const TablePtr expected = read("out/predictions.parquet");
  ASSERT_GT(expected->num_rows(), kPeople / 20);
  const std::vector<std::string> expected_rows = test::sorted_rows(*expected);

  const TablePtr all = records();
  for (const Cut& cut : {Cut{1}, Cut{3}, Cut{7}, Cut{1, 4}, Cut{3, 4}, Cut{7, 4}, Cut{3, 1}}) {
    SCOPED_TRACE(testing::Message() << cut.partitions << " partitions, blocks of up to " << cut.most_rows << " rows");
    const auto spread = test::spread(job_, all, cut);
    ASSERT_TRUE(spread.ok()) << spread.status();
    const auto results = test::run_partitions(task("predict"), *spread);
    ASSERT_TRUE(results.ok()) << results.status();

    const auto pairs_or_counts = test::values_of<arrow::Int64Array>(**results, "lw_compared");
    const auto rules = test::values_of<arrow::Int32Array>(**results, "lw_rule");
    std::vector<uint64_t> compared(report.compared_by_rule.size());
    std::vector<int64_t> pairs;
    for (int64_t row = 0; row < (*results)->num_rows(); ++row) {
      const auto is_count = (*results)->GetColumnByName("lw_compared")->GetScalar(row).ValueOrDie()->is_valid;
      if (is_count) {
        compared[static_cast<size_t>(rules[static_cast<size_t>(row)])] +=
            static_cast<uint64_t>(pairs_or_counts[static_cast<size_t>(row)]);
      } else {
        pairs.push_back(row);
      }
    }
    EXPECT_EQ(compared, report.compared_by_rule);
    const bool same = test::sorted_rows(*test::take(*results, pairs), expected->ColumnNames()) == expected_rows;
    EXPECT_TRUE(same) << pairs.size() << " pairs, not " << expected_rows.size();
  }
}

TEST_P(Partitions, CountTheEmbeddedEnginesPairsAndPatterns) {
  RunResources resources(/*threads=*/1, nullptr, folder_.string());
  RunContext& context = resources.context();
  RunReport report;
  const RecordTable all = read_records(job_, {}, context, &report).ValueOrDie();
  const CandidatePairs pairs = CandidatePairs::make(blocking_rules(job_.model).ValueOrDie(), all,
                                                    {job_.model.links_only(), evaluation_options(job_)}, context.pool)
                                   .ValueOrDie();
  const std::vector<Comparison> chosen = {job_.model.comparisons[0], job_.model.comparisons[2]};
  const auto program = ComparisonProgram::compile(chosen, all, evaluation_options(job_)).ValueOrDie();
  const auto comparisons = program->all();
  const MatchScorer scorer = MatchScorer::make(chosen, 0.01, comparisons.patterns, all).ValueOrDie();

  const test::Spread partitions = test::spread(job_, records(), {3, 4}).ValueOrDie();
  const TablePtr pair_counts = test::run_partitions(task("count_pairs"), partitions).ValueOrDie();
  std::vector<uint64_t> by_rule(pairs.num_rules());
  const auto rules = test::values_of<arrow::Int32Array>(*pair_counts, "lw_rule");
  const auto counts = test::values_of<arrow::Int64Array>(*pair_counts, "lw_pairs");
  for (size_t i = 0; i < rules.size(); ++i) by_rule[static_cast<size_t>(rules[i])] += static_cast<uint64_t>(counts[i]);
  EXPECT_EQ(by_rule, count_pairs_by_rule(pairs, context).ValueOrDie());

  for (const bool adjustments : {false, true}) {
    using Pattern = std::tuple<int64_t, int64_t, double>;
    std::map<Pattern, int64_t> expected;
    const PatternCounts patterns =
        count_patterns(pairs, comparisons, adjustments ? &scorer : nullptr, context).ValueOrDie();
    ASSERT_TRUE(patterns
                    .for_each([&](std::span<const PatternCount> piece) {
                      for (const PatternCount& count : piece) {
                        expected[{count.pattern, count.adjusted_comparisons, count.adjustment}] +=
                            static_cast<int64_t>(count.pairs);
                      }
                    })
                    .ok());
    Json asked = task("count_patterns");
    asked["comparisons"] = {0, 2};
    asked["adjustments"] = adjustments;
    const TablePtr table = test::run_partitions(asked, partitions).ValueOrDie();
    const auto pattern = test::values_of<arrow::Int64Array>(*table, "lw_pattern");
    const auto adjusted = test::values_of<arrow::Int64Array>(*table, "lw_adjusted");
    const auto adjustment = test::values_of<arrow::DoubleArray>(*table, "lw_adjustment");
    const auto pairs_of = test::values_of<arrow::Int64Array>(*table, "lw_pairs");
    std::map<Pattern, int64_t> found;
    for (size_t i = 0; i < pattern.size(); ++i) found[{pattern[i], adjusted[i], adjustment[i]}] += pairs_of[i];
    EXPECT_EQ(found, expected);
  }
}

const Json kTokens = {{"tokens", "string_split(lower(city) || ' ' || lower(surname), ' ')"}};

INSTANTIATE_TEST_SUITE_P(
    , Partitions,
    testing::Values(
        Case{"Dedupe",
             "dedupe_only",
             {"l.surname = r.surname and l.city = r.city", "l.dob = r.dob", "l.email = r.email"}},
        Case{"LinkOnly", "link_only", {"l.surname = r.surname", "l.dob = r.dob"}},
        Case{"LinkAndDedupe", "link_and_dedupe", {"l.surname = r.surname", "l.dob = r.dob"}},
        Case{"OrRule", "dedupe_only", {"l.surname = r.surname or l.dob = r.dob", "l.postcode = r.postcode"}},
        Case{"RulesWithFilters",
             "link_and_dedupe",
             {"l.surname = r.surname and levenshtein(l.first_name, r.first_name) <= 2",
              "l.city = r.city and l.dob < r.dob and l.first_name = r.first_name"}},
        Case{"RuleOverTwoColumns", "dedupe_only", {"l.first_name = r.surname", "l.surname = r.surname"}},
        Case{"RuleOverTwoColumnsBetweenDatasets",
             "link_only",
             {"substr(l.first_name, 1, 3) = substr(r.surname, 1, 3)", "l.first_name || l.dob = r.first_name || r.dob"}},
        Case{"NoEquality", "dedupe_only", {"l.dob = r.dob", "abs(length(l.surname) - length(r.surname)) > 6"}},
        Case{"ExplodedArrays",
             "dedupe_only",
             {Json{{"blocking_rule", "l.tokens = r.tokens and substr(l.dob, 1, 4) = substr(r.dob, 1, 4)"},
                   {"sql_dialect", "duckdb"},
                   {"arrays_to_explode", {"tokens"}}},
              "l.surname = r.surname"},
             kTokens},
        Case{"ExplodedArraysBetweenDatasets",
             "link_only",
             {"l.email = r.email",
              Json{{"blocking_rule", "l.tokens = r.tokens"},
                   {"sql_dialect", "duckdb"},
                   {"arrays_to_explode", {"tokens"}}},
              "l.dob = r.dob"},
             kTokens},
        Case{"ExplodedArrayAgainstColumn", "dedupe_only",
             Json::array({{{"blocking_rule", "l.tokens = lower(r.surname)"},
                           {"sql_dialect", "duckdb"},
                           {"arrays_to_explode", {"tokens"}}}}),
             kTokens}),
    [](const auto& each) { return each.param.name; });

}  // namespace
}  // namespace linkwright
