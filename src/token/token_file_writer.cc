#include "token/token_file_writer.h"

#include <optional>

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
    text.reserve(table.tokens.bytes().size() + table.rows() * 48);
    std::string record_id;  // as it is written, for all the rows of a record
    std::optional<uint32_t> record;
    for (size_t row = 0; row < table.rows(); ++row) {
      append_csv(dialect_, table.rule_ids[table.rule_of_row[row]], &text);
      text.push_back(',');
      append_csv(dialect_, table.tokens[row], &text);
      text.push_back(',');
      if (table.record_of_row[row] != record) {
        record = table.record_of_row[row];
        record_id.clear();
        append_csv(dialect_, table.record_ids[*record], &record_id);
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

/// One row group a table: the record ids of a group are its dictionary, so nothing is looked up to encode them. Tokens
/// and record ids are nearly random text: nothing is compressed, nothing has statistics, and tokens have no dictionary.
class ParquetTokenWriter : public TokenFileWriter {
 public:
  explicit ParquetTokenWriter(std::unique_ptr<TextParquetWriter> writer) : writer_(std::move(writer)) {}

  Result<Encoded> encode(TokenTable table) const override {
    PlainTexts rule_ids;
    for (const std::string& id : table.rule_ids) rule_ids.append(id);
    Encoded encoded;
    encoded.chunks.push_back(TextParquetChunk::coded(std::move(rule_ids), table.rule_of_row));
    encoded.chunks.push_back(TextParquetChunk::plain(std::move(table.tokens)));
    encoded.chunks.push_back(TextParquetChunk::coded(std::move(table.record_ids), table.record_of_row));
    return encoded;
  }

  Status write(const Encoded& encoded) override { return writer_->write(encoded.chunks); }
  Status finish() override { return writer_->finish(); }

 private:
  std::unique_ptr<TextParquetWriter> writer_;
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
  ARROW_ASSIGN_OR_RAISE(auto writer, TextParquetWriter::open(path, {"RuleId", "Token", "RecordId"}));
  return std::make_unique<ParquetTokenWriter>(std::move(writer));
}

}  // namespace linkwright
