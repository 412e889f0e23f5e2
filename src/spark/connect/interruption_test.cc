#include "spark/connect/interruption.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "spark/fake/fake_server.h"

namespace linkwright::spark {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

class Interruption : public ::testing::Test {
 protected:
  Result<std::vector<std::string>> interrupted() {
    proto::InterruptRequest request;
    request.set_interrupt_type(proto::InterruptRequest::INTERRUPT_TYPE_OPERATION_ID);
    request.set_operation_id("operation");
    return interrupt(transport_, request);
  }
  auto count_of(const std::string& call) const {
    const auto calls = server_.calls();
    return std::count(calls.begin(), calls.end(), call);
  }

  FakeServer server_;
  FakeClock clock_;
  Transport transport_{server_.channel(), Connection(), {}, clock_};
};

TEST_F(Interruption, IsSentOnceToAServerThatHeeds) {
  EXPECT_THAT(interrupted().ValueOrDie(), ElementsAre("operation"));
  EXPECT_EQ(count_of("Interrupt"), 1);
}

TEST_F(Interruption, IsSentAgainUntilItIsHeeded) {
  server_.overlook_interruptions(4);
  EXPECT_THAT(interrupted().ValueOrDie(), ElementsAre("operation"));
  EXPECT_EQ(count_of("Interrupt"), 4);
}

TEST_F(Interruption, IsGivenUpAfterFiveSeconds) {
  server_.overlook_interruptions(1'000);
  const auto start = clock_.now();
  EXPECT_TRUE(interrupted().ok());
  EXPECT_LE(clock_.now() - start, std::chrono::seconds(5));
  EXPECT_GT(count_of("Interrupt"), 10);
}

// GetStatus came with Spark 4.2; older servers answer so.
TEST_F(Interruption, IsSentOnceToAServerThatTellsNoStates) {
  server_.fail_calls({grpc::Status::OK, {grpc::StatusCode::UNIMPLEMENTED, "Method not found"}});
  server_.overlook_interruptions(4);
  EXPECT_TRUE(interrupted().ok());
  EXPECT_EQ(count_of("Interrupt"), 1);
}

TEST_F(Interruption, ReachesTheServerWhileWorkIsBeingCancelled) {
  Cancellation cancellation;
  cancellation.request();
  TransportOptions options;
  options.cancellation = &cancellation;
  Transport transport(server_.channel(), Connection(), options, clock_);
  server_.overlook_interruptions(2);
  interrupt_operation(transport, "operation", Milliseconds(2'000));
  EXPECT_EQ(count_of("Interrupt"), 2);
}

TEST_F(Interruption, TellsStatesOfOperations) {
  server_.overlook_interruptions(1);
  EXPECT_THAT(operation_states(transport_, {"a"}).ValueOrDie(), ElementsAre(Pair("a", OperationState::kRunning)));
  server_.overlook_interruptions(0);
  EXPECT_THAT(operation_states(transport_, {"a"}).ValueOrDie(), ElementsAre(Pair("a", OperationState::kUnknown)));
  server_.fail_calls({{grpc::StatusCode::UNIMPLEMENTED, "Method not found"}});
  EXPECT_THAT(operation_states(transport_, {}).status().message(), HasSubstr("does not know the call GetStatus"));
}

}  // namespace
}  // namespace linkwright::spark
