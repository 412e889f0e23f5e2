#include "spark/connect/plan_compression.h"

#include <arrow/util/compression.h>
#include <gtest/gtest.h>

#include <random>

#include "spark/fake/fake_server.h"

namespace linkwright::spark {
namespace {

constexpr char kThreshold[] = "spark.connect.session.planCompression.threshold";
constexpr char kAlgorithm[] = "spark.connect.session.planCompression.defaultAlgorithm";
constexpr size_t kMegabyte = size_t{1} << 20;

proto::Plan query(const std::string& sql) {
  proto::Plan plan;
  plan.mutable_root()->mutable_sql()->set_query(sql);
  return plan;
}

class PlanCompressionTest : public ::testing::Test {
 protected:
  void set_server(const std::string& threshold, const std::string& algorithm = "ZSTD") {
    server_.set_config(kThreshold, threshold);
    server_.set_config(kAlgorithm, algorithm);
  }
  proto::Plan applied(proto::Plan plan) {
    PlanCompression().apply(transport_, &plan);
    return plan;
  }

  FakeServer server_;
  FakeClock clock_;
  Transport transport_{server_.channel(), Connection(), {}, clock_};
};

TEST_F(PlanCompressionTest, CompressesWhatIsAboveTheServersThreshold) {
  set_server("1000000");
  const proto::Plan plan = query(std::string(kMegabyte, 'x'));
  const proto::Plan sent = applied(plan);
  ASSERT_TRUE(sent.has_compressed_operation());
  EXPECT_LT(sent.ByteSizeLong(), plan.ByteSizeLong() / 100);
  const auto& operation = sent.compressed_operation();
  EXPECT_EQ(operation.op_type(), proto::Plan::CompressedOperation::OP_TYPE_RELATION);
  const auto codec = arrow::util::Codec::Create(arrow::Compression::ZSTD).ValueOrDie();
  std::string bytes(plan.root().ByteSizeLong(), '\0');
  ASSERT_TRUE(codec
                  ->Decompress(static_cast<int64_t>(operation.data().size()),
                               reinterpret_cast<const uint8_t*>(operation.data().data()),
                               static_cast<int64_t>(bytes.size()), reinterpret_cast<uint8_t*>(bytes.data()))
                  .ok());
  EXPECT_EQ(bytes, plan.root().SerializeAsString());
}

TEST_F(PlanCompressionTest, SaysWhichPlansAreCommands) {
  set_server("1000000");
  proto::Plan plan;
  *plan.mutable_command()->mutable_sql_command()->mutable_input() = query(std::string(kMegabyte, 'x')).root();
  EXPECT_EQ(applied(plan).compressed_operation().op_type(), proto::Plan::CompressedOperation::OP_TYPE_COMMAND);
}

TEST_F(PlanCompressionTest, LeavesPlansBelowTheThresholdAlone) {
  set_server("10000000");
  EXPECT_TRUE(applied(query(std::string(kMegabyte, 'x'))).has_root());
}

TEST_F(PlanCompressionTest, LeavesSmallPlansAloneWithoutAskingTheServer) {
  set_server("0");
  EXPECT_TRUE(applied(query("SELECT 1")).has_root());
  EXPECT_TRUE(server_.calls().empty());
}

TEST_F(PlanCompressionTest, LeavesWhatTheServerDoesNotTakeOrUnderstand) {
  const proto::Plan plan = query(std::string(kMegabyte, 'x'));
  EXPECT_TRUE(applied(plan).has_root()) << "a server before 4.1 has no such settings";
  set_server("0", "NONE");
  EXPECT_TRUE(applied(plan).has_root());
  set_server("-1");
  EXPECT_TRUE(applied(plan).has_root());
  set_server("0", "LZ77");
  EXPECT_TRUE(applied(plan).has_root());
}

TEST_F(PlanCompressionTest, LeavesWhatGetsNoSmaller) {
  set_server("0");
  std::mt19937_64 random(1);
  std::string noise(kMegabyte, '\0');
  for (char& c : noise) c = static_cast<char>(random());
  proto::Plan plan;
  plan.mutable_root()->mutable_local_relation()->set_data(noise);
  EXPECT_TRUE(applied(plan).has_root());
}

TEST_F(PlanCompressionTest, AsksOnce) {
  set_server("0");
  PlanCompression compression;
  for (int i = 0; i < 3; ++i) {
    proto::Plan plan = query(std::string(kMegabyte, 'x'));
    compression.apply(transport_, &plan);
    EXPECT_TRUE(plan.has_compressed_operation());
  }
  EXPECT_EQ(server_.calls().size(), 1u);
}

}  // namespace
}  // namespace linkwright::spark
