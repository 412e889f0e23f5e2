#pragma once

// The kernel as an executor calls it, and tables as rows that can be compared.

#include <arrow/array.h>
#include <arrow/c/bridge.h>
#include <arrow/record_batch.h>
#include <arrow/table.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/status.h"
#include "column/value_dictionary.h"
#include "expr/arrow_values.h"
#include "kernel/kernel.h"

namespace linkwright::test {

using Json = nlohmann::ordered_json;
using TablePtr = std::shared_ptr<arrow::Table>;
using BatchReaderPtr = std::shared_ptr<arrow::RecordBatchReader>;

/// The results of an operation as they come; errors are those of the C interface.
inline Result<BatchReaderPtr> start_kernel(const std::string& task, const BatchReaderPtr& rows) {
  ArrowArrayStream in{};
  ArrowArrayStream out{};
  ARROW_RETURN_NOT_OK(arrow::ExportRecordBatchReader(rows, &in));
  std::array<char, 4096> error{};
  if (linkwright_kernel_run(task.c_str(), &in, &out, error.data(), error.size()) != 0) {
    EXPECT_EQ(out.release, nullptr);
    return Status::Invalid(error.data());
  }
  EXPECT_EQ(in.release, nullptr);
  return arrow::ImportRecordBatchReader(&out);
}

inline BatchReaderPtr reader_of(const TablePtr& table, int64_t batch_rows = 1000) {
  auto reader = std::make_shared<arrow::TableBatchReader>(table);
  reader->set_chunksize(batch_rows);
  return reader;
}

inline Result<TablePtr> run_kernel(const Json& task, const TablePtr& rows) {
  ARROW_ASSIGN_OR_RAISE(const BatchReaderPtr results, start_kernel(task.dump(), reader_of(rows)));
  return results->ToTable();
}

/// The cells of each row as bytes that are equal exactly when the values are, rows in ascending order.
inline std::vector<std::string> sorted_rows(const arrow::Table& table, const std::vector<std::string>& columns) {
  std::vector<std::string> rows(static_cast<size_t>(table.num_rows()));
  for (const std::string& name : columns) {
    const auto column = table.GetColumnByName(name);
    EXPECT_NE(column, nullptr) << name;
    if (column == nullptr) return {};
    size_t row = 0;
    for (const auto& chunk : column->chunks()) {
      ArrayValues values = ArrayValues::make(chunk).ValueOrDie();
      for (int64_t i = 0; i < values.length(); ++i) {
        const Value value = values.at(i);
        rows[row].push_back(static_cast<char>(value.kind));
        append_key(value, &rows[row++]);
      }
    }
  }
  std::sort(rows.begin(), rows.end());
  return rows;
}

inline std::vector<std::string> sorted_rows(const arrow::Table& table) {
  return sorted_rows(table, table.ColumnNames());
}

}  // namespace linkwright::test
