#include "io/row_text.h"

#include <arrow/array.h>
#include <arrow/record_batch.h>
#include <arrow/scalar.h>
#include <arrow/type.h>
#include <arrow/type_traits.h>
#include <arrow/util/parallel.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

namespace linkwright {
namespace {

template <typename Number>
void append_number(Number number, std::string* text) {
  std::array<char, 32> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  text->append(digits.data(), end);
}

// Whether a text holds a byte of some kind; short texts are looked through faster than by a search of the library.
using ByteKind = std::array<bool, 256>;
bool holds_any(std::string_view text, const ByteKind& kind) {
  bool found = false;
  for (const char c : text) found |= kind[static_cast<uint8_t>(c)];
  return found;
}

constexpr ByteKind kQuotedInCsv = [] {
  ByteKind kind{};
  for (const char c : {',', '"', '\r', '\n'}) kind[static_cast<uint8_t>(c)] = true;
  return kind;
}();

constexpr ByteKind kNotPlainInJson = [] {
  ByteKind kind{};
  for (size_t byte = 0; byte < kind.size(); ++byte) kind[byte] = byte < 0x20 || byte >= 0x7F;
  for (const char c : {'"', '\\'}) kind[static_cast<uint8_t>(c)] = true;
  return kind;
}();

void append_csv_text(std::string_view value, std::string* text) {
  if (!value.empty() && !holds_any(value, kQuotedInCsv)) {
    text->append(value);
    return;
  }
  text->push_back('"');
  for (const char c : value) {
    if (c == '"') text->push_back('"');
    text->push_back(c);
  }
  text->push_back('"');
}

void append_json_text(std::string_view value, std::string* text) {
  if (holds_any(value, kNotPlainInJson)) {
    text->append(nlohmann::json(value).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
    return;
  }
  text->push_back('"');
  text->append(value);
  text->push_back('"');
}

// Appends the cell of a row, null or not. Safe to call from any thread.
using CellWriter = std::function<void(int64_t row, std::string* text)>;

std::string_view null_text(RowTextFormat format) { return format == RowTextFormat::kCsv ? "" : "null"; }

template <typename ArrayType, typename Append>
CellWriter cell_writer(const std::shared_ptr<arrow::Array>& array, RowTextFormat format, const Append& append) {
  return [typed = std::static_pointer_cast<ArrayType>(array), format, append](int64_t row, std::string* text) {
    typed->IsNull(row) ? void(text->append(null_text(format))) : append(typed->GetView(row), text);
  };
}

Result<CellWriter> writer_for(const std::shared_ptr<arrow::Array>& array, RowTextFormat format);

// A JSON array, also in CSV.
template <typename ArrayType>
Result<CellWriter> list_writer(const std::shared_ptr<arrow::Array>& array, RowTextFormat format) {
  const auto list = std::static_pointer_cast<ArrayType>(array);
  ARROW_ASSIGN_OR_RAISE(const CellWriter item, writer_for(list->values(), RowTextFormat::kNdjson));
  return CellWriter([list, item, format](int64_t row, std::string* text) {
    if (list->IsNull(row)) return void(text->append(null_text(format)));
    std::string items = "[";
    const int64_t begin = list->value_offset(row);
    for (int64_t i = begin; i < begin + list->value_length(row); ++i) {
      if (i > begin) items += ",";
      item(i, &items);
    }
    items += "]";
    format == RowTextFormat::kCsv ? append_csv_text(items, text) : void(text->append(items));
  });
}

// Numbers take long to write: those that rows share are written once, where there are fewer of them than rows.
Result<CellWriter> coded_writer(const std::shared_ptr<arrow::DictionaryArray>& array, RowTextFormat format) {
  const auto& dictionary = array->dictionary();
  ARROW_ASSIGN_OR_RAISE(const CellWriter entry, writer_for(dictionary, format));
  if (arrow::is_base_binary_like(dictionary->type_id()) || dictionary->length() > array->length()) {
    return CellWriter([array, entry, format](int64_t row, std::string* text) {
      array->IsNull(row) ? void(text->append(null_text(format))) : entry(array->GetValueIndex(row), text);
    });
  }
  std::vector<std::string> entries(static_cast<size_t>(dictionary->length()));
  for (size_t k = 0; k < entries.size(); ++k) entry(static_cast<int64_t>(k), &entries[k]);
  return CellWriter([array, entries = std::move(entries), format](int64_t row, std::string* text) {
    text->append(array->IsNull(row) ? null_text(format) : entries[static_cast<size_t>(array->GetValueIndex(row))]);
  });
}

Result<CellWriter> writer_for(const std::shared_ptr<arrow::Array>& array, RowTextFormat format) {
  const auto text_appender = format == RowTextFormat::kCsv ? append_csv_text : append_json_text;
  switch (array->type_id()) {
    case arrow::Type::STRING:
      return cell_writer<arrow::StringArray>(array, format, text_appender);
    case arrow::Type::LARGE_STRING:
      return cell_writer<arrow::LargeStringArray>(array, format, text_appender);
    case arrow::Type::INT64:
      return cell_writer<arrow::Int64Array>(array, format, append_number<int64_t>);
    case arrow::Type::INT32:
      return cell_writer<arrow::Int32Array>(array, format, append_number<int32_t>);
    case arrow::Type::DOUBLE:
      return cell_writer<arrow::DoubleArray>(array, format, [format](double number, std::string* text) {
        if (std::isfinite(number) || format == RowTextFormat::kCsv)
          append_number(number, text);
        else
          text->append("null");  // JSON has no other way to say it
      });
    case arrow::Type::BOOL:
      return cell_writer<arrow::BooleanArray>(
          array, format, [](bool value, std::string* text) { text->append(value ? "true" : "false"); });
    case arrow::Type::DICTIONARY:
      return coded_writer(std::static_pointer_cast<arrow::DictionaryArray>(array), format);
    case arrow::Type::LIST:
      return list_writer<arrow::ListArray>(array, format);
    case arrow::Type::LARGE_LIST:
      return list_writer<arrow::LargeListArray>(array, format);
    case arrow::Type::FIXED_SIZE_LIST:
      return list_writer<arrow::FixedSizeListArray>(array, format);
    default:
      return CellWriter([array, text_appender, format](int64_t row, std::string* text) {
        if (array->IsNull(row)) return void(text->append(null_text(format)));
        const auto scalar = array->GetScalar(row);
        text_appender(scalar.ok() ? (*scalar)->ToString() : std::string(), text);
      });
  }
}

// The columns of a batch, with what stands before each of their cells.
class RowWriter {
 public:
  static Result<RowWriter> make(const arrow::RecordBatch& batch, RowTextFormat format) {
    RowWriter writer;
    const bool is_json = format == RowTextFormat::kNdjson;
    for (int i = 0; i < batch.num_columns(); ++i) {
      ARROW_ASSIGN_OR_RAISE(CellWriter cell, writer_for(batch.column(i), format));
      std::string before = i > 0 ? "," : "";
      if (is_json) before += nlohmann::json(batch.column_name(i)).dump() + ":";
      writer.columns_.push_back({std::move(before), std::move(cell)});
    }
    writer.begin_ = is_json ? "{" : "";
    writer.end_ = is_json ? "}\n" : "\n";
    return writer;
  }

  void append(int64_t row, std::string* text) const {
    text->append(begin_);
    for (const auto& [before, cell] : columns_) {
      text->append(before);
      cell(row, text);
    }
    text->append(end_);
  }

 private:
  struct Column {
    std::string before;
    CellWriter cell;
  };
  std::vector<Column> columns_;
  std::string begin_;
  std::string end_;
};

}  // namespace

void append_csv_header(const arrow::Schema& schema, std::string* text) {
  for (int i = 0; i < schema.num_fields(); ++i) {
    if (i > 0) text->push_back(',');
    append_csv_text(schema.field(i)->name(), text);
  }
  text->push_back('\n');
}

Status append_rows(const arrow::RecordBatch& batch, RowTextFormat format, int threads,
                   const std::function<Status(std::string_view)>& take) {
  constexpr int64_t kRowsInPiece = 1024;
  constexpr int64_t kPiecesAtOnce = 32;
  ARROW_ASSIGN_OR_RAISE(const RowWriter writer, RowWriter::make(batch, format));
  std::vector<std::string> pieces(kPiecesAtOnce);
  for (int64_t begin = 0; begin < batch.num_rows(); begin += kPiecesAtOnce * kRowsInPiece) {
    ARROW_RETURN_NOT_OK(arrow::internal::OptionalParallelFor(threads > 1, kPiecesAtOnce, [&](int k) {
      std::string& piece = pieces[static_cast<size_t>(k)];
      piece.clear();
      const int64_t first = begin + k * kRowsInPiece;
      const int64_t end = std::min(first + kRowsInPiece, batch.num_rows());
      for (int64_t row = first; row < end; ++row) writer.append(row, &piece);
      return Status::OK();
    }));
    for (const std::string& piece : pieces) ARROW_RETURN_NOT_OK(take(piece));
  }
  return Status::OK();
}

}  // namespace linkwright
