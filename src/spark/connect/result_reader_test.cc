#include "spark/connect/result_reader.h"

#include <arrow/array.h>
#include <arrow/buffer.h>
#include <arrow/builder.h>
#include <arrow/io/memory.h>
#include <arrow/ipc/writer.h>
#include <arrow/table.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "spark/fake/fake_server.h"

namespace linkwright::spark {
namespace {

using ::testing::HasSubstr;

/// The numbers from `start` on as an Arrow stream, as Spark sends batches.
std::string ipc(int64_t start, int64_t rows) {
  arrow::Int64Builder builder;
  for (int64_t i = 0; i < rows; ++i) EXPECT_TRUE(builder.Append(start + i).ok());
  const auto batch = arrow::RecordBatch::Make(arrow::schema({arrow::field("n", arrow::int64())}), rows,
                                              {builder.Finish().ValueOrDie()});
  const auto sink = arrow::io::BufferOutputStream::Create().ValueOrDie();
  const auto writer = arrow::ipc::MakeStreamWriter(sink, batch->schema()).ValueOrDie();
  EXPECT_TRUE(writer->WriteRecordBatch(*batch).ok());
  EXPECT_TRUE(writer->Close().ok());
  return sink->Finish().ValueOrDie()->ToString();
}

proto::ExecutePlanResponse rows_from(int64_t start, int64_t rows) {
  proto::ExecutePlanResponse response;
  response.mutable_arrow_batch()->set_data(ipc(start, rows));
  response.mutable_arrow_batch()->set_row_count(rows);
  response.mutable_arrow_batch()->set_start_offset(start);
  return response;
}

/// The same batch in pieces.
std::vector<proto::ExecutePlanResponse> in_pieces(const proto::ExecutePlanResponse& whole, size_t pieces) {
  const std::string& data = whole.arrow_batch().data();
  const size_t size = (data.size() + pieces - 1) / pieces;
  std::vector<proto::ExecutePlanResponse> result(pieces, whole);
  for (size_t i = 0; i < pieces; ++i) {
    result[i].mutable_arrow_batch()->set_data(data.substr(i * size, size));
    result[i].mutable_arrow_batch()->set_chunk_index(static_cast<int64_t>(i));
    result[i].mutable_arrow_batch()->set_num_chunks_in_batch(static_cast<int64_t>(pieces));
  }
  return result;
}

class ResultReaderTest : public ::testing::Test {
 protected:
  Result<std::shared_ptr<arrow::Table>> read(std::vector<proto::ExecutePlanResponse> responses) {
    server_.answer_with(std::move(responses));
    ResultReader reader(std::make_unique<ResponseStream>(transport_, releases_, proto::Plan()), options_);
    ARROW_RETURN_NOT_OK(reader.open());
    return reader.ToTable();
  }
  std::string error_of(std::vector<proto::ExecutePlanResponse> responses) {
    return read(std::move(responses)).status().message();
  }

  FakeServer server_;
  FakeClock clock_;
  Transport transport_{server_.channel(), Connection(), {}, clock_};
  ReleaseQueue releases_{transport_};
  QueryOptions options_;
};

TEST_F(ResultReaderTest, PutsBatchesAndPiecesOfBatchesTogether) {
  std::vector<proto::ExecutePlanResponse> responses = {rows_from(0, 3)};
  for (auto& piece : in_pieces(rows_from(3, 1000), 7)) responses.push_back(piece);
  responses.push_back(rows_from(1003, 2));
  const auto table = read(responses).ValueOrDie();
  ASSERT_EQ(table->num_rows(), 1005);
  int64_t due = 0;
  for (const auto& chunk : table->column(0)->chunks()) {
    const auto& numbers = dynamic_cast<const arrow::Int64Array&>(*chunk);
    for (int64_t i = 0; i < numbers.length(); ++i) ASSERT_EQ(numbers.Value(i), due++);
  }
}

TEST_F(ResultReaderTest, KnowsTheColumnsOfAResultWithoutRows) {
  const auto table = read({rows_from(0, 0)}).ValueOrDie();
  EXPECT_EQ(table->num_rows(), 0);
  EXPECT_EQ(table->schema()->field_names(), std::vector<std::string>{"n"});
}

TEST_F(ResultReaderTest, RefusesRowsThatAreMissingOrComeTwice) {
  EXPECT_THAT(error_of({rows_from(0, 3), rows_from(5, 2)}), HasSubstr("from 5 on where row 3 was due"));
  EXPECT_THAT(error_of({rows_from(0, 3), rows_from(0, 3)}), HasSubstr("from 0 on where row 3 was due"));
  proto::ExecutePlanResponse short_batch = rows_from(0, 3);
  short_batch.mutable_arrow_batch()->set_row_count(4);
  EXPECT_THAT(error_of({short_batch}), HasSubstr("announced 4 rows and sent 3"));
}

TEST_F(ResultReaderTest, RefusesPiecesOutOfOrderAndBatchesThatDoNotEnd) {
  auto pieces = in_pieces(rows_from(0, 100), 3);
  EXPECT_THAT(error_of({pieces[0], pieces[2]}), HasSubstr("piece 2 of a batch of rows where piece 1 was due"));
  EXPECT_THAT(error_of({pieces[0], pieces[1]}), HasSubstr("ended in the middle of a batch"));
}

TEST_F(ResultReaderTest, HandsProgressAndMetricsToTheCallbacks) {
  proto::ExecutePlanResponse progress;
  auto* stage = progress.mutable_execution_progress()->add_stages();
  stage->set_num_tasks(8);
  stage->set_num_completed_tasks(3);
  progress.mutable_execution_progress()->set_num_inflight_tasks(2);
  proto::ExecutePlanResponse metrics;
  auto* observed = metrics.add_observed_metrics();
  observed->set_name("seen");
  observed->add_keys("rows");
  observed->add_values()->set_long_(7);
  observed->add_values()->mutable_decimal()->set_value("1.50");
  ExecutionProgress last;
  std::map<std::string, Value> values;
  options_.on_progress = [&](const ExecutionProgress& report) { last = report; };
  options_.on_metrics = [&](const std::string& /*name*/, const std::map<std::string, Value>& seen) { values = seen; };
  ASSERT_TRUE(read({progress, rows_from(0, 1), metrics}).ok());
  EXPECT_EQ(last.tasks, 8);
  EXPECT_EQ(last.tasks_done, 3);
  EXPECT_EQ(last.tasks_running, 2);
  EXPECT_EQ(values.at("rows"), Value(int64_t{7}));
  EXPECT_EQ(values.at("observed_metric_1"), Value(std::string("1.50")));
}

}  // namespace
}  // namespace linkwright::spark
