#include "io/external_sorter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <random>

namespace linkwright {
namespace {

class ExternalSorting : public testing::Test {
 protected:
  ExternalSorting() { std::filesystem::create_directories(folder_); }
  ~ExternalSorting() override { std::filesystem::remove_all(folder_); }

  std::vector<std::string> sorted(const std::vector<std::string>& texts, size_t memory_bytes, bool* used_file) {
    ExternalSorter sorter(memory_bytes, folder_);
    for (const std::string& text : texts) EXPECT_TRUE(sorter.add(text).ok());
    EXPECT_TRUE(sorter.finish().ok());
    *used_file = sorter.uses_file();
    EXPECT_TRUE(std::filesystem::is_empty(folder_)) << "temporary files have no name";
    std::vector<std::string> out;
    for (std::string_view text; sorter.next(&text).ValueOrDie();) out.emplace_back(text);
    return out;
  }

  const std::string folder_ =
      std::filesystem::path(testing::TempDir()) / ("linkwright_sorter_" + std::to_string(std::random_device()()));
};

TEST_F(ExternalSorting, GivesTheSameOrderForAnyMemory) {
  std::mt19937_64 random(20261120);
  std::vector<std::string> texts = {"",
                                    std::string(1, '\0'),
                                    std::string(2, '\0'),
                                    "a",
                                    std::string("a\0", 2),
                                    "\xff",
                                    "long " + std::string(100'000, 'x')};
  for (int i = 0; i < 5000; ++i) {
    std::string& text = texts.emplace_back(random() % 40, ' ');
    for (char& c : text) c = static_cast<char>(random() % 7 == 0 ? random() : 'a' + random() % 2);
  }
  std::shuffle(texts.begin(), texts.end(), random);
  std::vector<std::string> expected = texts;
  std::sort(expected.begin(), expected.end());
  bool used_file = true;
  EXPECT_EQ(sorted(texts, size_t{64} << 20, &used_file), expected);
  EXPECT_FALSE(used_file);
  // The least makes more runs than are merged at once.
  for (size_t memory_bytes : {size_t{0}, size_t{100}, size_t{5000}, size_t{200'000}}) {
    EXPECT_EQ(sorted(texts, memory_bytes, &used_file), expected) << memory_bytes;
    EXPECT_TRUE(used_file) << memory_bytes;
  }
}

TEST_F(ExternalSorting, OfNothingIsEmpty) {
  bool used_file = true;
  EXPECT_TRUE(sorted({}, 1000, &used_file).empty());
  EXPECT_FALSE(used_file);
}

TEST_F(ExternalSorting, NamesTheFolderThatTakesNoFile) {
  ExternalSorter sorter(10, folder_ + "/not there");
  ASSERT_TRUE(sorter.add("the first").ok());
  const Status status = sorter.add("the second does not fit");
  EXPECT_TRUE(status.IsIOError());
  EXPECT_NE(status.message().find("not there: No such file or directory"), std::string::npos) << status.message();
}

}  // namespace
}  // namespace linkwright
