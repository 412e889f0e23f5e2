#include "spark/connect/response_stream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "linkwright/spark_error.h"
#include "spark/fake/fake_server.h"

namespace linkwright::spark {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr Milliseconds kStreamTimeout{30};  // a hanging stream is taken up anew after this

proto::ExecutePlanResponse batch(int64_t rows) {
  proto::ExecutePlanResponse response;
  response.mutable_arrow_batch()->set_row_count(rows);
  return response;
}

/// A session with a fake server that answers every plan with batches of 1, 2 and 3 rows.
class ResponseStreamTest : public ::testing::Test {
 protected:
  ResponseStreamTest() { server_.answer_with({batch(1), batch(2), batch(3)}); }

  /// As a session does before anything else: after it, the client knows the server's session.
  void shake_hands() {
    proto::AnalyzePlanRequest request;
    request.mutable_spark_version();
    proto::AnalyzePlanResponse response;
    ASSERT_TRUE(transport_.call("AnalyzePlan", request, &Transport::Stub::PrepareAsyncAnalyzePlan, &response).ok());
  }

  static proto::Plan command() {
    proto::Plan plan;
    plan.mutable_command()->mutable_sql_command()->mutable_input()->mutable_sql()->set_query(
        "INSERT INTO t VALUES (1)");
    return plan;
  }

  /// The row counts of all batches, to the end.
  static Result<std::vector<int64_t>> rows_of(ResponseStream& stream) {
    std::vector<int64_t> rows;
    proto::ExecutePlanResponse response;
    for (;;) {
      ARROW_ASSIGN_OR_RAISE(const bool more, stream.next(&response));
      if (!more) return rows;
      if (response.has_arrow_batch()) rows.push_back(response.arrow_batch().row_count());
    }
  }

  TransportOptions options() const {
    TransportOptions result;
    result.stream_timeout = kStreamTimeout;
    result.cancellation = &cancellation_;
    return result;
  }

