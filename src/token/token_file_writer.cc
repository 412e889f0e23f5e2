#include "token/token_file_writer.h"

#include <arrow/array/array_binary.h>
#include <arrow/array/array_dict.h>
#include <arrow/array/array_primitive.h>
#include <arrow/buffer.h>
#include <arrow/io/file.h>
#include <arrow/table.h>
#include <arrow/type.h>
#include <parquet/arrow/writer.h>
#include <parquet/exception.h>

#include "io/pending_file.h"
#include "linkwright/token.h"

namespace linkwright {
namespace {

constexpr std::string_view kHeader = "RuleId,Token,RecordId\n";

bool needs_quotes(TextDialect dialect, std::string_view value) {
  if (value.find_first_of(",\"\r\n") != std::string_view::npos) return true;
  if (dialect == TextDialect::kPython || value.empty()) return false;
  // Java (commons-csv) also quotes what starts with "#" or less, or ends with a space or less.
  return static_cast<unsigned char>(value.front()) <= '#' || static_cast<unsigned char>(value.back()) <= ' ';
}

void append_csv(TextDialect dialect, std::string_view value, std::string* out) {
  if (!needs_quotes(dialect, value)) {
    out->append(value);
    return;
  }
  out->push_back('"');
  for (char c : value) {
    if (c == '"') out->push_back('"');
    out->push_back(c);
  }
  out->push_back('"');
}

class CsvTokenWriter : public TokenFileWriter {
 public:
  CsvTokenWriter(TextDialect dialect, const std::string& path) : dialect_(dialect), file_(path) {}

  Status open_file() { return file_.open(); }

  Result<Encoded> encode(TokenTable table) const override {
    Encoded encoded;
    std::string& text = encoded.text;
    text.reserve(table.tokens.size() + table.rows() * 48);
    std::string record_id;  // as it is written, for all the rows of a record
    int32_t record = -1;
    for (size_t row = 0; row < table.rows(); ++row) {
      append_csv(dialect_, table.rule_ids[static_cast<size_t>(table.rule_of_row[row])], &text);
      text.push_back(',');
      append_csv(dialect_, table.token(row), &text);
      text.push_back(',');
      if (table.record_of_row[row] != record) {
        record = table.record_of_row[row];
        record_id.clear();
        append_csv(dialect_, table.record_id(static_cast<size_t>(record)), &record_id);
        record_id.push_back('\n');
      }
      text.append(record_id);
    }
    return encoded;
  }

  Status write(const Encoded& encoded) override {
    if (encoded.text.empty()) return Status::OK();
    if (!has_header_) ARROW_RETURN_NOT_OK(file_.append(kHeader));
    has_header_ = true;
    return file_.append(encoded.text);
  }

  Status finish() override { return file_.finish(); }

 private:
  TextDialect dialect_;
  PendingTextFile file_;
  bool has_header_ = false;
};

std::shared_ptr<arrow::Buffer> offsets_of(const std::vector<int32_t>& ends) {
  std::vector<int32_t> offsets;
  offsets.reserve(ends.size() + 1);
  offsets.push_back(0);
  offsets.insert(offsets.end(), ends.begin(), ends.end());
  return arrow::Buffer::FromVector(std::move(offsets));
}

std::shared_ptr<arrow::Array> text_array(std::string text, const std::vector<int32_t>& ends) {
  return std::make_shared<arrow::StringArray>(static_cast<int64_t>(ends.size()), offsets_of(ends),
                                              arrow::Buffer::FromString(std::move(text)));
}

Result<std::shared_ptr<arrow::Array>> dictionary_array(std::vector<int32_t> indices,
                                                       std::shared_ptr<arrow::Array> values) {
  const auto length = static_cast<int64_t>(indices.size());
  auto index_array = std::make_shared<arrow::Int32Array>(length, arrow::Buffer::FromVector(std::move(indices)));
  return arrow::DictionaryArray::FromArrays(arrow::dictionary(arrow::int32(), arrow::utf8()), std::move(index_array),
                                            std::move(values));
}

std::shared_ptr<arrow::Schema> encoded_schema() {
  const auto coded = arrow::dictionary(arrow::int32(), arrow::utf8());
  return arrow::schema({arrow::field("RuleId", coded, false), arrow::field("Token", arrow::utf8(), false),
                        arrow::field("RecordId", coded, false)});
}

/// One row group a table: the record ids of a group are its dictionary, so nothing is hashed to encode them. Tokens and
/// record ids are nearly random text: nothing is compressed, nothing has statistics, and tokens have no dictionary.
class ParquetTokenWriter : public TokenFileWriter {
 public:
  explicit ParquetTokenWriter(const std::string& path) : file_(path) {}

