#include "base/remote_path.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace linkwright {
namespace {

TEST(RemotePath, IsOneThatBeginsWithAScheme) {
  for (const char* path : {"s3://bucket/people", "dbfs:/people", "file:///tmp/people", "abfss://c@a.net/p"}) {
    EXPECT_TRUE(has_scheme(path)) << path;
  }
  for (const char* path : {"", "people.csv", "/data/people", "./odd:/people", "a/b:/c", "C:people", ":/people"}) {
    EXPECT_FALSE(has_scheme(path)) << path;
  }
}

TEST(RemotePath, IsToldToOthersAsItIsAndLocalOnesInFull) {
  EXPECT_EQ(path_for_others("s3://bucket/people"), "s3://bucket/people");
  EXPECT_EQ(path_for_others("/data/people"), "/data/people");
  EXPECT_EQ(path_for_others(""), "");
  EXPECT_EQ(path_for_others("people"), (std::filesystem::current_path() / "people").string());
}

}  // namespace
}  // namespace linkwright
