#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "linkwright/spark.h"
#include "spark/fake/fake_server.h"

namespace linkwright::spark {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class SessionTest : public ::testing::Test {
 protected:
  Connection to_server() const {
    Connection connection;
    connection.host = "127.0.0.1";
    connection.port = server_.port();
    return connection;
  }

  FakeServer server_;
};

TEST_F(SessionTest, RefusesServersOfAnotherVersion) {
  for (const char* version : {"3.5.1", "2.4", "", "unknown"}) {
    server_.set_spark_version(version);
    EXPECT_THAT(Session::connect(to_server()).status().message(),
                AllOf(HasSubstr("runs Spark " + std::string(version)), HasSubstr("version 4.0 or newer is needed")));
  }
  for (const char* version : {"4.0.0", "4.2.1-databricks", "5.0"}) {
    server_.set_spark_version(version);
    EXPECT_EQ(Session::connect(to_server()).ValueOrDie().spark_version(), version);
  }
}

TEST_F(SessionTest, SendsNothingWithATokenThatMayNotBeSent) {
  Connection connection = to_server();
  connection.token = BearerToken("sesame\r");
  EXPECT_THAT(Session::connect(connection).status().message(), AllOf(HasSubstr("a token"), Not(HasSubstr("sesame"))));
  connection.token = BearerToken("sesame");
  connection.host = "spark.example.com";
  EXPECT_THAT(Session::connect(connection).status().message(), HasSubstr("without TLS"));
  EXPECT_THAT(server_.calls(), IsEmpty());
}

}  // namespace
}  // namespace linkwright::spark