  Status open_file() {
    ARROW_ASSIGN_OR_RAISE(stream_, file_.open());
    constexpr int64_t kDictionaryBytes = int64_t{1} << 30;
    constexpr int64_t kPageBytes = int64_t{1} << 17;  // written while it is in the cache: a tenth off the run
    auto properties = parquet::WriterProperties::Builder()
                          .dictionary_pagesize_limit(kDictionaryBytes)
                          ->disable_dictionary("Token")
                          ->disable_statistics()
                          ->data_pagesize(kPageBytes)
                          ->compression(parquet::Compression::UNCOMPRESSED)
                          ->created_by("linkwright")
                          ->build();
    ARROW_ASSIGN_OR_RAISE(writer_, parquet::arrow::FileWriter::Open(*encoded_schema(), arrow::default_memory_pool(),
                                                                    stream_, std::move(properties)));
    return Status::OK();
  }

  Result<Encoded> encode(TokenTable table) const override {
    std::string rule_text;
    std::vector<int32_t> rule_ends;
    for (const std::string& id : table.rule_ids) {
      rule_text += id;
      rule_ends.push_back(static_cast<int32_t>(rule_text.size()));
    }
    arrow::ArrayVector columns(3);
    ARROW_ASSIGN_OR_RAISE(columns[0],
                          dictionary_array(std::move(table.rule_of_row), text_array(std::move(rule_text), rule_ends)));
    columns[1] = text_array(std::move(table.tokens), table.token_ends);
    ARROW_ASSIGN_OR_RAISE(columns[2], dictionary_array(std::move(table.record_of_row),
                                                       text_array(std::move(table.record_ids), table.record_id_ends)));
    Encoded encoded;
    encoded.table = arrow::Table::Make(encoded_schema(), columns);
    return encoded;
  }

  Status write(const Encoded& encoded) override {
    if (encoded.table->num_rows() == 0) return Status::OK();
    return guarded([&] { return writer_->WriteTable(*encoded.table, encoded.table->num_rows()); });
  }

  Status finish() override {
    ARROW_RETURN_NOT_OK(guarded([&]() -> Status {
      ARROW_RETURN_NOT_OK(writer_->Close());
      return stream_->Close();
    }));
    return file_.publish();
  }

 private:
  template <class Action>
  Status guarded(const Action& action) {
    try {
      const Status status = action();
      return status.ok() ? status : file_.failed(status);
    } catch (const parquet::ParquetException& error) {
      return file_.failed(Status::IOError(error.what()));
    }
  }

  PendingFile file_;
  std::shared_ptr<arrow::io::OutputStream> stream_;
  std::unique_ptr<parquet::arrow::FileWriter> writer_;
};

}  // namespace

Result<std::unique_ptr<TokenFileWriter>> TokenFileWriter::open(const std::string& path, TextDialect dialect) {
  const bool csv = path.ends_with(".csv");
  if (!csv && !path.ends_with(".parquet")) {
    return Status::Invalid("cannot tell the format of '", path, "'; end its name with .parquet or .csv");
  }
  if (csv) {
    auto writer = std::make_unique<CsvTokenWriter>(dialect, path);
    ARROW_RETURN_NOT_OK(writer->open_file());
    return writer;
  }
  auto writer = std::make_unique<ParquetTokenWriter>(path);
  ARROW_RETURN_NOT_OK(writer->open_file());
  return writer;
}

}  // namespace linkwright
