#include "token/csv_columns.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace linkwright {
namespace {

using testing::ElementsAre;

constexpr size_t kAll = SIZE_MAX;

std::vector<std::string> first_column(TextDialect dialect, std::string_view data) {
  TextColumns columns;
  parse_csv_records({dialect, ',', {0, 1}, 2}, data, kAll, &columns);
  std::vector<std::string> texts;
  for (const RawValue& value : columns.columns[0]) texts.emplace_back(value.text);
  return texts;
}

TEST(CsvRecords, TakeEveryLineEndAndSkipBlankLines) {
  EXPECT_THAT(first_column(TextDialect::kJava, "a,1\nb,2\r\n\r\n\nc,3\rd,4"), ElementsAre("a", "b", "c", "d"));
}

TEST(CsvRecords, UnquoteFieldsAndKeepQuotesInsidePlainOnes) {
  EXPECT_THAT(first_column(TextDialect::kJava, "\"a,\"\"b\"\"\r\nc\",1\nJo \"JJ\" hn,2\n"),
              ElementsAre("a,\"b\"\r\nc", "Jo \"JJ\" hn"));
}

TEST(CsvRecords, LeaveOutWhatAShortRowLacksInJavaAndMakeItNullInPython) {
  TextColumns columns;
  parse_csv_records({TextDialect::kJava, ',', {0, 1}, 2}, "a\nb,\n", kAll, &columns);
  EXPECT_EQ(columns.columns[1][0].state, RawValue::State::kAbsent);
  EXPECT_EQ(columns.columns[1][1].state, RawValue::State::kPresent);
  parse_csv_records({TextDialect::kPython, ',', {0, 1}, 2}, "a\nb,\n", kAll, &columns);
  EXPECT_EQ(columns.columns[1][0].state, RawValue::State::kNull);
}

TEST(CsvRecords, CountTextAfterAClosingQuoteAndReadOn) {
  TextColumns columns;
  parse_csv_records({TextDialect::kJava, ',', {0, 1}, 2}, "\"a\"x,1\nb,2\n\"c\" ,3\n", kAll, &columns);
  EXPECT_EQ(columns.rows, 3U);
  EXPECT_EQ(columns.malformed_rows, 1);
  EXPECT_EQ(columns.columns[0][0].text, "ax");
  EXPECT_EQ(columns.columns[0][2].text, "c") << "Java skips space behind a closing quote";
}

TEST(CsvRecords, StopAfterAsManyRowsAsAreWanted) {
  TextColumns columns;
  EXPECT_EQ(parse_csv_records({TextDialect::kJava, ',', {0, 1}, 2}, "a,1\nb,2\nc,3\n", 2, &columns), 8U);
  EXPECT_EQ(columns.rows, 2U);
}

}  // namespace
}  // namespace linkwright
