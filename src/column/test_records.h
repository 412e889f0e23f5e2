#pragma once

// Small record tables for the tests of the stages.

#include <arrow/array.h>
#include <arrow/builder.h>
#include <arrow/table.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/test_table.h"
#include "base/thread_pool.h"
#include "column/record_table.h"

namespace linkwright::test {

struct TextColumn {
  std::string name;
  Texts values;
};

/// A table with integer ids 0, 1, 2, ... (or `ids`) in `unique_id`, and text columns.
inline std::shared_ptr<arrow::Table> text_table(const std::vector<TextColumn>& columns,
                                                std::optional<std::vector<int64_t>> ids = std::nullopt) {
  arrow::Int64Builder id_builder;
  const size_t rows = columns[0].values.size();
  for (size_t i = 0; i < rows; ++i) EXPECT_TRUE(id_builder.Append(ids ? (*ids)[i] : static_cast<int64_t>(i)).ok());
  std::vector<std::pair<std::string, std::shared_ptr<arrow::Array>>> arrays = {
      {"unique_id", id_builder.Finish().ValueOrDie()}};
  for (const TextColumn& column : columns) arrays.emplace_back(column.name, text_array(column.values));
  return table_of(arrays);
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
