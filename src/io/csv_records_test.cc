#include "io/csv_records.h"

#include <gtest/gtest.h>

#include <vector>

namespace linkwright {
namespace {

TEST(CsvRecords, BeginBehindTheSeparatorLineOfExcel) {
  const auto size_of = [](std::string_view data, char delimiter) -> size_t {
    const auto line = csv_separator_line(data);
    return line && line->delimiter == delimiter ? line->size : 0;
  };
  EXPECT_EQ(size_of("sep=;\na;b\n", ';'), 6u);
  EXPECT_EQ(size_of("SEP=|\r\na|b\r\n", '|'), 7u);
  EXPECT_EQ(size_of("\"sep=,\"\na,b\n", ','), 8u);
  EXPECT_EQ(size_of("sep=\t\ra\tb\r", '\t'), 6u);
  for (const std::string_view data :
       {"", "sep", "sep=", "sep=;", "sep=;x\n", "sep=;a;b\n", "a;b\nsep=;\n", "\"sep=;\n"}) {
    EXPECT_FALSE(csv_separator_line(data)) << data;
  }
}

// However a file is cut into blocks, its records are the same.
TEST(CsvRecords, EndOnlyBehindWholeRecords) {
  const std::string data = "a,1\r\n\"b\nb\",2\n\"c\"\"\",3\rd,\"4\"\n";
  const std::vector<size_t> record_ends = {5, 13, 21, data.size()};
  for (size_t size = 0; size <= data.size(); ++size) {
    const size_t end = csv_last_record_end(std::string_view(data).substr(0, size), ',', false);
    size_t expected = 0;
    for (size_t record_end : record_ends) {
      // A \r at the end of the data may be half of a line end, so its record is not whole yet.
      const bool open = record_end == size && data[size - 1] == '\r';
      if (record_end <= size && !open) expected = record_end;
    }
    EXPECT_EQ(end, expected) << size;
  }
}

TEST(CsvRecords, SayWhatIsWrongWithAQuotedField) {
  std::string unescaped;
  CsvCursor cursor("\"a\"\"b\"x;\"c\nd", ';', &unescaped);
  CsvFieldText field = cursor.next();
  EXPECT_EQ(field.text, "a\"b");
  EXPECT_EQ(field.rest, "x");
  EXPECT_FALSE(field.last);
  field = cursor.next();
  EXPECT_EQ(field.text, "c\nd");
  EXPECT_FALSE(field.closed);
  EXPECT_TRUE(field.last);
  EXPECT_TRUE(cursor.at_end());
  EXPECT_EQ(cursor.lines(), 1);
}

TEST(CsvRecords, KeepEveryFieldWithDoubledQuotesInPlace) {
  std::string data;
  for (int i = 0; i < 1000; ++i) data += "\"" + std::to_string(i) + "\"\"\"\n";
  std::string unescaped;
  CsvCursor cursor(data, ',', &unescaped);
  std::vector<std::string_view> fields;
  while (!cursor.at_end()) fields.push_back(cursor.next().text);
  ASSERT_EQ(fields.size(), 1000U);
  for (size_t i = 0; i < fields.size(); ++i) EXPECT_EQ(fields[i], std::to_string(i) + "\"");
}

TEST(CsvRecords, TakeTheDelimiterThatTheFirstLineHasMostOf) {
  EXPECT_EQ(detect_delimiter("a;b,c;d\n,,,,"), ';');
  EXPECT_EQ(detect_delimiter("\"a;b;c\",d\n"), ',');
  EXPECT_EQ(detect_delimiter("alone\n"), ',');
}

}  // namespace
}  // namespace linkwright
