#include "token/text_table.h"

#include <arrow/array.h>
#include <arrow/io/file.h>
#include <arrow/record_batch.h>
#include <arrow/scalar.h>
#include <arrow/type.h>
#include <parquet/arrow/reader.h>
#include <parquet/file_reader.h>

#include <algorithm>
#include <map>

#include "token/calendar_date.h"
#include "token/csv_blocks.h"
#include "token/unicode_text.h"

namespace linkwright {
namespace {

constexpr int64_t kCsvBlockBytes = int64_t{1} << 20;
constexpr int64_t kLongestRecordBytes = int64_t{64} << 20;
constexpr int64_t kParquetBatchRows = int64_t{1} << 14;
constexpr size_t kRowsAtOnce = 1024;
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

class CsvTableReader : public TextTableReader {
 public:
  CsvTableReader(std::string path, TextDialect dialect, std::shared_ptr<arrow::io::ReadableFile> file)
      : path_(std::move(path)), dialect_(dialect), file_(std::move(file)) {}

  /// Reads up to the end of the header, which is the first line that is not blank.
  Status read_header() {
    ARROW_RETURN_NOT_OK(fill());
    if (std::string_view(carry_).starts_with(kByteOrderMark)) carry_.erase(0, kByteOrderMark.size());
    size_t start = 0;
    while (true) {
      while (start < carry_.size() && (carry_[start] == '\n' || carry_[start] == '\r')) ++start;
      if (start == carry_.size() && ended_) return Status::OK();
      const size_t end = csv_record_end(carry_, start, ended_);
      if (end != std::string::npos) {
        const std::string_view record = std::string_view(carry_).substr(0, end);
        ARROW_RETURN_NOT_OK(check_utf8(record, 1));
        headers_ = csv_fields(dialect_, record);
        next_line_ = 1 + std::count(record.begin(), record.end(), '\n');
        carry_.erase(0, end);
        return Status::OK();
      }
      ARROW_RETURN_NOT_OK(check_record_length());
      ARROW_RETURN_NOT_OK(fill());
    }
  }

  Status select(std::vector<int> slots, size_t slot_count) override {
    slots_ = std::move(slots);
    slot_count_ = slot_count;
    return Status::OK();
  }

  Result<bool> next(TextBlock* block) override {
    while (true) {
      if (!ended_) ARROW_RETURN_NOT_OK(fill());
      if (carry_.empty() && ended_) return false;
      const size_t end = csv_last_record_end(carry_, ended_);
      if (end == 0) {
        ARROW_RETURN_NOT_OK(check_record_length());
        continue;
      }
      block->bytes.assign(carry_, 0, end);
      block->first_line = next_line_;
      block->ends_file = ended_;
      next_line_ += std::count(block->bytes.begin(), block->bytes.end(), '\n');
      carry_.erase(0, end);
      return true;
    }
  }

  Result<bool> parse(const TextBlock& block, size_t* position, TextColumns* out) const override {
    if (*position == 0) {
      ARROW_RETURN_NOT_OK(check_utf8(block.bytes, block.first_line));
      ARROW_RETURN_NOT_OK(check_quotes_close(block));
    }
    if (*position >= block.bytes.size()) return false;
    *position += parse_csv_records(dialect_, std::string_view(block.bytes).substr(*position), slots_, slot_count_,
                                   kRowsAtOnce, out);
    return true;
  }

 private:
  Status fill() {
    const size_t held = carry_.size();
    carry_.resize(held + static_cast<size_t>(kCsvBlockBytes));
    ARROW_ASSIGN_OR_RAISE(int64_t read, file_->Read(kCsvBlockBytes, carry_.data() + held));
    carry_.resize(held + static_cast<size_t>(read));
    ended_ = read == 0;
    return Status::OK();
  }

  Status check_record_length() const {
    if (static_cast<int64_t>(carry_.size()) < kLongestRecordBytes) return Status::OK();
    return Status::Invalid(path_, ": the record at line ", next_line_,
                           " is longer than 64 MiB; is a closing quote missing?");
  }

  Status check_utf8(std::string_view bytes, int64_t first_line) const {
    const size_t at = find_invalid_utf8(bytes);
    if (at == std::string_view::npos) return Status::OK();
    const auto line = first_line + std::count(bytes.begin(), bytes.begin() + static_cast<ptrdiff_t>(at), '\n');
    return Status::Invalid(path_, ", line ", line, ": byte ", static_cast<int>(static_cast<unsigned char>(bytes[at])),
                           " is not UTF-8; if the file is in Latin-1, convert it: iconv -f latin1 -t utf-8 ", path_);
  }

