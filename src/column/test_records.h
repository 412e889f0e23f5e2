#pragma once

// Small record tables for the tests of the stages.

#include <arrow/array.h>
#include <arrow/builder.h>
#include <arrow/table.h>
#include <arrow/type.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/thread_pool.h"
#include "column/record_table.h"

namespace linkwright::test {

using Texts = std::vector<std::optional<std::string>>;

struct TextColumn {
  std::string name;
  Texts values;
};

inline std::shared_ptr<arrow::Array> text_array(const Texts& values) {
  arrow::StringBuilder builder;
  for (const auto& value : values) {
    EXPECT_TRUE((value ? builder.Append(*value) : builder.AppendNull()).ok());
  }
  return builder.Finish().ValueOrDie();
}

/// A table with integer ids 0, 1, 2, ... (or `ids`) in `unique_id`, and text columns.
inline std::shared_ptr<arrow::Table> text_table(const std::vector<TextColumn>& columns,
                                                std::optional<std::vector<int64_t>> ids = std::nullopt) {
  arrow::FieldVector fields = {arrow::field("unique_id", arrow::int64())};
  arrow::Int64Builder id_builder;
  const size_t rows = columns[0].values.size();
  for (size_t i = 0; i < rows; ++i) EXPECT_TRUE(id_builder.Append(ids ? (*ids)[i] : static_cast<int64_t>(i)).ok());
  arrow::ArrayVector arrays = {id_builder.Finish().ValueOrDie()};
  for (const TextColumn& column : columns) {
    fields.push_back(arrow::field(column.name, arrow::utf8()));
    arrays.push_back(text_array(column.values));
  }
  return arrow::Table::Make(arrow::schema(fields), arrays);
}

inline RecordTableOptions all_columns(const std::vector<TextColumn>& columns) {
  RecordTableOptions options;
  for (const TextColumn& column : columns) options.encoded.push_back(column.name);
  return options;
}

inline RecordTable records_of(const std::vector<TextColumn>& columns) {
  ThreadPool pool(1);
  return RecordTable::make({{"people", text_table(columns)}}, all_columns(columns), pool).ValueOrDie();
}

/// Records of several datasets, named a, b, c, ...; every dataset has all the columns.
inline RecordTable linked_records_of(const std::vector<std::vector<TextColumn>>& datasets) {
  ThreadPool pool(1);
  std::vector<SourceTable> sources;
  for (size_t i = 0; i < datasets.size(); ++i) {
    sources.push_back({std::string(1, static_cast<char>('a' + i)), text_table(datasets[i])});
  }
  RecordTableOptions options = all_columns(datasets[0]);
  options.has_sources = true;
  return RecordTable::make(std::move(sources), options, pool).ValueOrDie();
}

}  // namespace linkwright::test
