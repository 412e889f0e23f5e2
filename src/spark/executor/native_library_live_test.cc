// Libraries on real executors. scripts/with-spark starts the server.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "spark/executor/native_library.h"

extern "C" int linkwright_test_part();

namespace linkwright::spark {
namespace {

using ::testing::HasSubstr;

Session session(const SessionOptions& options = {}) {
  const char* remote = std::getenv("SPARK_REMOTE");  // NOLINT(concurrency-mt-unsafe)
  return Session::connect(parse_connection_string(remote == nullptr ? "" : remote).ValueOrDie(), options).ValueOrDie();
}

TEST(NativeLibrary, BringsWhatExecutorsLack) {
  ASSERT_EQ(linkwright_test_part(), 42) << "this process has the part";
  const auto sent = NativeLibrary::send(session(), LINKWRIGHT_TEST_WHOLE);
  ASSERT_TRUE(sent.ok()) << sent.status();
  EXPECT_THAT(
      sent->run("test", "", "id BIGINT").source,
      testing::ContainsRegex("LIBRARIES = \\[\"liblinkwright_test_part-[0-9a-f]+.so\",\"liblinkwright_test_whole"));
}

TEST(NativeLibrary, SaysWhyItCannotBeLoaded) {
  const char* folder = std::getenv("SPARK_TEST_FOLDER");  // NOLINT(concurrency-mt-unsafe)
  const std::string broken = std::string(folder) + "/broken.so";
  std::ofstream(broken) << std::string(10'000, 'x');
  const Status refused = NativeLibrary::send(session(), broken).status();
  EXPECT_TRUE(refused.IsNotImplemented()) << refused;
  EXPECT_THAT(refused.message(), HasSubstr("invalid ELF header"));
  EXPECT_TRUE(NativeLibrary::send(session(), broken + ".absent").status().IsIOError());
}

TEST(NativeLibrary, IsRefusedWherePythonIs) {
  SessionOptions options;
  options.python_version = "2.7";  // which no executor has
  const Status refused = NativeLibrary::send(session(options), LINKWRIGHT_KERNEL).status();
  EXPECT_TRUE(refused.IsNotImplemented()) << refused;
  EXPECT_THAT(refused.message(), HasSubstr("PYTHON_VERSION_MISMATCH"));
}

}  // namespace
}  // namespace linkwright::spark
