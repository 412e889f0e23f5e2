#include "kernel/kernel.h"

#include <arrow/array.h>
#include <arrow/array/util.h>
#include <arrow/c/bridge.h>
#include <arrow/record_batch.h>
#include <arrow/table.h>
#include <arrow/type.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "engine/embedded_engine.h"
#include "engine/test_folder.h"
#include "engine/test_people_job.h"
#include "engine/u_sample.h"
#include "io/table_reader.h"
#include "kernel/test_partitions.h"
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
    return {{"inputs", Json::array({"people.parquet"})},
            {"settings", test::people_settings()},
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

// Predictions as files, each read back by itself; none is without its last bytes but for the four that all have.
class PredictedFiles : public Kernel {
 protected:
  TablePtr files(const Json& json, const TablePtr& people) const {
    Json asked = task(json);
    asked["file_bytes"] = 1 << 20;
    return test::run_kernel(asked, people).ValueOrDie();
  }

  TablePtr contents(const arrow::Table& files) const {
    std::vector<TablePtr> tables;
    const auto column = files.GetColumnByName("lw_file")->chunks();
    const auto kept = test::values_of<arrow::Int64Array>(files, "lw_kept");
    size_t row = 0;
    for (const auto& chunk : column) {
      const auto& bytes = static_cast<const arrow::BinaryArray&>(*chunk);
      for (int64_t i = 0; i < bytes.length(); ++i, ++row) {
        if (bytes.IsNull(i)) continue;
        std::ofstream(folder_ / "file.parquet", std::ios::binary) << bytes.GetView(i) << "PAR1";
        tables.push_back(table("file.parquet"));
        EXPECT_EQ(tables.back()->num_rows(), kept[row]);
      }
    }
    return arrow::ConcatenateTables(tables).ValueOrDie();
  }
};

TEST_F(PredictedFiles, HaveTheRowsOfPredictions) {
  const TablePtr people = table("people.parquet");
  const TablePtr rows = test::run_kernel(task(job()), people).ValueOrDie();
  const TablePtr files = this->files(job(), people);
  EXPECT_EQ(files->ColumnNames(), (std::vector<std::string>{"lw_file", "lw_kept", "lw_rule", "lw_compared"}));
  const TablePtr read = contents(*files);
  EXPECT_EQ(test::sorted_rows(*read), test::sorted_rows(*rows->Slice(0, read->num_rows()), read->ColumnNames()));
  EXPECT_EQ(test::values_of<arrow::Int64Array>(*files->Slice(1), "lw_compared"),
            test::values_of<arrow::Int64Array>(*rows->Slice(read->num_rows()), "lw_compared"));
}

TEST_F(PredictedFiles, AreSeveralOfManyPairs) {
  Json everything = job();
  everything["settings"]["blocking_rules_to_generate_predictions"] = {"l.unique_id <> r.unique_id"};
  everything["predict"] = Json::object();
  const TablePtr files = this->files(everything, table("people.parquet"));
  EXPECT_GT(files->num_rows(), 3);  // one of the counts
  EXPECT_EQ(contents(*files)->num_rows(), 2000 * 1999 / 2);
}

TEST_F(PredictedFiles, HaveTheColumnsWhereThereAreNoPairs) {
  const TablePtr people = table("people.parquet");
  const TablePtr read = contents(*files(job(), people->Slice(0, 0)));
  EXPECT_EQ(read->num_rows(), 0);
  EXPECT_EQ(read->ColumnNames(), contents(*files(job(), people))->ColumnNames());
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

// Rows that were sent to a partition, with a column in place of theirs or without one.
class SentRows : public Kernel {
 protected:
  void SetUp() override {
    Kernel::SetUp();
    rows_ = test::with_frequencies(table("people.parquet"), {"first_name", "surname", "dob", "email"});
    rows_ = with("lw_partition", all<arrow::Int32Builder, int32_t>(1));
  }

  TablePtr with(const std::string& column, const std::shared_ptr<arrow::Array>& values) const {
    return test::with_column(without(column), column, values);
  }

  TablePtr without(const std::string& column) const {
    const int place = rows_->schema()->GetFieldIndex(column);
    return place < 0 ? rows_ : rows_->RemoveColumn(place).ValueOrDie();
  }

  Result<TablePtr> predict(const TablePtr& rows) const {
    Json asked = task(job());
    asked["partitions"] = 3;
    return test::run_kernel(asked, rows);
  }

  std::string error_of(const TablePtr& rows) const {
    const auto result = predict(rows);
    EXPECT_FALSE(result.ok());
    return result.status().message();
  }

  template <typename Builder, typename T>
  std::shared_ptr<arrow::Array> all(T value) const {
    return test::array_of<Builder>(std::vector<T>(static_cast<size_t>(rows_->num_rows()), value));
  }

  TablePtr rows_;
};

TEST_F(SentRows, NeedTheColumnsThatSayWhere) {
  ASSERT_TRUE(predict(rows_).ok());
  EXPECT_THAT(error_of(without("unique_id")), HasSubstr("no column 'unique_id'"));
  EXPECT_THAT(error_of(without("lw_tf_first_name")), HasSubstr("no column 'lw_tf_first_name'"));
  EXPECT_THAT(error_of(without("surname")), HasSubstr("surname"));
  EXPECT_THAT(error_of(with("lw_partition", all<arrow::Int64Builder, int64_t>(0))),
              HasSubstr("'lw_partition' of the kernel's rows is int64"));
  EXPECT_THAT(error_of(with("lw_partition", all<arrow::Int32Builder, int32_t>(3))), HasSubstr("partition 3 of 3"));
  EXPECT_THAT(error_of(with("lw_partition", all<arrow::Int32Builder, int32_t>(-1))), HasSubstr("partition -1 of 3"));
  const auto nulls = arrow::MakeArrayOfNull(arrow::int32(), rows_->num_rows()).ValueOrDie();
  EXPECT_THAT(error_of(with("lw_partition", nulls)), HasSubstr("partition null of 3"));
}

TEST_F(SentRows, AreTwoRecordsWhereOneIsInAPartitionTwice) {
  const TablePtr twice = arrow::ConcatenateTables({rows_, rows_->Slice(7, 1)}).ValueOrDie();
  const std::string id = std::to_string(test::values_of<arrow::Int64Array>(*rows_, "unique_id")[7]);
  EXPECT_THAT(error_of(twice), HasSubstr("column 'unique_id' must be unique, but " + id + " is in 2 records"));
  const TablePtr elsewhere = with("lw_partition", all<arrow::Int32Builder, int32_t>(2));
  const auto both = predict(arrow::ConcatenateTables({rows_, elsewhere}).ValueOrDie());
  EXPECT_TRUE(both.ok()) << both.status();
}

TEST_F(SentRows, NeedOneFrequencyForAValue) {
  std::vector<double> frequencies(static_cast<size_t>(rows_->num_rows()), 0.5);
  for (size_t i = 0; i < frequencies.size(); i += 2) frequencies[i] = 0.25;
  EXPECT_THAT(error_of(with("lw_tf_first_name", test::array_of<arrow::DoubleBuilder>(frequencies))),
              HasSubstr("must have one frequency above 0 for each value of 'first_name'"));
  EXPECT_THAT(error_of(with("lw_tf_first_name", all<arrow::DoubleBuilder, double>(0))),
              HasSubstr("one frequency above 0"));
  EXPECT_THAT(error_of(with("lw_tf_first_name", all<arrow::Int64Builder, int64_t>(1))),
              HasSubstr("frequencies are doubles"));
}

TEST_F(SentRows, ThatAreNoneMakeNoPairs) {
  const TablePtr results = predict(rows_->Slice(0, 0)).ValueOrDie();
  EXPECT_EQ(results->num_rows(), 0);
}

TEST_F(Kernel, CutsAMessageToItsRoom) {
  ArrowArrayStream in{};
  ArrowArrayStream out{};
  ASSERT_TRUE(arrow::ExportRecordBatchReader(test::reader_of(table("people.parquet")), &in).ok());
  std::array<char, 11> error{};
  EXPECT_NE(linkwright_kernel_run("nonsense", &in, &out, error.data(), error.size()), 0);
  EXPECT_STREQ(error.data(), "the kernel");
  EXPECT_EQ(in.release, nullptr);
  EXPECT_EQ(out.release, nullptr);
}

class FailingReader final : public arrow::RecordBatchReader {
 public:
  explicit FailingReader(std::shared_ptr<arrow::Schema> schema) : schema_(std::move(schema)) {}
  std::shared_ptr<arrow::Schema> schema() const override { return schema_; }
  Status ReadNext(std::shared_ptr<arrow::RecordBatch>*) override { return Status::IOError("the shuffle broke"); }

 private:
  std::shared_ptr<arrow::Schema> schema_;
};

TEST_F(Kernel, PassesOnAnErrorOfItsInput) {
  const auto people = table("people.parquet");
  for (const std::string operation : {"predict", "spread", "survey"}) {
    const auto results =
        test::start_kernel(task(job(), operation).dump(), std::make_shared<FailingReader>(people->schema()));
    ASSERT_TRUE(results.ok());
    EXPECT_THAT((*results)->ToTable().status().message(), HasSubstr("the shuffle broke"));
  }
}

// Two million pairs: more than may wait, so the thread that makes them must be told to end.
TEST_F(Kernel, EndsWhenItsResultsAreDropped) {
  Json everything = job();
  everything["settings"]["blocking_rules_to_generate_predictions"] = {"l.unique_id <> r.unique_id"};
  everything["predict"] = Json::object();
  const std::string asked = task(everything).dump();
  for (const int batches : {0, 1, 3}) {
    const auto results = test::start_kernel(asked, test::reader_of(table("people.parquet"))).ValueOrDie();
    for (int i = 0; i < batches; ++i) EXPECT_GT(results->Next().ValueOrDie()->num_rows(), 0);
  }
}

TEST_F(Kernel, GivesTheEmbeddedEnginesSample) {
  const TablePtr people = table("people.parquet");
  Json asked = task(job(), "sample");
  asked["proportion"] = 0.3;
  asked["seed"] = 42;
  const TablePtr sample = test::run_kernel(asked, people).ValueOrDie();
  std::vector<int64_t> expected;
  for (const int64_t id : test::values_of<arrow::Int64Array>(*people, "unique_id")) {
    if (is_in_u_sample(std::to_string(id), 42, 0.3)) expected.push_back(id);
  }
  EXPECT_GT(expected.size(), 500U);
  EXPECT_EQ(test::values_of<arrow::Int64Array>(*sample, "unique_id"), expected);
  EXPECT_TRUE(sample->schema()->Equals(people->schema()));
}

TEST_F(Kernel, DerivesColumnsThatRowsDoNotHave) {
  Json with_derived = job();
  with_derived["derive"] = {{"initials", "substr(first_name, 1, 1) || substr(surname, 1, 1)"},
                            {"words", "string_split(initials || ' ' || city, ' ')"}};
  const TablePtr people = table("people.parquet");
  const TablePtr derived = test::run_kernel(task(with_derived, "derive"), people).ValueOrDie();
  EXPECT_EQ(derived->num_columns(), people->num_columns() + 2);
  EXPECT_EQ(derived->schema()->GetFieldByName("words")->type()->ToString(), "list<item: string>");
  const TablePtr again = test::run_kernel(task(with_derived, "derive"), derived).ValueOrDie();
  EXPECT_TRUE(again->Equals(*derived));
}

}  // namespace
}  // namespace linkwright
