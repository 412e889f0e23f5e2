#include "io/json_rows.h"

#include <arrow/array.h>
#include <arrow/builder.h>
#include <arrow/table.h>
#include <arrow/type.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

namespace linkwright {
namespace {

using Json = nlohmann::ordered_json;

enum class Kind { kNull, kBoolean, kInteger, kDouble, kText, kList };

// A scalar of one row, kept as its text until the type of the column is known.
struct Cell {
  Kind kind = Kind::kNull;
  std::string text;  // JSON source of numbers and booleans; a text's own characters
  std::vector<Cell> items;
};

struct Column {
  std::string name;
  std::vector<std::pair<size_t, Cell>> cells;  // by row; others are null
};

std::optional<Cell> scalar_cell(const Json& element) {
  Cell cell;
  switch (element.type()) {
    case Json::value_t::null:
      return cell;
    case Json::value_t::boolean:
      cell.kind = Kind::kBoolean;
      break;
    case Json::value_t::number_integer:
      cell.kind = Kind::kInteger;
      break;
    case Json::value_t::number_unsigned:
      cell.kind = element.get<uint64_t>() <= uint64_t{INT64_MAX} ? Kind::kInteger : Kind::kDouble;
      break;
    case Json::value_t::number_float:
      cell.kind = Kind::kDouble;
      break;
    case Json::value_t::string:
      cell.kind = Kind::kText;
      cell.text = element.get<std::string>();
      return cell;
    default:
      return std::nullopt;
  }
  cell.text = element.dump();
  return cell;
}

std::optional<Cell> any_cell(const Json& element) {
  if (!element.is_array()) return scalar_cell(element);
  Cell cell;
  cell.kind = Kind::kList;
  for (const Json& item : element) {
    std::optional<Cell> value = scalar_cell(item);
    if (!value) return std::nullopt;
    cell.items.push_back(std::move(*value));
  }
  return cell;
}

Kind common_kind(Kind a, Kind b) {
  if (a == b || b == Kind::kNull) return a;
  if (a == Kind::kNull) return b;
  const auto is_number = [](Kind kind) { return kind == Kind::kInteger || kind == Kind::kDouble; };
  return is_number(a) && is_number(b) ? Kind::kDouble : Kind::kText;
}

Status append_scalar(arrow::ArrayBuilder* builder, Kind kind, const Cell& cell) {
  if (cell.kind == Kind::kNull) return builder->AppendNull();
  switch (kind) {
    case Kind::kBoolean:
      return static_cast<arrow::BooleanBuilder*>(builder)->Append(cell.text == "true");
    case Kind::kInteger:
      return static_cast<arrow::Int64Builder*>(builder)->Append(std::stoll(cell.text));
    case Kind::kDouble:
      return static_cast<arrow::DoubleBuilder*>(builder)->Append(std::stod(cell.text));
    default:
      return static_cast<arrow::StringBuilder*>(builder)->Append(cell.text);
  }
}

std::shared_ptr<arrow::DataType> type_of(Kind kind) {
  switch (kind) {
    case Kind::kBoolean:
      return arrow::boolean();
    case Kind::kInteger:
      return arrow::int64();
    case Kind::kDouble:
      return arrow::float64();
    default:
      return arrow::utf8();
  }
}

std::string source_of(const Cell& list) {
  std::string text = "[";
  for (const Cell& item : list.items) {
    if (text.size() > 1) text += ",";
    text += item.kind == Kind::kText ? "\"" + item.text + "\"" : item.kind == Kind::kNull ? "null" : item.text;
  }
  return text + "]";
}

Result<std::shared_ptr<arrow::Array>> build(Column& column, size_t rows) {
  Kind kind = Kind::kNull;
  Kind item_kind = Kind::kNull;
  for (const auto& [row, cell] : column.cells) {
    kind = common_kind(kind, cell.kind);
    for (const Cell& item : cell.items) item_kind = common_kind(item_kind, item.kind);
  }
  std::unique_ptr<arrow::ArrayBuilder> builder;
  const auto type = kind == Kind::kList ? arrow::list(type_of(item_kind)) : type_of(kind);
  ARROW_RETURN_NOT_OK(arrow::MakeBuilder(arrow::default_memory_pool(), type, &builder));
  size_t next = 0;
  for (auto& [row, cell] : column.cells) {
    ARROW_RETURN_NOT_OK(builder->AppendNulls(static_cast<int64_t>(row - next)));
    next = row + 1;
    if (kind == Kind::kList && cell.kind == Kind::kList) {
      auto* lists = static_cast<arrow::ListBuilder*>(builder.get());
      ARROW_RETURN_NOT_OK(lists->Append());
      for (const Cell& item : cell.items) ARROW_RETURN_NOT_OK(append_scalar(lists->value_builder(), item_kind, item));
      continue;
    }
    if (cell.kind == Kind::kList) cell.text = source_of(cell);
    ARROW_RETURN_NOT_OK(append_scalar(builder.get(), kind, cell));
  }
  ARROW_RETURN_NOT_OK(builder->AppendNulls(static_cast<int64_t>(rows - next)));
  return builder->Finish();
}

// Collects rows into columns.
class Rows {
 public:
  /// The reason when the row cannot be used.
  std::optional<std::string> add(const Json& element) {
    if (!element.is_object()) return "a record must be an object {...}";
    std::vector<std::pair<size_t, Cell>> row;
    for (const auto& [key, value] : element.items()) {
      std::optional<Cell> cell = any_cell(value);
      if (!cell) return "key '" + key + "' holds a nested object or list; flatten it first";
      const size_t column = place(key);
      if (cell->kind != Kind::kNull) row.emplace_back(column, std::move(*cell));
    }
    for (auto& [column, cell] : row) columns_[column].cells.emplace_back(rows_, std::move(cell));
    ++rows_;
    return std::nullopt;
  }

