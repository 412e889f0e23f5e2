#include "token/csv_blocks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace linkwright {
namespace {

using testing::ElementsAre;

constexpr size_t kAll = SIZE_MAX;

std::vector<std::string> first_column(TextDialect dialect, std::string_view data) {
  TextColumns columns;
  parse_csv_records(dialect, data, {0, 1}, 2, kAll, &columns);
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
  parse_csv_records(TextDialect::kJava, "a\nb,\n", {0, 1}, 2, kAll, &columns);
  EXPECT_EQ(columns.columns[1][0].state, RawValue::State::kAbsent);
  EXPECT_EQ(columns.columns[1][1].state, RawValue::State::kPresent);
  parse_csv_records(TextDialect::kPython, "a\nb,\n", {0, 1}, 2, kAll, &columns);
  EXPECT_EQ(columns.columns[1][0].state, RawValue::State::kNull);
}

TEST(CsvRecords, CountTextAfterAClosingQuoteAndReadOn) {
  TextColumns columns;
  parse_csv_records(TextDialect::kJava, "\"a\"x,1\nb,2\n\"c\" ,3\n", {0, 1}, 2, kAll, &columns);
  EXPECT_EQ(columns.rows, 3U);
  EXPECT_EQ(columns.malformed_rows, 1);
  EXPECT_EQ(columns.columns[0][0].text, "ax");
  EXPECT_EQ(columns.columns[0][2].text, "c") << "Java skips space behind a closing quote";
}

TEST(CsvRecords, StopAfterAsManyRowsAsAreWanted) {
  TextColumns columns;
  EXPECT_EQ(parse_csv_records(TextDialect::kJava, "a,1\nb,2\nc,3\n", {0, 1}, 2, 2, &columns), 8U);
  EXPECT_EQ(columns.rows, 2U);
}

// However a file is cut into blocks, its records are the same.
TEST(CsvBlocks, EndOnlyBehindWholeRecords) {
  const std::string data = "a,1\r\n\"b\nb\",2\n\"c\"\"\",3\rd,\"4\"\n";
  const std::vector<size_t> record_ends = {5, 13, 21, data.size()};
  for (size_t size = 0; size <= data.size(); ++size) {
    const size_t end = csv_last_record_end(std::string_view(data).substr(0, size), false);
    size_t expected = 0;
    for (size_t record_end : record_ends) {
      // A \r at the end of the data may be half of a line end, so its record is not whole yet.
      const bool open = record_end == size && data[size - 1] == '\r';
      if (record_end <= size && !open) expected = record_end;
    }
    EXPECT_EQ(end, expected) << size;
  }
}

}  // namespace
}  // namespace linkwright
