#pragma once

// For tests against a real Spark: its session, and tables as rows that can be compared.

#include <arrow/array.h>
#include <arrow/scalar.h>
#include <arrow/table.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/thread_pool.h"
#include "io/table_reader.h"
#include "linkwright/spark.h"

namespace linkwright::spark::test {

using Table = std::shared_ptr<arrow::Table>;

inline Session session() {
  const char* remote = std::getenv("SPARK_REMOTE");  // NOLINT(concurrency-mt-unsafe)
  return Session::connect(parse_connection_string(remote == nullptr ? "" : remote).ValueOrDie()).ValueOrDie();
}

inline Table read(const std::string& path) {
  ThreadPool pool(1);
  ReadReport report;
  return read_tables({path}, {}, pool, &report).ValueOrDie();
}

// A value as text; doubles so that their last few bits do not show, and every kind of text and list alike.
inline std::string shown(std::shared_ptr<arrow::Scalar> value) {
  if (!value->is_valid) return "null";
  if (value->type->id() == arrow::Type::DICTIONARY) {
    value = static_cast<const arrow::DictionaryScalar&>(*value).GetEncodedValue().ValueOrDie();
  }
  if (value->type->id() == arrow::Type::DOUBLE) {
    const double number = static_cast<const arrow::DoubleScalar&>(*value).value;
    char text[64];
    std::snprintf(text, sizeof text, "%.10g", number == 0 ? 0 : number);
    return text;
  }
  if (const auto* list = dynamic_cast<const arrow::BaseListScalar*>(value.get())) {
    std::string text = "[";
    for (int64_t i = 0; i < list->value->length(); ++i) text += shown(list->value->GetScalar(i).ValueOrDie()) + ",";
    return text + "]";
  }
  return value->ToString();
}

// Rows as texts of all columns in order, sorted: Spark promises no order.
inline std::vector<std::string> rows_of(const Table& table) {
  const Table whole = table->CombineChunks().ValueOrDie();
  std::vector<std::string> rows(static_cast<size_t>(whole->num_rows()));
  for (const auto& column : whole->columns()) {
    for (int64_t i = 0; i < whole->num_rows(); ++i) {
      rows[static_cast<size_t>(i)] += shown(column->GetScalar(i).ValueOrDie()) + " | ";
    }
  }
  std::sort(rows.begin(), rows.end());
  return rows;
}

inline void expect_same_rows(const Table& table, const Table& expected) {
  EXPECT_EQ(table->schema()->field_names(), expected->schema()->field_names());
  const std::vector<std::string> rows = rows_of(table);
  const std::vector<std::string> expected_rows = rows_of(expected);
  ASSERT_EQ(rows.size(), expected_rows.size());
  for (size_t i = 0; i < rows.size(); ++i) ASSERT_EQ(rows[i], expected_rows[i]) << "row " << i;
}

// Models in files: everything alike, and numbers within 1e-9.
inline void expect_same_model(const std::string& path, const std::string& expected_path) {
  const auto parsed = [](const std::string& file) {
    std::ifstream stream(file);
    return nlohmann::json::parse(stream, nullptr, /*allow_exceptions=*/false).flatten();
  };
  const nlohmann::json expected = parsed(expected_path);
  const nlohmann::json found = parsed(path);
  ASSERT_GT(expected.size(), 1U) << expected_path;
  ASSERT_EQ(found.size(), expected.size());
  for (const auto& [place, value] : expected.items()) {
    ASSERT_TRUE(found.contains(place)) << place;
    if (value.is_number()) {
      EXPECT_NEAR(found[place].get<double>(), value.get<double>(), 1e-9) << place;
    } else {
      EXPECT_EQ(found[place], value) << place;
    }
  }
}

}  // namespace linkwright::spark::test