  Result<std::shared_ptr<arrow::Table>> finish() {
    arrow::FieldVector fields;
    arrow::ArrayVector arrays;
    for (Column& column : columns_) {
      ARROW_ASSIGN_OR_RAISE(arrays.emplace_back(), build(column, rows_));
      fields.push_back(arrow::field(column.name, arrays.back()->type()));
    }
    return arrow::Table::Make(arrow::schema(std::move(fields)), std::move(arrays), static_cast<int64_t>(rows_));
  }

 private:
  size_t place(const std::string& name) {
    const auto [found, is_new] = places_.try_emplace(name, columns_.size());
    if (is_new) columns_.push_back({name, {}});
    return found->second;
  }

  std::vector<Column> columns_;
  std::map<std::string, size_t> places_;
  size_t rows_ = 0;
};

}  // namespace

Result<std::shared_ptr<arrow::Table>> read_json_rows(std::string_view text, const std::string& file,
                                                     const std::function<Status(const CsvReject&)>& reject,
                                                     const Cancellation* cancellation) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  const size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) {
    return Status::Invalid(file, " is empty; expected a JSON array of objects, or an object a line");
  }
  return text[first] == '[' ? read_json_array(text, file, reject, cancellation)
                            : read_json_lines(text, reject, cancellation);
}

Result<std::shared_ptr<arrow::Table>> read_json_array(std::string_view text, const std::string& file,
                                                      const std::function<Status(const CsvReject&)>& reject,
                                                      const Cancellation* cancellation) {
  Rows rows;
  const Json document = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (document.is_discarded()) {
    return Status::Invalid(file, " is not valid JSON; expected an array of objects, whole and in UTF-8");
  }
  int64_t number = 0;
  for (const Json& element : document) {
    ++number;
    if (cancellation != nullptr && number % 4096 == 0) ARROW_RETURN_NOT_OK(cancellation->check());
    if (const auto problem = rows.add(element)) {
      ARROW_RETURN_NOT_OK(reject({number, "element " + std::to_string(number) + " of the array: " + *problem, ""}));
    }
  }
  return rows.finish();
}

Result<std::shared_ptr<arrow::Table>> read_json_lines(std::string_view text,
                                                      const std::function<Status(const CsvReject&)>& reject,
                                                      const Cancellation* cancellation) {
  Rows rows;
  int64_t line = 0;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view content = text.substr(at, end - at);
    at = end + 1;
    ++line;
    if (cancellation != nullptr && line % 4096 == 0) ARROW_RETURN_NOT_OK(cancellation->check());
    if (content.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    const Json element = Json::parse(content, nullptr, /*allow_exceptions=*/false);
    const std::optional<std::string> problem =
        element.is_discarded() ? std::optional<std::string>("the line is not valid JSON in UTF-8") : rows.add(element);
    if (problem) ARROW_RETURN_NOT_OK(reject({line, *problem, content}));
  }
  return rows.finish();
}

}  // namespace linkwright
