#include "token/text_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace linkwright {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class TextTables : public testing::Test {
 protected:
  TextTables()
      : folder_(std::filesystem::path(testing::TempDir()) / ("linkwright_text_table_" + std::to_string(getpid()))) {
    std::filesystem::create_directories(folder_);
  }
  ~TextTables() override { std::filesystem::remove_all(folder_); }

  std::string write(const std::string& name, const std::string& content) const {
    std::ofstream(folder_ / name, std::ios::binary) << content;
    return folder_ / name;
  }

  /// Header and rows, fields joined by |; null as NULL, absent as NONE. The message when reading fails.
  std::vector<std::string> rows(const std::string& path, const TextTableReader::Options& options = {}) {
    std::vector<std::string> lines;
    const Status status = read(path, options, &lines);
    if (!status.ok()) lines.push_back(status.message());
    return lines;
  }

  int64_t malformed_ = 0;

 private:
  Status read(const std::string& path, const TextTableReader::Options& options, std::vector<std::string>* lines) {
    ARROW_ASSIGN_OR_RAISE(const auto reader, TextTableReader::open(path, options));
    std::string header;
    std::vector<int> slots;
    for (const std::string& name : reader->headers()) {
      header += (slots.empty() ? "" : "|") + name;
      slots.push_back(static_cast<int>(slots.size()));
    }
    lines->push_back(header);
    const size_t count = slots.size();
    ARROW_RETURN_NOT_OK(reader->select(std::move(slots), count));
    for (TextBlock block;;) {
      ARROW_ASSIGN_OR_RAISE(const bool more, reader->next(&block));
      if (!more) return Status::OK();
      TextColumns columns;
      for (size_t position = 0;;) {
        ARROW_ASSIGN_OR_RAISE(const bool some, reader->parse(block, &position, &columns));
        if (!some) break;
        malformed_ += columns.malformed_rows;
        for (size_t row = 0; row < columns.rows; ++row) lines->push_back(row_text(columns, row));
      }
    }
  }

  static std::string row_text(const TextColumns& columns, size_t row) {
    std::string line;
    for (size_t i = 0; i < columns.columns.size(); ++i) {
      const RawValue& value = columns.columns[i][row];
      if (i > 0) line += "|";
      line += value.state == RawValue::State::kPresent ? std::string(value.text)
              : value.state == RawValue::State::kNull  ? "NULL"
                                                       : "NONE";
    }
    return line;
  }

  std::filesystem::path folder_;
};

TEST_F(TextTables, ReadTheSameRowsFromEveryTextFormat) {
  const auto expected = ElementsAre("Id|Name", "1|Ann", "2|Bob");
  EXPECT_THAT(rows(write("x.csv", "Id,Name\n1,Ann\n2,Bob\n")), expected);
  EXPECT_THAT(rows(write("x.tsv", "Id\tName\n1\tAnn\n2\tBob\n")), expected);
  EXPECT_THAT(rows(write("x.json", R"([{"Id": "1", "Name": "Ann"}, {"Id": 2, "Name": "Bob"}])")), expected);
  EXPECT_THAT(rows(write("x.ndjson", "{\"Id\": 1, \"Name\": \"Ann\"}\n{\"Id\": \"2\", \"Name\": \"Bob\"}\n")),
              expected);
  EXPECT_THAT(rows(write("x.people", "Id,Name\n1,Ann\n2,Bob\n")), expected) << "any other name is CSV";
}

TEST_F(TextTables, KeepTheCommaUnlessAnotherDelimiterIsGiven) {
  const std::string path = write("x.csv", "\r\nId;Name\r\n\"1\";\"An;n\"\r\n");
  EXPECT_THAT(rows(path), ElementsAre("Id;Name", "1;\"An;n\"")) << "as the references read it";
  EXPECT_THAT(rows(path, {.delimiter = ';'}), ElementsAre("Id|Name", "1|An;n"));
}

TEST_F(TextTables, TakeJsonKeysThatComeLateAndLeaveOutWhatIsNoObject) {
  const std::string path =
      write("x.ndjson", "{\"Id\": 1}\n[1, 2]\n{\"Id\": 2.5, \"Late\": true}\nbroken\n{\"Late\": null, \"Id\": [3]}\n");
  EXPECT_THAT(rows(path), ElementsAre("Id|Late", "1|NULL", "2.5|true", "[3]|NULL"));
  EXPECT_EQ(malformed_, 2);
}

TEST_F(TextTables, NameTheLineOfAQuoteInTheHeaderThatIsNeverClosed) {
  EXPECT_THAT(rows(write("x.csv", "Id,\"Name\n1,Ann\n")), ElementsAre(HasSubstr("line 1")));
}

TEST_F(TextTables, RefuseAParquetFileThatIsDamaged) {
  EXPECT_THAT(rows(write("x.parquet", "PAR1 and then nothing")), ElementsAre(HasSubstr("is the file whole?")));
  EXPECT_THAT(rows(write("y.parquet", "a,b\n")), ElementsAre(HasSubstr("does not start as Parquet does")));
}

}  // namespace
}  // namespace linkwright
