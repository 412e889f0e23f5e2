#include "io/row_text.h"

#include <arrow/array.h>
#include <arrow/record_batch.h>
#include <arrow/scalar.h>
#include <arrow/type.h>

#include <array>
#include <charconv>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>
#include <vector>

namespace linkwright {
namespace {

template <typename Number>
void append_number(Number number, std::string* text) {
  std::array<char, 32> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  text->append(digits.data(), end);
}

void append_csv_text(std::string_view value, std::string* text) {
  if (!value.empty() && value.find_first_of(",\"\r\n") == std::string_view::npos) {
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
  text->append(nlohmann::json(value).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

using CellWriter = std::function<void(int64_t row, std::string* text)>;

template <typename ArrayType, typename Append>
CellWriter cell_writer(const std::shared_ptr<arrow::Array>& array, const Append& append) {
  return [typed = std::static_pointer_cast<ArrayType>(array), append](int64_t row, std::string* text) {
    append(typed->GetView(row), text);
  };
}

Result<CellWriter> writer_for(const std::shared_ptr<arrow::Array>& array, RowTextFormat format);

// A JSON array, also in CSV.
template <typename ArrayType>
Result<CellWriter> list_writer(const std::shared_ptr<arrow::Array>& array, RowTextFormat format) {
  const auto list = std::static_pointer_cast<ArrayType>(array);
  ARROW_ASSIGN_OR_RAISE(const CellWriter value, writer_for(list->values(), RowTextFormat::kNdjson));
  return CellWriter([list, value, format](int64_t row, std::string* text) {
    std::string items = "[";
    const int64_t begin = list->value_offset(row);
    for (int64_t i = begin; i < begin + list->value_length(row); ++i) {
      if (i > begin) items += ",";
      if (list->values()->IsNull(i))
        items += "null";
      else
        value(i, &items);
    }
    items += "]";
    format == RowTextFormat::kCsv ? append_csv_text(items, text) : void(text->append(items));
  });
}

// How the values of an array are written; nulls are the caller's.
Result<CellWriter> writer_for(const std::shared_ptr<arrow::Array>& array, RowTextFormat format) {
  const auto text_appender = format == RowTextFormat::kCsv ? append_csv_text : append_json_text;
  switch (array->type_id()) {
    case arrow::Type::STRING:
      return cell_writer<arrow::StringArray>(array, text_appender);
    case arrow::Type::LARGE_STRING:
      return cell_writer<arrow::LargeStringArray>(array, text_appender);
    case arrow::Type::INT64:
      return cell_writer<arrow::Int64Array>(array, append_number<int64_t>);
    case arrow::Type::INT32:
      return cell_writer<arrow::Int32Array>(array, append_number<int32_t>);
    case arrow::Type::DOUBLE:
      return cell_writer<arrow::DoubleArray>(array, [format](double number, std::string* text) {
        if (std::isfinite(number) || format == RowTextFormat::kCsv)
          append_number(number, text);
        else
          text->append("null");  // JSON has no other way to say it
      });
    case arrow::Type::BOOL:
      return cell_writer<arrow::BooleanArray>(
          array, [](bool value, std::string* text) { text->append(value ? "true" : "false"); });
    case arrow::Type::DICTIONARY: {
      const auto dictionary = std::static_pointer_cast<arrow::DictionaryArray>(array);
      ARROW_ASSIGN_OR_RAISE(const CellWriter value, writer_for(dictionary->dictionary(), format));
      return CellWriter(
          [dictionary, value](int64_t row, std::string* text) { value(dictionary->GetValueIndex(row), text); });
    }
    case arrow::Type::LIST:
      return list_writer<arrow::ListArray>(array, format);
    case arrow::Type::LARGE_LIST:
      return list_writer<arrow::LargeListArray>(array, format);
    case arrow::Type::FIXED_SIZE_LIST:
      return list_writer<arrow::FixedSizeListArray>(array, format);
    default:
      return CellWriter([array, text_appender](int64_t row, std::string* text) {
        const auto scalar = array->GetScalar(row);
        text_appender(scalar.ok() ? (*scalar)->ToString() : std::string(), text);
      });
  }
}

}  // namespace

void append_csv_header(const arrow::Schema& schema, std::string* text) {
  for (int i = 0; i < schema.num_fields(); ++i) {
    if (i > 0) text->push_back(',');
    append_csv_text(schema.field(i)->name(), text);
  }
  text->push_back('\n');
}

Status append_rows(const arrow::RecordBatch& batch, RowTextFormat format,
                   const std::function<Status(std::string*)>& take) {
  constexpr int64_t kRowsAtOnce = 1024;
  std::vector<CellWriter> writers;
  std::vector<std::string> keys;
  for (int i = 0; i < batch.num_columns(); ++i) {
    ARROW_ASSIGN_OR_RAISE(writers.emplace_back(), writer_for(batch.column(i), format));
    keys.push_back(nlohmann::json(batch.column_name(i)).dump() + ":");
  }
  std::string text;
  for (int64_t row = 0; row < batch.num_rows(); ++row) {
    if (format == RowTextFormat::kNdjson) text.push_back('{');
    for (size_t i = 0; i < writers.size(); ++i) {
      if (i > 0) text.push_back(',');
      if (format == RowTextFormat::kNdjson) text += keys[i];
      if (!batch.column(static_cast<int>(i))->IsNull(row)) {
        writers[i](row, &text);
      } else if (format == RowTextFormat::kNdjson) {
        text += "null";
      }
    }
    text += format == RowTextFormat::kNdjson ? "}\n" : "\n";
    if ((row + 1) % kRowsAtOnce == 0) ARROW_RETURN_NOT_OK(take(&text));
  }
  return take(&text);
}

}  // namespace linkwright