  Cancellation cancellation_;
  FakeServer server_;
  FakeClock clock_;
  Transport transport_{server_.channel(), Connection(), options(), clock_};
  ReleaseQueue releases_{transport_};
};

std::string name_of(const Fault& fault) {
  constexpr const char* kNames[] = {"lose", "drop", "end", "hang", "cursor", "twice", "retry", "forget", "fail"};
  return std::string(kNames[fault.kind]) + std::to_string(fault.after);
}

// Every order of up to three faults, wherever they strike: 1 + 13 + 13^2 + 13^3 executions.
TEST_F(ResponseStreamTest, LosesAndDoublesNothingInAnyOrderOfFaults) {
  const std::vector<Fault> faults = {{Fault::kLoseRequest, 0},
                                     {Fault::kDrop, 0},
                                     {Fault::kDrop, 1},
                                     {Fault::kDrop, 2},
                                     {Fault::kDrop, 3},
                                     {Fault::kEndEarly, 0},
                                     {Fault::kEndEarly, 1},
                                     {Fault::kEndEarly, 3},
                                     {Fault::kTakeCursor, 0},
                                     {Fault::kTakeCursor, 2},
                                     {Fault::kDuplicate, 0},
                                     {Fault::kDuplicate, 2},
                                     {Fault::kAskForRetry, 1, Milliseconds(100)}};
  std::vector<std::vector<Fault>> orders = {{}};
  for (size_t done = 0, length = 0; length < 3; ++length) {
    const size_t end = orders.size();
    for (; done < end; ++done) {
      for (const Fault& fault : faults) {
        orders.push_back(orders[done]);
        orders.back().push_back(fault);
      }
    }
  }
  ASSERT_EQ(orders.size(), 1u + 13 + 169 + 2197);
  shake_hands();
  for (const std::vector<Fault>& order : orders) {
    std::string name;
    for (const Fault& fault : order) name += name_of(fault) + " ";
    server_.script(order);
    ResponseStream stream(transport_, releases_, command());
    const Result<std::vector<int64_t>> rows = rows_of(stream);
    ASSERT_TRUE(rows.ok()) << name << rows.status();
    ASSERT_THAT(*rows, ElementsAre(1, 2, 3)) << name;
    ASSERT_EQ(server_.times_executed(stream.operation_id()), 1) << name;
  }
}

TEST_F(ResponseStreamTest, TakesUpAStreamThatHangs) {
  for (int after = 0; after <= 3; ++after) {
    server_.script({{Fault::kHang, after}, {Fault::kHang, 0}});
    ResponseStream stream(transport_, releases_, command());
    EXPECT_THAT(rows_of(stream).ValueOrDie(), ElementsAre(1, 2, 3)) << after;
    EXPECT_EQ(server_.times_executed(stream.operation_id()), 1);
  }
}

TEST_F(ResponseStreamTest, SaysThatAResultWasLostAndDoesNotRunItAgain) {
  shake_hands();
  server_.script({{Fault::kForgetOperation, 2}});
  ResponseStream stream(transport_, releases_, command());
  const Status status = rows_of(stream).status();
  EXPECT_THAT(status.message(), HasSubstr("in the middle of its result"));
  EXPECT_EQ(server_.times_executed(stream.operation_id()), 0) << "the server forgot it, and was not asked again";
}

TEST_F(ResponseStreamTest, DoesNotRepeatACommandOnAServerThatRestarted) {
  shake_hands();
  server_.script({{Fault::kDrop, 0}});
  ResponseStream stream(transport_, releases_, command());
  server_.restart();
  const Status status = rows_of(stream).status();
  EXPECT_FALSE(status.ok());
  EXPECT_THAT(status.message(), HasSubstr("SESSION_CHANGED"));
  EXPECT_EQ(server_.executions(), 0);
}

TEST_F(ResponseStreamTest, GivesUpWhenPatienceIsOver) {
  shake_hands();
  server_.script(std::vector<Fault>(100, {Fault::kDrop, 0}));
  ResponseStream stream(transport_, releases_, command());
  const Status status = rows_of(stream).status();
  EXPECT_THAT(status.message(), AllOf(HasSubstr("was lost during ExecutePlan"), HasSubstr("in 16 attempts")));
  EXPECT_EQ(clock_.sleeps().size(), 15u);
  EXPECT_EQ(rows_of(stream).ValueOrDie().size(), 0u) << "a stream that failed has ended";
}

TEST_F(ResponseStreamTest, WaitsAsLongAsTheServerAsks) {
  server_.script({{Fault::kAskForRetry, 1, Milliseconds(7'000)}});
  ResponseStream stream(transport_, releases_, command());
  EXPECT_THAT(rows_of(stream).ValueOrDie(), ElementsAre(1, 2, 3));
  ASSERT_EQ(clock_.sleeps().size(), 1u);
  EXPECT_GE(clock_.sleeps()[0], Milliseconds(7'000));
  EXPECT_LE(clock_.sleeps()[0], Milliseconds(7'500));
}

TEST_F(ResponseStreamTest, ReleasesWhatWasConsumedAndEverythingAtTheEnd) {
  {
    ReleaseQueue releases(transport_);
    ResponseStream stream(transport_, releases, command());
    proto::ExecutePlanResponse response;
    ASSERT_TRUE(stream.next(&response).ValueOrDie());
    while (server_.calls().size() < 2) std::this_thread::yield();  // it is sent in the background
    EXPECT_THAT(server_.calls(), Contains("ReleaseExecute until 0"));
    EXPECT_THAT(rows_of(stream).ValueOrDie(), ElementsAre(2, 3));
  }
  EXPECT_EQ(server_.calls().back(), "ReleaseExecute all");
}

TEST_F(ResponseStreamTest, EndsWhatRunsWhenItIsDropped) {
  {
    ReleaseQueue releases(transport_);
    ResponseStream stream(transport_, releases, command());
    proto::ExecutePlanResponse response;
    ASSERT_TRUE(stream.next(&response).ValueOrDie());
  }
  EXPECT_EQ(server_.calls().back(), "ReleaseExecute all");
}

TEST_F(ResponseStreamTest, StopsAtOnceWhenCancelledAndInterruptsTheServer) {
  server_.script({{Fault::kHang, 1}});
  ResponseStream stream(transport_, releases_, command());
  proto::ExecutePlanResponse response;
  ASSERT_TRUE(stream.next(&response).ValueOrDie());
  cancellation_.request();
  EXPECT_TRUE(stream.next(&response).status().IsCancelled());
  EXPECT_THAT(server_.calls(), Contains("Interrupt"));
}

TEST_F(ResponseStreamTest, InterruptsAQueryThatExceedsItsTimeLimit) {
  server_.script(std::vector<Fault>(100, {Fault::kHang, 0}));
  ExecuteOptions limited;
  limited.timeout = Milliseconds(1'000);  // of the fake clock, which the waits before retries move
  ResponseStream stream(transport_, releases_, command(), limited);
  EXPECT_THAT(rows_of(stream).status().message(), HasSubstr("time limit of 1000 ms"));
  EXPECT_THAT(server_.calls(), Contains("Interrupt"));
}

TEST_F(ResponseStreamTest, TellsTheClassTheStateTheParametersAndTheCauses) {
  proto::FetchErrorDetailsResponse details;
  details.set_root_error_idx(1);
  auto* cause = details.add_errors();
  cause->add_error_type_hierarchy("java.io.FileNotFoundException");
  cause->set_message("no such file");
  auto* root = details.add_errors();
  root->add_error_type_hierarchy("org.apache.spark.sql.AnalysisException");
  root->set_message("[TABLE_OR_VIEW_NOT_FOUND] The table `people` cannot be found, in full. SQLSTATE: 42P01");
  root->set_cause_idx(0);
  root->mutable_spark_throwable()->add_query_contexts()->set_fragment("people");
  (*root->mutable_spark_throwable()->mutable_message_parameters())["relationName"] = "`people`";
  server_.set_error_details(details);
  server_.script({{Fault::kFail, 0}});

  ResponseStream stream(transport_, releases_, command());
  const Status status = rows_of(stream).status();
  EXPECT_TRUE(status.IsInvalid());
  EXPECT_EQ(status.message(),
            "Spark: [TABLE_OR_VIEW_NOT_FOUND] The table `people` cannot be found, in full. SQLSTATE: 42P01");
  const SparkError* error = SparkError::of(status);
  ASSERT_NE(error, nullptr);
  EXPECT_EQ(error->error_class, "TABLE_OR_VIEW_NOT_FOUND");
  EXPECT_EQ(error->sql_state, "42P01");
  EXPECT_EQ(error->parameters.at("relationName"), "`people`");
  EXPECT_EQ(error->query_fragment, "people");
  ASSERT_EQ(error->causes.size(), 2u);
  EXPECT_THAT(status.ToString(), HasSubstr("caused by java.io.FileNotFoundException: no such file"));
}

TEST_F(ResponseStreamTest, TellsWhatTheStatusSaysWhereThereAreNoDetails) {
  server_.script({{Fault::kFail, 0}});
  ResponseStream stream(transport_, releases_, command());
  const Status status = rows_of(stream).status();
  EXPECT_EQ(status.message(), "Spark: [TABLE_OR_VIEW_NOT_FOUND] no `people`. SQLSTATE: 42P01");
  const SparkError* error = SparkError::of(status);
  ASSERT_NE(error, nullptr);
  EXPECT_EQ(error->parameters.at("relationName"), "`people`");
  EXPECT_EQ(error->causes.front().type, "org.apache.spark.sql.AnalysisException");
}

// 100 responses of 1 MiB; what is in flight is bounded by gRPC's windows, of a few MiB.
TEST_F(ResponseStreamTest, HoldsTheServerBackWhileTheConsumerIsSlow) {
  proto::ExecutePlanResponse large = batch(1);
  large.mutable_arrow_batch()->set_data(std::string(1 << 20, 'x'));
  server_.answer_with(std::vector<proto::ExecutePlanResponse>(100, large));
  Connection connection;
  connection.host = "127.0.0.1";
  connection.port = server_.port();
  TransportOptions patient = options();
  patient.stream_timeout = Milliseconds(60'000);
  Transport transport(open_channel(connection, ""), connection, patient, clock_);
  ReleaseQueue releases(transport);
  ResponseStream stream(transport, releases, command());
  proto::ExecutePlanResponse response;
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(stream.next(&response).ValueOrDie());
  EXPECT_LT(server_.responses_written(), 50);
  EXPECT_EQ(rows_of(stream).ValueOrDie().size(), 90u);
}

}  // namespace
}  // namespace linkwright::spark
