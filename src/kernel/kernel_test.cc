#include "kernel/kernel.h"

#include <arrow/array.h>
#include <arrow/table.h>
#include <arrow/type.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "engine/embedded_engine.h"
#include "engine/test_folder.h"
#include "io/table_reader.h"
#include "kernel/test_kernel.h"
#include "model/linkage_job.h"

namespace linkwright {
namespace {

using test::Json;
using test::TablePtr;
using testing::HasSubstr;

class Kernel : public test::InFolder {
 protected:
  void SetUp() override {
    InFolder::SetUp();
    write_people(2000);
  }

  static Json job() {
    return {{"inputs", {"people.parquet"}},
            {"settings",
             {{"link_type", "dedupe_only"},
              {"comparisons",
               {{{"comparison", "NameComparison"}, {"column", "first_name"}, {"term_frequency_adjustments", true}},
                {{"comparison", "NameComparison"}, {"column", "surname"}},
                {{"comparison", "DateOfBirthComparison"}, {"column", "dob"}, {"input_is_string", true}},
                {{"comparison", "EmailComparison"}, {"column", "email"}}}},
              {"blocking_rules_to_generate_predictions",
               {"l.surname = r.surname", "l.dob = r.dob", "substr(l.first_name, 1, 2) = substr(r.first_name, 1, 2)"}},
              {"retain_intermediate_calculation_columns", true}}},
            {"predict", {{"threshold_match_weight", -20}}}};
  }

  // The job of `json` as a task has it: with its model inline.
  Json task(const Json& json, const std::string& operation = "predict") const {
    const auto read = LinkageJob::from_json(json, folder_.string(), "job.json");
    EXPECT_TRUE(read.ok()) << read.status();
    return {{"operation", operation}, {"job", read->to_json()}};
  }

  TablePtr table(const std::string& file) const {
    ThreadPool pool(1);
    ReadReport report;
    return read_tables({(folder_ / file).string()}, {}, pool, &report).ValueOrDie();
  }

  std::string error_of(const Json& task) const {
    const auto result = test::run_kernel(task, table("people.parquet"));
    EXPECT_FALSE(result.ok());
    return result.status().message();
  }
};

TEST_F(Kernel, PredictsWhatTheEmbeddedEnginePredicts) {
  Json json = job();
  json["output"]["dir"] = (folder_ / "out").string();
  const LinkageJob embedded = LinkageJob::from_json(json, folder_.string(), "job.json").ValueOrDie();
  const RunReport report = run_job(embedded, {}).ValueOrDie();
  ASSERT_GT(report.predictions, 500U);
  const TablePtr expected = table("out/predictions.parquet");

  const auto results = test::run_kernel(task(json), table("people.parquet"));
  ASSERT_TRUE(results.ok()) << results.status();
  std::vector<std::string> columns = expected->ColumnNames();
  const std::vector<std::string> rows = test::sorted_rows(*expected, columns);
  columns.insert(columns.end(), {"lw_rule", "lw_compared"});
  EXPECT_EQ((*results)->ColumnNames(), columns);

  // Rows behind the predictions carry how many pairs each rule had compared.
  const auto& compared =
      static_cast<const arrow::Int64Array&>(*(*results)->GetColumnByName("lw_compared")->chunks().back());
  std::vector<uint64_t> by_rule;
  for (const auto count : compared) by_rule.push_back(static_cast<uint64_t>(count.value_or(0)));
  EXPECT_EQ(by_rule, report.compared_by_rule);
  const TablePtr predictions = (*results)->Slice(0, (*results)->num_rows() - 3);
  EXPECT_EQ(test::sorted_rows(*predictions, expected->ColumnNames()), rows);
  for (const auto& field : (*results)->schema()->fields()) EXPECT_NE(field->type()->id(), arrow::Type::DICTIONARY);
}

TEST_F(Kernel, SaysWhatIsWrongWithATask) {
  EXPECT_THAT(error_of({{"operation", "predct"}}), HasSubstr("the kernel has no operation 'predct'"));
  EXPECT_THAT(error_of({{"job", 1}}), HasSubstr("operation"));
  EXPECT_THAT(error_of({{"operation", "predict"}}), HasSubstr("job"));
  Json with_typo = task(job());
  with_typo["thresold"] = 1;
  EXPECT_THAT(error_of(with_typo), HasSubstr("thresold"));
  Json without_threshold = job();
  without_threshold.erase("predict");
  EXPECT_THAT(error_of(task(without_threshold)), HasSubstr("job.predict is missing"));
  const auto broken = test::start_kernel("{\"operation\": ", test::reader_of(table("people.parquet")));
  EXPECT_THAT(broken.status().message(), HasSubstr("the kernel's task"));
}

}  // namespace
}  // namespace linkwright
