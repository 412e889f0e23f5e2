#include "io/table_reader.h"

#include <arrow/array.h>
#include <arrow/builder.h>
#include <arrow/chunked_array.h>
#include <arrow/extension/uuid.h>
#include <arrow/extension_type.h>
#include <arrow/io/compressed.h>
#include <arrow/io/file.h>
#include <arrow/record_batch.h>
#include <arrow/scalar.h>
#include <arrow/table.h>
#include <arrow/type.h>
#include <arrow/util/compression.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <parquet/arrow/writer.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include "base/test_folder.h"
#include "base/thread_pool.h"
#include "io/file_content.h"
#include "io/parquet_reader.h"
#include "io/rejects.h"
#include "io/table_writer.h"
#include "io/text_columns.h"

namespace linkwright {
namespace {

using testing::HasSubstr;

class Files : public test::WithFolder {
 protected:
  Result<std::shared_ptr<arrow::Table>> read(const std::string& path, const ReadOptions& options = {}) {
    return read_tables({path}, options, pool_, &report_);
  }
  // The table as text, row by row: null as NULL, fields joined by |.
  std::string rows(const std::string& name, const std::string& content) {
    const auto table = read(write(name, content));
    if (!table.ok()) return table.status().message();
    std::string text;
    for (int64_t row = 0; row < (*table)->num_rows(); ++row) {
      for (int column = 0; column < (*table)->num_columns(); ++column) {
        const auto scalar = (*table)->column(column)->GetScalar(row).ValueOrDie();
        text += (column > 0 ? "|" : "") + (scalar->is_valid ? scalar->ToString() : std::string("NULL"));
      }
      text += "\n";
    }
    return text;
  }
  std::string type(const std::string& name, const std::string& content) {
    return read(write(name, content)).ValueOrDie()->column(0)->type()->ToString();
  }
  ThreadPool pool_{1};
  ReadReport report_;
};

struct CsvCase {
  const char* name;
  const char* content;
  const char* rows;
};

class Csv : public Files, public testing::WithParamInterface<CsvCase> {};
INSTANTIATE_TEST_SUITE_P(
    Files, Csv,
    testing::Values(CsvCase{"Plain", "a,b\nx,y\n", "x|y\n"}, CsvCase{"NoLastLineEnd", "a,b\nx,y", "x|y\n"},
                    CsvCase{"CarriageReturns", "a,b\r\nx,y\r\nz,w\r\n", "x|y\nz|w\n"},
                    CsvCase{"OldMacintosh", "a,b\rx,y\r", "x|y\n"}, CsvCase{"Semicolons", "a;b\nx,1;y\n", "x,1|y\n"},
                    CsvCase{"Tabs", "a\tb\nx\ty\n", "x|y\n"}, CsvCase{"Bars", "a|b\nx|y\n", "x|y\n"},
                    CsvCase{"ByteOrderMark",
                            "\xef\xbb\xbf"
                            "a,b\nx,y\n",
                            "x|y\n"},
                    CsvCase{"EmptyIsNull", "a,b\n,y\n", "NULL|y\n"},
                    CsvCase{"QuotedEmptyIsText", "a,b\n\"\",y\n", "|y\n"},
                    CsvCase{"QuotedLineBreak", "a,b\n\"x\ny\",z\n", "x\ny|z\n"},
                    CsvCase{"DoubledQuotes", "a,b\n\"x \"\"y\"\" z\",w\n", "x \"y\" z|w\n"},
                    CsvCase{"QuotedDelimiter", "a,b\n\"x,y\",z\n", "x,y|z\n"},
                    CsvCase{"EmptyLines", "a,b\n\nx,y\n\n", "x|y\n"}, CsvCase{"HeaderOnly", "a,b\n", ""}),
    [](const auto& c) { return std::string(c.param.name); });

TEST_P(Csv, IsReadAsRfc4180HasIt) { EXPECT_EQ(rows("x.csv", GetParam().content), GetParam().rows); }

TEST_F(Files, NameTheLineOfARaggedRow) {
  EXPECT_THAT(rows("x.csv", "a,b\n\"1\n2\",x\nonly\n"),
              HasSubstr("x.csv:4: the line has 1 fields where the header has 2"));
}
TEST_F(Files, NameLineAndColumnOfBytesThatAreNotUtf8) {
  const std::string message = rows("x.csv", "a,b\nx,M\xfcller\n");
  EXPECT_THAT(message, HasSubstr("x.csv:2"));
  EXPECT_THAT(message, HasSubstr("x.csv:2: column 2 ('b') has a byte that is not UTF-8 at place 2"));
}
TEST_F(Files, NameTheLineWhereAQuoteOpens) {
  EXPECT_THAT(rows("x.csv", "a,b\nx,y\n\"open,z\nmore\n"), HasSubstr("x.csv:3"));
}
TEST_F(Files, TakeTheDelimiterThatExcelIsTold) {
  EXPECT_EQ(rows("x.csv", "\xef\xbb\xbfsep=;\r\na;b\r\nx,y,z;w\r\n"), "x,y,z|w\n");
  EXPECT_THAT(rows("y.csv", "sep=;\na;b\nx;y\nz\n"), HasSubstr("y.csv:4: the line has 1 fields"));
  EXPECT_THAT(rows("z.csv", "sep=;\na;a\n"), HasSubstr("z.csv:2: two columns are named 'a'"));
}
TEST_F(Files, RefuseRepeatedAndEmptyColumnNames) {
  EXPECT_THAT(rows("x.csv", "a,a\n1,2\n"), HasSubstr("two columns are named 'a'"));
  EXPECT_THAT(rows("y.csv", "a,\n1,2\n"), HasSubstr("column 2 has no name"));
}
TEST_F(Files, RefuseAnEmptyFileAndUtf16) {
  EXPECT_THAT(rows("x.csv", ""), HasSubstr("is empty"));
  EXPECT_THAT(rows("y.csv", std::string("\xff\xfe"
                                        "a\0",
                                        4)),
              HasSubstr("UTF-16"));
}
TEST_F(Files, KeepRejectedLinesApart) {
  const std::string path = write("x.csv", "a,b\nx,y\nbad\nz,w\n");
  ReadOptions options;
  const std::string kept = (folder_ / "rejects.ndjson").string();
  Rejects rejects(kept);
  options.rejects = &rejects;
  EXPECT_EQ(read(path, options).ValueOrDie()->num_rows(), 2);
  EXPECT_EQ(report_.rejected_lines, 1);
  EXPECT_FALSE(std::filesystem::exists(kept)) << "before the run is done";
  ASSERT_TRUE(rejects.finish().ok());
  std::ifstream lines(kept);
  std::string line;
  std::getline(lines, line);
  EXPECT_THAT(line, HasSubstr("\"line\":3"));
  EXPECT_THAT(line, HasSubstr("bad"));
}

TEST_F(Files, TakeNormalIntegersAndDecimalsForNumbers) {
  EXPECT_EQ(type("a.csv", "x\n1\n-20\n\n"), "int64");
  EXPECT_EQ(type("b.csv", "x\n1.5\n2\n"), "double");
  EXPECT_EQ(type("c.csv", "x\n007\n1\n"), "large_string");
  EXPECT_EQ(type("d.csv", "x\n1\n2\nn/a\n"), "large_string");
  EXPECT_EQ(type("e.csv", "x\n1990-01-02\n"), "large_string");
}
TEST(NormalNumbers, PrintBackAsTheyWereRead) {
  for (const char* text : {"0", "-1", "9223372036854775807"}) EXPECT_TRUE(is_normal_integer(text)) << text;
  for (const char* text : {"-0", "01", "+1", "", "1 ", "9223372036854775808", "1e5"}) {
    EXPECT_FALSE(is_normal_integer(text)) << text;
  }
  for (const char* text : {"0.5", "-3.25", "10"}) EXPECT_TRUE(is_normal_decimal(text)) << text;
  for (const char* text : {".5", "1.50", "1.", "0.1000000000000000055511151231257827"}) {
    EXPECT_FALSE(is_normal_decimal(text)) << text;
  }
}

TEST_F(Files, ReadCompressedText) {
  for (const auto& [type, ending] :
       {std::pair(arrow::Compression::GZIP, ".gz"), std::pair(arrow::Compression::ZSTD, ".zst")}) {
    const std::string path = (folder_ / (std::string("x.csv") + ending)).string();
    const auto codec = arrow::util::Codec::Create(type).ValueOrDie();
    const auto file = arrow::io::FileOutputStream::Open(path).ValueOrDie();
    const auto stream = arrow::io::CompressedOutputStream::Make(codec.get(), file).ValueOrDie();
    ASSERT_TRUE(stream->Write("a,b\nx,y\n").ok());
    ASSERT_TRUE(stream->Close().ok());
    EXPECT_EQ(read(path).ValueOrDie()->num_rows(), 1) << ending;
  }
}

TEST_F(Files, ReadJsonArraysAndLines) {
  EXPECT_EQ(rows("x.json", R"([{"a": 1, "b": "x"}, {"b": null, "a": 2}])"), "1|x\n2|NULL\n");
  EXPECT_EQ(rows("x.ndjson", "{\"a\": 1}\n{\"a\": 2.5, \"c\": true}\n"), "1|NULL\n2.5|true\n");
  EXPECT_EQ(rows("mixed.ndjson", "{\"a\": 1}\n{\"a\": \"x\"}\n"), "1\nx\n");
}
TEST_F(Files, NameTheLineOfBrokenJson) {
  EXPECT_THAT(rows("x.ndjson", "{\"a\": 1}\n{\"a\": }\n"), HasSubstr("x.ndjson:2"));
  EXPECT_THAT(rows("y.ndjson", "{\"a\": {\"b\": 1}}\n"), HasSubstr("y.ndjson:1: key 'a' holds a nested object"));
  EXPECT_THAT(rows("z.json", "[{\"a\": 1}, 5]"), HasSubstr("element 2 of the array: "));
}

TEST_F(Files, AreReadTogetherInOrderOfName) {
  write("p_2.csv", "a\nsecond\n");
  write("p_1.csv", "a\nfirst\n");
  const auto table = read((folder_ / "p_*.csv").string()).ValueOrDie();
  EXPECT_EQ(table->column(0)->GetScalar(0).ValueOrDie()->ToString(), "first");
  EXPECT_EQ(table->num_rows(), 2);
}
TEST_F(Files, MustHaveTheSameColumnsToBeReadTogether) {
  write("p_1.csv", "a\nx\n");
  write("p_2.csv", "b\ny\n");
  EXPECT_THAT(read((folder_ / "p_*.csv").string()).status().message(), HasSubstr("p_2.csv:1: has other columns"));
}
TEST_F(Files, OfSeveralFormatsAreSeveralInputs) {
  const std::string csv = write("a.csv", "name\nann\n");
  const std::string json = write("b.ndjson", "{\"name\": \"bob\"}\n");
  EXPECT_EQ(read_tables({csv, json}, {}, pool_, &report_).status().message(),
            csv + " and " + json + " are of different formats; make them two inputs");
}

TEST_F(Files, OfParquetMayNotBeCalledCsv) {
  const std::string path = write("a.csv", "PAR1 and so on PAR1");
  EXPECT_EQ(read(path).status().message(), path + " is a Parquet file by its content; name it .parquet");
}

TEST_F(Files, AreMissedByName) {
  EXPECT_THAT(read("nowhere/x.csv").status().message(), HasSubstr("there is no file nowhere/x.csv"));
  EXPECT_THAT(read((folder_ / "*.parquet").string()).status().message(), HasSubstr("no file matches"));
  EXPECT_THAT(read(write("x.xls", "a")).status().message(), HasSubstr("cannot tell its format"));
  EXPECT_THAT(read(write("x.parquet", "no parquet")).status().message(), HasSubstr("does not start as Parquet does"));
  EXPECT_EQ(content_format("nowhere/x.parquet").status().message(),
            "cannot read nowhere/x.parquet: No such file or directory");
  EXPECT_EQ(open_file_stream("nowhere/x.csv").status().message(),
            "cannot read nowhere/x.csv: No such file or directory");
  EXPECT_THAT(read(write("e.parquet", "PARE")).status().message(), HasSubstr("is encrypted Parquet"));
  EXPECT_THAT(read(write("y.parquet", "PAR1 torn")).status().message(), HasSubstr("is the file whole?"));
}

// As Spark writes a folder: one file has the texts of a column as codes, the next one as they are, or no rows.
TEST_F(Files, OfParquetMayStoreTextAsCodesOrAsItIs) {
  const auto schema = arrow::schema({arrow::field("name", arrow::utf8()), arrow::field("n", arrow::int64())});
  const auto write_rows = [&](const std::string& name, const std::vector<const char*>& texts, bool as_codes) {
    arrow::StringBuilder names;
    arrow::Int64Builder numbers;
    for (const char* text : texts) {
      ASSERT_TRUE((text == nullptr ? names.AppendNull() : names.Append(text)).ok() && numbers.Append(1).ok());
    }
    const auto table = arrow::Table::Make(schema, {names.Finish().ValueOrDie(), numbers.Finish().ValueOrDie()});
    const auto file = arrow::io::FileOutputStream::Open((folder_ / name).string()).ValueOrDie();
    parquet::WriterProperties::Builder properties;
    if (!as_codes) properties.disable_dictionary();
    ASSERT_TRUE(parquet::arrow::WriteTable(*table, arrow::default_memory_pool(), file, 1000, properties.build()).ok());
  };
  write_rows("a.parquet", {"ann", "ann", nullptr, "bob"}, true);
  write_rows("b.parquet", {"bob", nullptr, "cy"}, false);
  write_rows("c.parquet", {}, false);
  for (const char* first : {"a", "b", "c"}) {
    const auto table =
        read_tables({(folder_ / first).string() + ".parquet", (folder_ / "*.parquet").string()}, {}, pool_, &report_);
    ASSERT_TRUE(table.ok()) << table.status();
    const auto names = (*table)->GetColumnByName("name");
    EXPECT_TRUE(names->type()->Equals(arrow::utf8())) << names->type()->ToString();
    EXPECT_EQ(names->null_count(), first[0] == 'c' ? 2 : 3);
    std::map<std::string, int> times;
    for (int64_t row = 0; row < names->length(); ++row) ++times[names->GetScalar(row).ValueOrDie()->ToString()];
    EXPECT_EQ(times["ann"], first[0] == 'a' ? 4 : 2);
    EXPECT_EQ(times["cy"], first[0] == 'b' ? 2 : 1);
  }
}

TEST_F(Files, OfParquetMayHoldUuids) {
  arrow::FixedSizeBinaryBuilder bytes(arrow::fixed_size_binary(16));
  ASSERT_TRUE(bytes.Append("\x01\x23\x45\x67\x89\xab\xcd\xef\xff\x10\x32\x54\x76\x98\xba\xdc").ok() &&
              bytes.AppendNull().ok());
  const auto ids = arrow::ExtensionType::WrapArray(arrow::extension::uuid(), bytes.Finish().ValueOrDie());
  const auto table = arrow::Table::Make(arrow::schema({arrow::field("id", ids->type())}), {ids});
  const std::string path = (folder_ / "uuids.parquet").string();
  for (const bool has_arrow_schema : {false, true}) {
    parquet::ArrowWriterProperties::Builder properties;
    if (has_arrow_schema) properties.store_schema();
    const auto file = arrow::io::FileOutputStream::Open(path).ValueOrDie();
    ASSERT_TRUE(parquet::arrow::WriteTable(*table, arrow::default_memory_pool(), file, 1000,
                                           parquet::default_writer_properties(), properties.build())
                    .ok());
    const auto texts = read(path).ValueOrDie()->column(0);
    EXPECT_EQ(texts->GetScalar(0).ValueOrDie()->ToString(), "01234567-89ab-cdef-ff10-32547698badc");
    EXPECT_TRUE(texts->chunk(0)->IsNull(1));
    EXPECT_TRUE(read_parquet_schema(path).ValueOrDie()->field(0)->type()->Equals(arrow::utf8()));
  }
}

// Parquet is read in pieces of 2^18 rows or more; the writer makes groups of 2^18.
class LargeParquet : public Files {
 protected:
  static constexpr int64_t kRows = 600'000;

