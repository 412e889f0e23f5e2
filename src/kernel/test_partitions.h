#pragma once

// What the driver and Spark do between the kernel's operations: term frequencies, tiles of heavy blocks, partitions.

#include <arrow/builder.h>
#include <arrow/compute/api_vector.h>
#include <arrow/datum.h>
#include <arrow/type.h>

#include <map>
#include <random>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "column/encoded_column.h"
#include "kernel/test_kernel.h"

namespace linkwright::test {

inline TablePtr with_column(const TablePtr& table, const std::string& name,
                            const std::shared_ptr<arrow::Array>& array) {
  return table
      ->AddColumn(table->num_columns(), arrow::field(name, array->type()), std::make_shared<arrow::ChunkedArray>(array))
      .ValueOrDie();
}

template <typename Builder, typename T>
std::shared_ptr<arrow::Array> array_of(const std::vector<T>& values) {
  Builder builder;
  EXPECT_TRUE(builder.AppendValues(values).ok());
  return builder.Finish().ValueOrDie();
}

template <typename Array>
auto values_of(const arrow::Table& table, const std::string& name) {
  std::vector<decltype(std::declval<Array>().Value(0))> values;
  for (const auto& chunk : table.GetColumnByName(name)->chunks()) {
    const auto& array = static_cast<const Array&>(*chunk);
    for (int64_t i = 0; i < array.length(); ++i) values.push_back(array.Value(i));
  }
  return values;
}

inline TablePtr take(const TablePtr& table, const std::vector<int64_t>& places) {
  return arrow::compute::Take(arrow::Datum(table), arrow::Datum(array_of<arrow::Int64Builder>(places)))
      .ValueOrDie()
      .table();
}

/// The records with lw_tf_<column> for each of `columns`.
inline TablePtr with_frequencies(TablePtr records, const std::vector<std::string>& columns) {
  for (const std::string& name : columns) {
    const EncodedColumn column = encode_column(name, *records->GetColumnByName(name)).ValueOrDie();
    const std::vector<double> of_code = term_frequencies(column);
    arrow::DoubleBuilder builder;
    for (const uint32_t code : column.codes) {
      EXPECT_TRUE((code == 0 ? builder.AppendNull() : builder.Append(of_code[code])).ok());
    }
    records = with_column(records, "lw_tf_" + name, builder.Finish().ValueOrDie());
  }
  return records;
}

struct Cut {
  size_t partitions = 1;
  size_t most_rows = 1000000;  // of a block that is not cut into tiles
};

/// Rows that have their keys, sent to partitions in any order; blocks of more rows than `cut.most_rows` in tiles.
inline std::vector<TablePtr> partitions_of(const TablePtr& keyed, const Cut& cut) {
  const auto arms = values_of<arrow::Int32Array>(*keyed, "lw_arm");
  const auto blocks = values_of<arrow::Int64Array>(*keyed, "lw_block");
  std::map<std::pair<int32_t, int64_t>, size_t> sizes;
  for (size_t row = 0; row < arms.size(); ++row) ++sizes[{arms[row], blocks[row]}];

  struct Sent {
    std::vector<int64_t> places;
    std::vector<int64_t> tiles;
    std::vector<int8_t> sides;
  };
  std::vector<Sent> sent(cut.partitions);
  const auto send = [&](size_t row, int64_t tile, int8_t side) {
    const std::string key = std::to_string(arms[row]) + " " + std::to_string(blocks[row]) + " " + std::to_string(tile);
    Sent& to = sent[hash_bytes(key) % cut.partitions];
    to.places.push_back(static_cast<int64_t>(row));
    to.tiles.push_back(tile);
    to.sides.push_back(side);
  };
  std::mt19937_64 random(7);
  std::vector<size_t> order(arms.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::shuffle(order.begin(), order.end(), random);
  for (const size_t row : order) {
    const size_t size = sizes[{arms[row], blocks[row]}];
    if (size <= cut.most_rows) {
      send(row, 0, 0);
      continue;
    }
    // A record must be in one part, however often it is in the keyed rows: they are told apart by their order.
    const auto parts = static_cast<int64_t>((size + cut.most_rows - 1) / cut.most_rows);
    const auto part = static_cast<int64_t>(random() % static_cast<uint64_t>(parts));
    for (int64_t other = 0; other < parts; ++other) {
      const int64_t tile = 1 + std::min(part, other) * parts + std::max(part, other);
      send(row, tile, static_cast<int8_t>(part == other ? 0 : part < other ? 1 : 2));
    }
  }
  std::vector<TablePtr> tables;
  for (const Sent& rows : sent) {
    TablePtr table = take(keyed, rows.places);
    table = with_column(table, "lw_tile", array_of<arrow::Int64Builder>(rows.tiles));
    tables.push_back(with_column(table, "lw_side", array_of<arrow::Int8Builder>(rows.sides)));
  }
  return tables;
}

/// What an operation makes of the partitions, all together.
inline Result<TablePtr> run_partitions(const Json& task, const std::vector<TablePtr>& partitions) {
  std::vector<TablePtr> results;
  for (const TablePtr& partition : partitions) {
    ARROW_ASSIGN_OR_RAISE(results.emplace_back(), run_kernel(task, partition));
  }
  return arrow::ConcatenateTables(results);
}

}  // namespace linkwright::test
