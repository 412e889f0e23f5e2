#include "base/unfinished_files.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace linkwright {
namespace {

std::string written_file(const std::string& name) {
  const std::string path = testing::TempDir() + "/unfinished_files_test_" + name;
  std::ofstream(path) << "half";
  return path;
}

TEST(UnfinishedFiles, AreRemovedWhileListed) {
  const std::string path = written_file("listed");
  const UnfinishedFile file(path);
  remove_unfinished_files();
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(UnfinishedFiles, StayOnceForgotten) {
  const std::string path = written_file("forgotten");
  UnfinishedFile file(path);
  file.forget();
  remove_unfinished_files();
  EXPECT_TRUE(std::filesystem::remove(path));
}

TEST(UnfinishedFiles, StayOnTheListWhenTheirOwnerMoves) {
  const std::string path = written_file("moved");
  UnfinishedFile first(path);
  const UnfinishedFile second(std::move(first));
  remove_unfinished_files();
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(UnfinishedFiles, MayBeMoreThanTheListHolds) {
  std::vector<UnfinishedFile> files;
  for (int number = 0; number < 200; ++number) files.emplace_back("no such file " + std::to_string(number));
  files.clear();
  const std::string path = written_file("after_many");
  const UnfinishedFile file(path);
  remove_unfinished_files();
  EXPECT_FALSE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace linkwright