  /// Only the last block can end inside a quoted field.
  Status check_quotes_close(const TextBlock& block) const {
    const std::string_view bytes = block.bytes;
    if (!block.ends_file || bytes.find('"') == std::string_view::npos) return Status::OK();
    for (size_t start = 0; start < bytes.size();) {
      // A line end that is added closes a record, unless a quote is open.
      const size_t end = csv_record_end(bytes, start, false);
      if (end != std::string_view::npos) {
        start = end;
        continue;
      }
      std::string record(bytes.substr(start));
      record += "\n";
      if (csv_record_end(record, 0, false) != std::string_view::npos) return Status::OK();
      const auto line =
          block.first_line + std::count(bytes.begin(), bytes.begin() + static_cast<ptrdiff_t>(start), '\n');
      return Status::Invalid(path_, ": a quote in the record that starts at line ", line,
                             " is never closed; double it or close it");
    }
    return Status::OK();
  }

  std::string path_;
  TextDialect dialect_;
  std::shared_ptr<arrow::io::ReadableFile> file_;
  std::string carry_;  // read, and not yet given out
  bool ended_ = false;
  int64_t next_line_ = 1;
  std::vector<int> slots_;
  size_t slot_count_ = 0;
};

class ParquetTableReader : public TextTableReader {
 public:
  explicit ParquetTableReader(std::unique_ptr<parquet::arrow::FileReader> file) : file_(std::move(file)) {}

  Status read_header() {
    std::shared_ptr<arrow::Schema> schema;
    ARROW_RETURN_NOT_OK(file_->GetSchema(&schema));
    headers_ = schema->field_names();
    return Status::OK();
  }

  Status select(std::vector<int> slots, size_t slot_count) override {
    slot_count_ = slot_count;
    std::vector<int> groups(static_cast<size_t>(file_->num_row_groups()));
    for (size_t i = 0; i < groups.size(); ++i) groups[i] = static_cast<int>(i);
    // Nested columns have several leaves, so the leaves are asked for their top-level field.
    std::vector<int> leaves;
    const parquet::SchemaDescriptor& schema = *file_->parquet_reader()->metadata()->schema();
    for (int leaf = 0; leaf < schema.num_columns(); ++leaf) {
      const std::string& top = schema.GetColumnRoot(leaf)->name();
      const auto header = std::find(headers_.begin(), headers_.end(), top);
      const auto index = static_cast<size_t>(header - headers_.begin());
      if (index < slots.size() && slots[index] >= 0) leaves.push_back(leaf);
    }
    for (size_t i = 0; i < slots.size(); ++i) {
      if (slots[i] >= 0) slot_of_[headers_[i]] = static_cast<size_t>(slots[i]);
    }
    ARROW_ASSIGN_OR_RAISE(batches_, file_->GetRecordBatchReader(groups, leaves));
    return Status::OK();
  }

  Result<bool> next(TextBlock* block) override {
    ARROW_RETURN_NOT_OK(batches_->ReadNext(&block->batch));
    return block->batch != nullptr;
  }

  Result<bool> parse(const TextBlock& block, size_t* position, TextColumns* out) const override {
    if (*position > 0) return false;
    *position = 1;  // a batch is one portion
    out->clear(slot_count_);
    out->rows = static_cast<size_t>(block.batch->num_rows());
    for (int i = 0; i < block.batch->num_columns(); ++i) {
      const std::string& name = block.batch->schema()->field(i)->name();
      ARROW_RETURN_NOT_OK(
          append_raw_values(*block.batch->column(i), name, &out->converted, &out->columns[slot_of_.at(name)]));
    }
    for (auto& column : out->columns) column.resize(out->rows);
    return true;
  }

