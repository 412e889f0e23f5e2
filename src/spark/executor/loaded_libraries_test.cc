#include "spark/executor/loaded_libraries.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace linkwright::spark {
namespace {

TEST(MissingLibrary, IsNamedByTheLoadersMessage) {
  const std::pair<const char*, const char*> kMessages[] = {
      {"libre2.so.9: cannot open shared object file: No such file or directory", "libre2.so.9"},
      {"ImportError: libparquet.so.2600: cannot open shared object file: No such file or directory",
       "libparquet.so.2600"},
      {"/opt/k.so: invalid ELF header", ""},
      {"/lib/libstdc++.so.6: version `GLIBCXX_3.4.30' not found (required by /opt/k.so)", ""},
      {"/opt/k.so: failed to map segment from shared object: Operation not permitted", ""},
      {"", ""}};
  for (const auto& [message, library] : kMessages) EXPECT_EQ(missing_library(message), library) << message;
}

TEST(LoadedLibrary, IsFoundByItsName) {
  const std::string file = loaded_library("libstdc++.so.6");
  EXPECT_TRUE(std::filesystem::is_regular_file(file)) << file;
  EXPECT_FALSE(std::filesystem::is_symlink(file)) << file;
}

TEST(LoadedLibrary, IsNoneThatThisProcessDoesNotHave) {
  EXPECT_EQ(loaded_library("libnothing.so.1"), "");
  EXPECT_EQ(loaded_library(""), "");
}

}  // namespace
}  // namespace linkwright::spark
