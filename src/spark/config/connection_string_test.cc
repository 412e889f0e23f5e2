#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "linkwright/spark_connection.h"

namespace linkwright::spark {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;

Connection parsed(std::string_view text) { return parse_connection_string(text).ValueOrDie(); }
std::string error_of(std::string_view text) { return parse_connection_string(text).status().message(); }

TEST(ConnectionString, GoesToPort15002WithoutTlsByDefault) {
  const Connection connection = parsed("sc://localhost");
  EXPECT_EQ(connection.host, "localhost");
  EXPECT_EQ(connection.port, 15002);
  EXPECT_FALSE(connection.use_tls);
  EXPECT_EQ(connection.address(), "sc://localhost:15002");
}

TEST(ConnectionString, TakesEveryFormOfAnEmptyParameterList) {
  for (const char* text : {"sc://h:1", "sc://h:1/", "sc://h:1/;", "sc://h:1;", "SC://h:1/;;"}) {
    EXPECT_EQ(parsed(text).address(), "sc://h:1") << text;
  }
}

TEST(ConnectionString, ReadsAddressesOfIpv6) {
  const Connection connection = parsed("sc://[2001:db8::1]:443/;use_ssl=true");
  EXPECT_EQ(connection.host, "2001:db8::1");
  EXPECT_EQ(connection.port, 443);
  EXPECT_EQ(connection.address(), "sc://[2001:db8::1]:443");
}

TEST(ConnectionString, ReadsTheKnownParametersAndSendsOthersAsHeaders) {
  const Connection connection = parsed(
      "sc://h/;user_id=anna;user_agent=my%20app;session_id=00112233-4455-6677-8899-AABBCCDDEEFF;"
      "X-Databricks-Cluster-Id=0101-abc;x-team=a%3Bb");
  EXPECT_EQ(connection.user_id, "anna");
  EXPECT_EQ(connection.user_agent, "my app");
  EXPECT_EQ(connection.session_id, "00112233-4455-6677-8899-AABBCCDDEEFF");
  EXPECT_THAT(connection.headers, ElementsAre(Pair("x-databricks-cluster-id", "0101-abc"), Pair("x-team", "a;b")));
}

TEST(ConnectionString, TurnsTlsOnForAToken) {
  const Connection connection = parsed("sc://example.com/;token=dapi%3D1==");
  EXPECT_TRUE(connection.use_tls);
  EXPECT_EQ(connection.token.reveal(), "dapi=1==");
}

TEST(ConnectionString, SendsATokenWithoutTlsToThisMachineOnly) {
  EXPECT_FALSE(parsed("sc://localhost/;token=t;use_ssl=false").use_tls);
  EXPECT_THAT(error_of("sc://example.com/;token=t;use_ssl=false"), HasSubstr("without TLS"));
}

struct Mistake {
  const char* text;
  int character;  // that the message must point at, from 1
  const char* expectation;

  friend std::ostream& operator<<(std::ostream& out, const Mistake& mistake) { return out << mistake.text; }
};

class MistakenConnectionString : public ::testing::TestWithParam<Mistake> {};

TEST_P(MistakenConnectionString, IsPointedAt) {
  const std::string message = error_of(GetParam().text);
  EXPECT_THAT(message, HasSubstr("character " + std::to_string(GetParam().character) + ":")) << GetParam().text;
  EXPECT_THAT(message, HasSubstr(GetParam().expectation)) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    All, MistakenConnectionString,
    ::testing::Values(Mistake{"", 1, "sc://"}, Mistake{"http://h", 1, "sc://"}, Mistake{"sc://", 6, "host name"},
                      Mistake{"sc://:1", 6, "host name"}, Mistake{"sc://a b", 7, "host name"},
                      Mistake{"sc://me:secret@h", 9, "port"}, Mistake{"sc://me@h", 8, "host name"},
                      Mistake{"sc://h:", 8, "port"}, Mistake{"sc://h:0", 8, "port"}, Mistake{"sc://h:65536", 8, "port"},
                      Mistake{"sc://::1", 6, "host name"}, Mistake{"sc://2001:db8::1", 11, "IPv6"},
                      Mistake{"sc://[::1", 6, "']'"}, Mistake{"sc://[h]", 7, "IPv6"}, Mistake{"sc://h/path", 8, "path"},
                      Mistake{"sc://h/;x", 9, "name=value"}, Mistake{"sc://h/;=x", 9, "name=value"},
                      Mistake{"sc://h/;a=1;a=2", 13, "before"}, Mistake{"sc://h/;use_ssl=yes", 17, "true or false"},
                      Mistake{"sc://h/;token=", 15, "token"}, Mistake{"sc://h/;token=a%0Ab", 15, "printable"},
                      Mistake{"sc://h/;a=%4", 11, "hexadecimal"}, Mistake{"sc://h/;session_id=1", 20, "UUID"},
                      Mistake{"sc://h/;a b=1", 9, "header"}, Mistake{"sc://h/;a=\xC3\xA4", 11, "ASCII"}));

TEST(ConnectionString, NeverQuotesAToken) {
  for (const char* text :
       {"sc://h/;token=sesame;use_ssl=false", "sc://h/;token=sesame%", "sc://h/;token=a;sesame", "sc://user:sesame@h",
        "sc://sesame@h", "sesame", "sc://h/sesame", "sc://h/;sesame;token=a"}) {
    EXPECT_THAT(error_of(text), Not(HasSubstr("sesame"))) << text;
  }
}

}  // namespace
}  // namespace linkwright::spark