 private:
  std::unique_ptr<parquet::arrow::FileReader> file_;
  std::unique_ptr<arrow::RecordBatchReader> batches_;
  std::map<std::string, size_t> slot_of_;
  size_t slot_count_ = 0;
};

Result<std::unique_ptr<TextTableReader>> open_parquet(const std::string& path,
                                                      std::shared_ptr<arrow::io::ReadableFile> file) {
  parquet::arrow::FileReaderBuilder builder;
  Status status = builder.Open(std::move(file));
  if (!status.ok()) return status.WithMessage(path, ": not a Parquet file: ", status.message());
  parquet::ArrowReaderProperties properties;
  properties.set_batch_size(kParquetBatchRows);
  properties.set_use_threads(false);
  builder.properties(properties);
  std::unique_ptr<parquet::arrow::FileReader> parquet_file;
  ARROW_RETURN_NOT_OK(builder.Build(&parquet_file));
  auto reader = std::make_unique<ParquetTableReader>(std::move(parquet_file));
  ARROW_RETURN_NOT_OK(reader->read_header());
  return reader;
}

template <class ArrayType>
void append_texts(const arrow::Array& column, std::vector<RawValue>* out) {
  const auto& texts = static_cast<const ArrayType&>(column);
  for (int64_t i = 0; i < texts.length(); ++i) {
    out->push_back(texts.IsNull(i) ? RawValue::null() : RawValue::of(texts.GetView(i)));
  }
}

Status append_dictionary(const arrow::Array& column, std::string_view name, std::deque<std::string>* converted,
                         std::vector<RawValue>* out) {
  const auto& encoded = static_cast<const arrow::DictionaryArray&>(column);
  std::vector<RawValue> values;
  ARROW_RETURN_NOT_OK(append_raw_values(*encoded.dictionary(), name, converted, &values));
  for (int64_t i = 0; i < encoded.length(); ++i) {
    out->push_back(encoded.IsNull(i) ? RawValue::null() : values[static_cast<size_t>(encoded.GetValueIndex(i))]);
  }
  return Status::OK();
}

}  // namespace

void TextColumns::clear(size_t slots) {
  rows = 0;
  columns.resize(slots);
  for (auto& column : columns) column.clear();
  malformed_rows = 0;
  unquoted.clear();
  converted.clear();
}

Status append_raw_values(const arrow::Array& column, std::string_view name, std::deque<std::string>* converted,
                         std::vector<RawValue>* out) {
  switch (column.type_id()) {
    case arrow::Type::STRING:
    case arrow::Type::BINARY:
      append_texts<arrow::BinaryArray>(column, out);
      return Status::OK();
    case arrow::Type::LARGE_STRING:
    case arrow::Type::LARGE_BINARY:
      append_texts<arrow::LargeBinaryArray>(column, out);
      return Status::OK();
    case arrow::Type::STRING_VIEW:
      append_texts<arrow::BinaryViewArray>(column, out);
      return Status::OK();
    case arrow::Type::DICTIONARY:
      return append_dictionary(column, name, converted, out);
    case arrow::Type::NA:
      out->insert(out->end(), static_cast<size_t>(column.length()), RawValue::null());
      return Status::OK();
    case arrow::Type::INT8:
    case arrow::Type::INT16:
    case arrow::Type::INT32:
    case arrow::Type::INT64:
    case arrow::Type::UINT8:
    case arrow::Type::UINT16:
    case arrow::Type::UINT32:
    case arrow::Type::UINT64:
    case arrow::Type::DATE32:
      break;
    default:
      return Status::TypeError("column '", name, "' has the type ", column.type()->ToString(),
                               "; people are read from text, whole numbers and dates: cast it first");
  }
  for (int64_t i = 0; i < column.length(); ++i) {
    if (column.IsNull(i)) {
      out->push_back(RawValue::null());
      continue;
    }
    if (column.type_id() == arrow::Type::DATE32) {
      converted->push_back(format_iso_date(static_cast<const arrow::Date32Array&>(column).Value(i)));
    } else {
      ARROW_ASSIGN_OR_RAISE(auto scalar, column.GetScalar(i));
      converted->push_back(scalar->ToString());
    }
    out->push_back(RawValue::of(converted->back()));
  }
  return Status::OK();
}

Result<std::unique_ptr<TextTableReader>> TextTableReader::open(const std::string& path, TextDialect dialect) {
  auto opened = arrow::io::ReadableFile::Open(path);
  if (!opened.ok()) return opened.status().WithMessage("cannot read '", path, "': ", opened.status().message());
  std::shared_ptr<arrow::io::ReadableFile> file = *opened;
  char magic[4] = {};
  ARROW_ASSIGN_OR_RAISE(int64_t read, file->ReadAt(0, sizeof(magic), magic));
  if (std::string_view(magic, static_cast<size_t>(read)) == "PAR1" || path.ends_with(".parquet")) {
    return open_parquet(path, std::move(file));
  }
  ARROW_RETURN_NOT_OK(file->Seek(0));  // reading at a place leaves the file without one
  auto reader = std::make_unique<CsvTableReader>(path, dialect, std::move(file));
  ARROW_RETURN_NOT_OK(reader->read_header());
  return reader;
}

}  // namespace linkwright
