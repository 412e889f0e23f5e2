#include "spark/config/connection_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace linkwright::spark {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

Connection to(const std::string& host) {
  Connection connection;
  connection.host = host;
  return connection;
}

TEST(CheckConnection, LetsATokenWithoutTlsStayOnThisMachine) {
  Connection connection = to("LocalHost");
  connection.token = BearerToken("sesame");
  EXPECT_TRUE(check_connection(connection).ok());
  connection.host = "spark.example.com";
  EXPECT_THAT(check_connection(connection).message(),
              AllOf(HasSubstr("not sent to another machine without TLS"), Not(HasSubstr("sesame"))));
  connection.use_tls = true;
  EXPECT_TRUE(check_connection(connection).ok());
}

TEST(CheckConnection, RefusesWhatNoHeaderTakesAndDoesNotShowIt) {
  Connection connection = to("localhost");
  connection.token = BearerToken("sesame\n");
  EXPECT_THAT(check_connection(connection).message(), AllOf(HasSubstr("a token"), Not(HasSubstr("sesame"))));
  connection.token = {};
  connection.headers = {{"x-key", "sesame\xc3\xb6"}};
  EXPECT_THAT(check_connection(connection).message(), AllOf(HasSubstr("'x-key'"), Not(HasSubstr("sesame"))));
}

TEST(CheckConnection, WantsUserNamesInUtf8) {
  Connection connection = to("localhost");
  connection.user_id = "Zoë";
  EXPECT_TRUE(check_connection(connection).ok());
  connection.user_id = "Zo\xeb";
  EXPECT_THAT(check_connection(connection).message(), HasSubstr("user_id is not UTF-8"));
}

}  // namespace
}  // namespace linkwright::spark
