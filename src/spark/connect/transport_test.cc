#include "spark/connect/transport.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "linkwright/spark_error.h"
#include "spark/fake/fake_server.h"

namespace linkwright::spark {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;

class TransportTest : public ::testing::Test {
 protected:
  Status ask_version(Transport& transport) {
    proto::AnalyzePlanRequest request;
    request.mutable_spark_version();
    return transport.call("AnalyzePlan", request, &Transport::Stub::PrepareAsyncAnalyzePlan, &response_);
  }

  FakeServer server_;
  FakeClock clock_;
  proto::AnalyzePlanResponse response_;
  proto::ReleaseSessionResponse released_;
};

TEST_F(TransportTest, SendsTokenAndHeadersWithEveryCall) {
  Connection connection;
  connection.token = BearerToken("sesame");
  connection.headers = {{"x-databricks-cluster-id", "0101-abc"}};
  Transport transport(server_.channel(), connection, {}, clock_);
  ASSERT_TRUE(ask_version(transport).ok());
  EXPECT_EQ(response_.spark_version().version(), "4.2.1");
  EXPECT_THAT(server_.headers(), AllOf(Contains(Pair("authorization", "Bearer sesame")),
                                       Contains(Pair("x-databricks-cluster-id", "0101-abc"))));
}

TEST_F(TransportTest, RetriesACallUntilItSucceeds) {
  Transport transport(server_.channel(), {}, {}, clock_);
  server_.fail_calls({{grpc::StatusCode::UNAVAILABLE, "Socket closed"}, {grpc::StatusCode::UNAVAILABLE, ""}});
  EXPECT_TRUE(ask_version(transport).ok());
  EXPECT_EQ(server_.calls().size(), 3u);
}

TEST_F(TransportTest, NoticesThatTheServerLostTheSession) {
  Transport transport(server_.channel(), {}, {}, clock_);
  ASSERT_TRUE(ask_version(transport).ok());
  server_.restart();
  EXPECT_THAT(ask_version(transport).message(), HasSubstr("was lost, with its views, functions and artifacts"));
}

TEST_F(TransportTest, EndsACallThatIsCancelled) {
  Cancellation cancellation;
  TransportOptions options;
  options.cancellation = &cancellation;
  Transport transport(server_.channel(), {}, options, clock_);
  cancellation.request();
  EXPECT_TRUE(ask_version(transport).IsCancelled());
}

TEST_F(TransportTest, GivesUpWhatTheServerHoldsWhenCancelledAsWell) {
  Cancellation cancellation;
  TransportOptions options;
  options.cancellation = &cancellation;
  Transport transport(server_.channel(), {}, options, clock_);
  const auto give_up = [&] {
    return transport.call_to_give_up("ReleaseSession", proto::ReleaseSessionRequest(),
                                     &Transport::Stub::PrepareAsyncReleaseSession, &released_);
  };
  EXPECT_TRUE(give_up().ok());
  cancellation.request();
  EXPECT_TRUE(give_up().ok());
  EXPECT_EQ(server_.calls().size(), 2u);
  server_.fail_calls({{grpc::StatusCode::UNAVAILABLE, "Socket closed"}});
  EXPECT_TRUE(give_up().IsCancelled()) << "one attempt";
}

TEST_F(TransportTest, SaysWhatToDoWhenNothingListens) {
  Connection connection;
  connection.host = "127.0.0.1";
  connection.port = 1;
  Transport transport(open_channel(connection, ""), connection, {}, clock_);
  const Status status = ask_version(transport);
  EXPECT_TRUE(status.IsIOError());
  EXPECT_THAT(status.message(), AllOf(HasSubstr("cannot reach a Spark Connect server at sc://127.0.0.1:1"),
                                      HasSubstr("(5 attempts)"), HasSubstr("linkwright spark up")));
}

struct Advice {
  grpc::StatusCode code;
  const char* server_says;
  const char* we_say;

  friend std::ostream& operator<<(std::ostream& out, const Advice& advice) { return out << advice.server_says; }
};

class FailureAdvice : public TransportTest, public ::testing::WithParamInterface<Advice> {};

TEST_P(FailureAdvice, SaysWhatHappenedAndWhatToDo) {
  Connection connection;
  connection.host = "dbc.example.com";
  connection.port = 443;
  connection.token = BearerToken("sesame");
  connection.headers = {{"x-databricks-cluster-id", "0101-abc"}};
  Transport transport(server_.channel(), connection, {}, clock_);
  server_.fail_calls(std::vector<grpc::Status>(20, {GetParam().code, GetParam().server_says}));
  const Status status = ask_version(transport);
  EXPECT_THAT(status.message(), HasSubstr(GetParam().we_say));
  EXPECT_THAT(status.ToString(), Not(HasSubstr("sesame")));
  ASSERT_NE(SparkError::of(status), nullptr);
  EXPECT_EQ(SparkError::of(status)->grpc_code, GetParam().code);
}

INSTANTIATE_TEST_SUITE_P(
    All, FailureAdvice,
    ::testing::Values(
        Advice{grpc::StatusCode::UNAVAILABLE, "failed to connect to all addresses; last error: Connection refused",
               "Is cluster '0101-abc' terminated?"},
        Advice{grpc::StatusCode::UNAUTHENTICATED, "Received http2 header with status: 401",
               "authentication failed at sc://dbc.example.com:443: the token is wrong or has expired"},
        Advice{grpc::StatusCode::UNAUTHENTICATED, "bad token sesame", "bad token ***"},
        Advice{grpc::StatusCode::PERMISSION_DENIED, "Received http2 header with status: 403",
               "no permission here, or there is no cluster '0101-abc'"},
        Advice{grpc::StatusCode::INVALID_ARGUMENT, "Cluster 0101-abc does not exist",
               "cluster '0101-abc' was not found"},
        Advice{grpc::StatusCode::UNIMPLEMENTED, "Received http2 header with status: 404", "no Spark Connect server"},
        Advice{grpc::StatusCode::UNAVAILABLE, "Ssl handshake failed: CERTIFICATE_VERIFY_FAILED",
               "certificate is not trusted; give the file"},
        Advice{grpc::StatusCode::UNAVAILABLE, "Ssl handshake failed: SSL_ERROR_SSL: WRONG_VERSION_NUMBER",
               "speaks plain text"},
        Advice{grpc::StatusCode::UNAVAILABLE, "Socket closed", "was lost during AnalyzePlan"},
        Advice{grpc::StatusCode::DEADLINE_EXCEEDED, "Deadline Exceeded", "did not answer AnalyzePlan in time"},
        Advice{grpc::StatusCode::UNKNOWN, "[PYTHON_VERSION_MISMATCH] 3.11 and 3.12", "python_version"}));

}  // namespace
}  // namespace linkwright::spark
