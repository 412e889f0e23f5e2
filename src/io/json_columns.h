#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/status.h"

namespace arrow {
class Array;
class DataType;
class Table;
}  // namespace arrow

namespace linkwright {

/// What a value of a JSON record is; a list holds scalars.
enum class JsonKind : uint8_t { kNull, kBoolean, kInteger, kDouble, kText, kList };

/// Values one behind the other, as text until the kind of all is known: the JSON source of numbers and booleans, a
/// text's own characters, nothing for a null or a list.
class JsonValues {
 public:
  void add(JsonKind kind, std::string_view text);
  void fill_with_nulls(size_t size);

  size_t size() const { return kinds_.size(); }
  JsonKind kind(size_t i) const { return kinds_[i]; }
  std::string_view text(size_t i) const;
  /// The one kind that holds all values: text where they are of several that are not numbers.
  JsonKind common_kind() const { return common_kind_; }

  /// Takes texts and nulls as an array, without a copy of the texts; leaves no values.
  Result<std::shared_ptr<arrow::Array>> take_texts();

 private:
  std::string texts_;
  std::vector<int64_t> begins_ = {0};  // of each text, and the end of the last
  std::vector<JsonKind> kinds_;
  JsonKind common_kind_ = JsonKind::kNull;
};

/// Collects records of JSON into columns, row by row: `begin_row`, `begin_value` and what it is for each key, then
/// `end_row`, which keeps the row. A row that was begun and not ended leaves no trace. Not thread-safe.
class JsonColumns {
 public:
  void begin_row();
  /// Of keys that a row repeats the last one counts.
  void begin_value(std::string_view key);
  void add_scalar(JsonKind kind, std::string_view text);
  void begin_list();
  void add_item(JsonKind kind, std::string_view text);
  void end_row();

  /// The key whose value has begun.
  const std::string& key() const { return columns_[row_.back().column].name; }

  /// A column for each key, in order of first appearance. Integers are int64, other numbers double, text large_utf8,
  /// lists those of their items; a column of several kinds is text. Leaves no rows.
  Result<std::shared_ptr<arrow::Table>> finish();

 private:
  struct Column {
    std::string name;
    JsonValues values;
    std::vector<uint32_t> list_sizes;  // of every list among the values
    JsonValues items;                  // of all lists
    uint64_t last_row = 0;             // of those begun, that had the key
    bool is_kept = false;              // some row that was kept has the key
  };
  // A value of the row that has begun; texts lie in `row_text_`.
  struct RowValue {
    size_t column = 0;
    JsonKind kind = JsonKind::kNull;
    size_t begin = 0;
    size_t end = 0;
    size_t first_item = 0;
    size_t items_end = 0;
  };

  size_t place(std::string_view key);
  void keep(const RowValue& value);
  std::string_view row_text(const RowValue& value) const;
  static Result<std::shared_ptr<arrow::Array>> build(Column* column);

  std::vector<Column> columns_;
  std::unordered_map<std::string, size_t> places_;
  size_t expected_ = 0;  // the column of the next key, where rows have the same keys in the same order
  uint64_t begun_ = 0;
  size_t rows_ = 0;
  std::vector<RowValue> row_;
  std::vector<RowValue> row_items_;
  std::string row_text_;
};

}  // namespace linkwright
