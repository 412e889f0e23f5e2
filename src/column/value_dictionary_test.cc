#include "column/value_dictionary.h"

#include <arrow/array/array_binary.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace linkwright {
namespace {

// Repeats, the empty text, and enough values for several growths, one of them within a group that is looked up at once.
std::vector<std::string> many_texts() {
  std::vector<std::string> texts;
  for (int i = 0; i < 20'000; ++i) texts.push_back(i % 3 == 0 ? "value " + std::to_string(i % 500) : std::to_string(i));
  texts.emplace_back();
  return texts;
}

TEST(ByteStringDictionary, GivesTheSameCodesOneByOneAndTogether) {
  const std::vector<std::string> texts = many_texts();
  ByteStringDictionary one_by_one;
  std::vector<uint32_t> expected;
  for (const std::string& text : texts) expected.push_back(one_by_one.code(text));
  ByteStringDictionary together;
  std::vector<uint32_t> codes(texts.size());
  together.codes(std::vector<std::string_view>(texts.begin(), texts.end()), codes.data());
  EXPECT_EQ(codes, expected);
  for (size_t i = 0; i < texts.size(); ++i) ASSERT_EQ(together.find(texts[i]), expected[i]);
}

TEST(ByteStringDictionary, BecomesATextArrayInOrderOfItsCodes) {
  const std::vector<std::string> texts = many_texts();
  ByteStringDictionary dictionary;
  std::vector<uint32_t> codes;
  for (const std::string& text : texts) codes.push_back(dictionary.code(text));
  const uint32_t size = dictionary.size();
  const auto array = std::move(dictionary).to_text_array().ValueOrDie();
  ASSERT_EQ(array->length(), size);
  ASSERT_TRUE(array->ValidateFull().ok());
  for (size_t i = 0; i < texts.size(); ++i) {
    ASSERT_EQ(static_cast<const arrow::StringArray&>(*array).GetView(codes[i] - 1), texts[i]);
  }
}

TEST(ByteStringDictionary, BecomesAnEmptyArrayWithoutValues) {
  const auto array = ByteStringDictionary().to_text_array().ValueOrDie();
  EXPECT_EQ(array->length(), 0);
  EXPECT_TRUE(array->ValidateFull().ok());
}

}  // namespace
}  // namespace linkwright