  static std::string text_of(int64_t row) { return row % 3 == 0 ? "often" : "rarely " + std::to_string(row / 7); }

  std::string write_rows() const {
    arrow::Int64Builder numbers;
    arrow::StringBuilder texts;
    for (int64_t row = 0; row < kRows; ++row) {
      EXPECT_TRUE((row % 5 == 0 ? numbers.AppendNull() : numbers.Append(row)).ok());
      EXPECT_TRUE(texts.Append(text_of(row)).ok());
    }
    const auto schema = arrow::schema({arrow::field("number", arrow::int64()), arrow::field("text", arrow::utf8())});
    const auto batch =
        arrow::RecordBatch::Make(schema, kRows, {numbers.Finish().ValueOrDie(), texts.Finish().ValueOrDie()});
    const auto writer = TableWriter::open(path("large.parquet"), FileFormat::kParquet, schema).ValueOrDie();
    EXPECT_TRUE(writer->write(*batch).ok());
    EXPECT_TRUE(writer->finish().ok());
    return path("large.parquet");
  }
};

TEST_F(LargeParquet, IsReadWholeWhateverItsGroups) {
  const auto table = read(write_rows()).ValueOrDie();
  ASSERT_EQ(table->num_rows(), kRows);
  for (int64_t row = 0; row < kRows; row += 997) {
    const auto number = table->column(0)->GetScalar(row).ValueOrDie();
    EXPECT_EQ(number->ToString(), row % 5 == 0 ? "null" : std::to_string(row));
    const auto text = table->column(1)->GetScalar(row).ValueOrDie();
    const bool is_code = text->type->id() == arrow::Type::DICTIONARY;
    const auto value =
        is_code ? static_cast<const arrow::DictionaryScalar&>(*text).GetEncodedValue().ValueOrDie() : text;
    EXPECT_EQ(value->ToString(), text_of(row)) << row;
  }
}

TEST_F(LargeParquet, EndsWhenCancelled) {
  Cancellation cancellation;
  cancellation.request();
  EXPECT_TRUE(read_parquet(write_rows(), /*use_threads=*/false, &cancellation).status().IsCancelled());
}

}  // namespace
}  // namespace linkwright
