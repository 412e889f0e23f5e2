#include "io/file_publisher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>

namespace linkwright {
namespace {

class Publisher : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(folder_); }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  size_t files() const { return static_cast<size_t>(std::distance(std::filesystem::directory_iterator(folder_), {})); }

  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("linkwright-publisher-" + std::to_string(::getpid()));
};

TEST_F(Publisher, HasNamedAllFilesWhenItHasFinished) {
  FilePublisher publisher;
  for (const char* name : {"model", "predictions", "report"}) {
    ASSERT_TRUE(write_file_atomically(path(name), name, &publisher).ok());
  }
  ASSERT_TRUE(publisher.finish().ok());
  for (const char* name : {"model", "predictions", "report"}) EXPECT_TRUE(std::filesystem::exists(path(name)));
  EXPECT_EQ(files(), 3u);
}

// The second file cannot take its name: a folder with something in it has that already.
TEST_F(Publisher, NamesNoFileAfterOneThatFailed) {
  std::filesystem::create_directories(path("predictions/old"));
  FilePublisher publisher;
  for (const char* name : {"model", "predictions", "report"}) {
    ASSERT_TRUE(write_file_atomically(path(name), name, &publisher).ok());
  }
  EXPECT_THAT(publisher.finish().message(), testing::HasSubstr("predictions"));
  EXPECT_TRUE(std::filesystem::exists(path("model")));
  EXPECT_FALSE(std::filesystem::exists(path("report")));
}

TEST_F(Publisher, LeavesNoTemporaryFileBehindWhenItFailed) {
  std::filesystem::create_directories(path("report/old"));
  {
    FilePublisher publisher;
    ASSERT_TRUE(write_file_atomically(path("report"), "report", &publisher).ok());
    EXPECT_FALSE(publisher.finish().ok());
  }
  EXPECT_EQ(files(), 1u);
}

TEST_F(Publisher, KeepsTheFilesOfAnEarlierRunWhenThisOneEndsEarly) {
  for (const char* name : {"model", "predictions"}) {
    ASSERT_TRUE(write_file_atomically(path(name), "earlier").ok());
  }
  {
    FilePublisher publisher;
    ASSERT_TRUE(write_file_atomically(path("model"), "this one", &publisher).ok());
  }
  EXPECT_EQ(files(), 2u);
  EXPECT_EQ(std::filesystem::file_size(path("model")), std::string("earlier").size());
}

TEST_F(Publisher, FinishesWithoutFiles) { EXPECT_TRUE(FilePublisher().finish().ok()); }

}  // namespace
}  // namespace linkwright
