#include "io/output_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace linkwright {
namespace {

namespace fs = std::filesystem;

class Outputs : public testing::Test {
 protected:
  void SetUp() override { fs::create_directories(base_); }
  void TearDown() override { fs::remove_all(base_); }
  std::string path(const std::string& name) const { return (base_ / name).string(); }

  fs::path base_ = fs::temp_directory_path() / ("linkwright-output-folder-" + std::to_string(::getpid()));
};

TEST_F(Outputs, FolderIsMadeWithThoseAboveIt) {
  OutputFolder folder = OutputFolder::make(path("a/b/c/")).ValueOrDie();
  folder.keep();
  EXPECT_TRUE(fs::is_directory(path("a/b/c")));
}

TEST_F(Outputs, FolderGoesWhenItIsNotKept) {
  { const OutputFolder folder = OutputFolder::make(path("a/b")).ValueOrDie(); }
  EXPECT_FALSE(fs::exists(path("a")));
}

TEST_F(Outputs, FolderThatWasThereStays) {
  fs::create_directories(path("a"));
  { const OutputFolder folder = OutputFolder::make(path("a/b")).ValueOrDie(); }
  EXPECT_TRUE(fs::exists(path("a")));
  EXPECT_FALSE(fs::exists(path("a/b")));
}

TEST_F(Outputs, FolderWithAFileOfSomeoneElseStays) {
  {
    const OutputFolder folder = OutputFolder::make(path("a")).ValueOrDie();
    std::ofstream(path("a/other")) << "x";
  }
  EXPECT_TRUE(fs::exists(path("a/other")));
}

TEST_F(Outputs, FolderGoesWithUnfinishedFilesWhereNoDestructorRuns) {
  const OutputFolder folder = OutputFolder::make(path("a/b")).ValueOrDie();
  std::ofstream(path("a/b/half")) << "x";
  const UnfinishedFile file(path("a/b/half"));
  remove_unfinished_files();
  EXPECT_FALSE(fs::exists(path("a")));
}

TEST_F(Outputs, FolderCannotBeMadeInAFile) {
  std::ofstream(path("file")) << "x";
  const auto folder = OutputFolder::make(path("file/a"));
  ASSERT_FALSE(folder.ok());
  EXPECT_THAT(folder.status().message(), testing::HasSubstr("file/a"));
}

}  // namespace
}  // namespace linkwright
