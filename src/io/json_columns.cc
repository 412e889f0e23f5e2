#include "io/json_columns.h"

#include <arrow/array.h>
#include <arrow/buffer.h>
#include <arrow/builder.h>
#include <arrow/table.h>
#include <arrow/type.h>
#include <arrow/util/bit_util.h>

#include <charconv>
#include <nlohmann/json.hpp>
#include <utility>

namespace linkwright {
namespace {

JsonKind common(JsonKind a, JsonKind b) {
  if (a == b || b == JsonKind::kNull) return a;
  if (a == JsonKind::kNull) return b;
  const auto is_number = [](JsonKind kind) { return kind == JsonKind::kInteger || kind == JsonKind::kDouble; };
  return is_number(a) && is_number(b) ? JsonKind::kDouble : JsonKind::kText;
}

std::shared_ptr<arrow::DataType> type_of(JsonKind kind) {
  switch (kind) {
    case JsonKind::kBoolean:
      return arrow::boolean();
    case JsonKind::kInteger:
      return arrow::int64();
    case JsonKind::kDouble:
      return arrow::float64();
    default:
      return arrow::utf8();
  }
}

// The text of a number is one that the parser has passed. Too small a one is zero.
template <typename Number>
Number number_of(std::string_view text) {
  Number number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

Status append_scalar(JsonKind wanted, JsonKind kind, std::string_view text, arrow::ArrayBuilder* builder) {
  if (kind == JsonKind::kNull) return builder->AppendNull();
  switch (wanted) {
    case JsonKind::kBoolean:
      return static_cast<arrow::BooleanBuilder*>(builder)->Append(text == "true");
    case JsonKind::kInteger:
      return static_cast<arrow::Int64Builder*>(builder)->Append(number_of<int64_t>(text));
    case JsonKind::kDouble:
      return static_cast<arrow::DoubleBuilder*>(builder)->Append(number_of<double>(text));
    default:
      return static_cast<arrow::StringBuilder*>(builder)->Append(text);
  }
}

// Of items [first, end).
std::string source_of_list(const JsonValues& items, size_t first, size_t end) {
  std::string source = "[";
  for (size_t i = first; i < end; ++i) {
    if (i > first) source += ',';
    switch (items.kind(i)) {
      case JsonKind::kText:
        source += nlohmann::json(items.text(i)).dump();
        break;
      case JsonKind::kNull:
        source += "null";
        break;
      default:
        source += items.text(i);
    }
  }
  return source + "]";
}

}  // namespace

void JsonValues::add(JsonKind kind, std::string_view text) {
  texts_ += text;
  begins_.push_back(static_cast<int64_t>(texts_.size()));
  kinds_.push_back(kind);
  common_kind_ = common(common_kind_, kind);
}

void JsonValues::fill_with_nulls(size_t size) {
  if (size <= kinds_.size()) return;
  kinds_.resize(size, JsonKind::kNull);
  begins_.resize(size + 1, begins_.back());
}

std::string_view JsonValues::text(size_t i) const {
  const auto begin = static_cast<size_t>(begins_[i]);
  return std::string_view(texts_).substr(begin, static_cast<size_t>(begins_[i + 1]) - begin);
}

Result<std::shared_ptr<arrow::Array>> JsonValues::take_texts() {
  const auto size = static_cast<int64_t>(kinds_.size());
  ARROW_ASSIGN_OR_RAISE(std::shared_ptr<arrow::Buffer> validity, arrow::AllocateEmptyBitmap(size));
  int64_t nulls = 0;
  for (int64_t i = 0; i < size; ++i) {
    const bool is_null = kinds_[static_cast<size_t>(i)] == JsonKind::kNull;
    arrow::bit_util::SetBitTo(validity->mutable_data(), i, !is_null);
    nulls += static_cast<int64_t>(is_null);
  }
  auto array = std::make_shared<arrow::LargeStringArray>(size, arrow::Buffer::FromVector(std::move(begins_)),
                                                         arrow::Buffer::FromString(std::move(texts_)), validity, nulls);
  *this = JsonValues();
  return array;
}

void JsonColumns::begin_row() {
  ++begun_;
  expected_ = 0;
  row_.clear();
  row_items_.clear();
  row_text_.clear();
}

size_t JsonColumns::place(std::string_view key) {
  if (expected_ < columns_.size() && columns_[expected_].name == key) return expected_++;
  const auto [found, is_new] = places_.try_emplace(std::string(key), columns_.size());
  if (is_new) columns_.emplace_back().name = key;
  expected_ = found->second + 1;
  return found->second;
}

void JsonColumns::begin_value(std::string_view key) {
  const size_t column = place(key);
  if (std::exchange(columns_[column].last_row, begun_) == begun_) {
    std::erase_if(row_, [column](const RowValue& value) { return value.column == column; });
  }
  row_.push_back({column});
}

void JsonColumns::add_scalar(JsonKind kind, std::string_view text) {
  RowValue& value = row_.back();
  value.kind = kind;
  value.begin = row_text_.size();
  row_text_ += text;
  value.end = row_text_.size();
}

void JsonColumns::begin_list() {
  RowValue& value = row_.back();
  value.kind = JsonKind::kList;
  value.first_item = value.items_end = row_items_.size();
}

void JsonColumns::add_item(JsonKind kind, std::string_view text) {
  const size_t begin = row_text_.size();
  row_text_ += text;
  row_items_.push_back({row_.back().column, kind, begin, row_text_.size()});
  row_.back().items_end = row_items_.size();
}

std::string_view JsonColumns::row_text(const RowValue& value) const {
  return std::string_view(row_text_).substr(value.begin, value.end - value.begin);
}

void JsonColumns::keep(const RowValue& value) {
  Column& column = columns_[value.column];
  column.is_kept = true;
  column.values.fill_with_nulls(rows_);
  column.values.add(value.kind, row_text(value));
  if (value.kind != JsonKind::kList) return;
  column.list_sizes.push_back(static_cast<uint32_t>(value.items_end - value.first_item));
  for (size_t i = value.first_item; i < value.items_end; ++i) {
    column.items.add(row_items_[i].kind, row_text(row_items_[i]));
  }
}

void JsonColumns::end_row() {
  for (const RowValue& value : row_) keep(value);
  ++rows_;
}

Result<std::shared_ptr<arrow::Array>> JsonColumns::build(Column* column) {
  JsonValues values = std::move(column->values);
  const JsonValues items = std::move(column->items);
  const JsonKind kind = values.common_kind();
  if (kind == JsonKind::kText || kind == JsonKind::kNull) {
    if (column->list_sizes.empty()) return values.take_texts();
    JsonValues texts;  // lists among others: as their source
    size_t list = 0;
    size_t first = 0;
    for (size_t i = 0; i < values.size(); ++i) {
      if (values.kind(i) != JsonKind::kList) {
        texts.add(values.kind(i), values.text(i));
        continue;
      }
      const size_t end = first + column->list_sizes[list++];
      texts.add(JsonKind::kText, source_of_list(items, std::exchange(first, end), end));
    }
    return texts.take_texts();
  }
  const JsonKind item_kind = items.common_kind();
  const auto type = kind == JsonKind::kList ? arrow::list(type_of(item_kind)) : type_of(kind);
  std::unique_ptr<arrow::ArrayBuilder> builder;
  ARROW_RETURN_NOT_OK(arrow::MakeBuilder(arrow::default_memory_pool(), type, &builder));
  ARROW_RETURN_NOT_OK(builder->Reserve(static_cast<int64_t>(values.size())));
  size_t list = 0;
  size_t item = 0;
  for (size_t i = 0; i < values.size(); ++i) {
    if (values.kind(i) != JsonKind::kList) {
      ARROW_RETURN_NOT_OK(append_scalar(kind, values.kind(i), values.text(i), builder.get()));
      continue;
    }
    auto* lists = static_cast<arrow::ListBuilder*>(builder.get());
    ARROW_RETURN_NOT_OK(lists->Append());
    for (const size_t end = item + column->list_sizes[list++]; item < end; ++item) {
      ARROW_RETURN_NOT_OK(append_scalar(item_kind, items.kind(item), items.text(item), lists->value_builder()));
    }
  }
  return builder->Finish();
}

Result<std::shared_ptr<arrow::Table>> JsonColumns::finish() {
  arrow::FieldVector fields;
  arrow::ArrayVector arrays;
  for (Column& column : columns_) {
    if (!column.is_kept) continue;
    column.values.fill_with_nulls(rows_);
    ARROW_ASSIGN_OR_RAISE(arrays.emplace_back(), build(&column));
    fields.push_back(arrow::field(column.name, arrays.back()->type()));
  }
  const auto rows = static_cast<int64_t>(rows_);
  *this = JsonColumns();
  return arrow::Table::Make(arrow::schema(std::move(fields)), arrays, rows);
}

}  // namespace linkwright
