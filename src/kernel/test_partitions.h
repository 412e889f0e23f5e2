#pragma once

// What the driver and Spark do between the kernel's operations: term frequencies, cuts of large blocks, partitions.

#include <arrow/builder.h>
#include <arrow/compute/api_vector.h>
#include <arrow/datum.h>
#include <arrow/type.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/thread_pool.h"
#include "block/row_keys.h"
#include "column/encoded_column.h"
#include "engine/job_columns.h"
#include "kernel/parcel_stream.h"
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
    const TermFrequencyRanks ranks = rank_term_frequencies(column).ValueOrDie();
    arrow::DoubleBuilder builder;
    for (const uint32_t code : column.codes) {
      EXPECT_TRUE((code == 0 ? builder.AppendNull() : builder.Append(ranks.frequency(code))).ok());
    }
    records = with_column(records, "lw_tf_" + name, builder.Finish().ValueOrDie());
  }
  return records;
}

/// A table as Spark has it: no dictionaries.
inline TablePtr plain(const TablePtr& table) {
  std::vector<std::shared_ptr<arrow::ChunkedArray>> columns;
  arrow::FieldVector fields;
  for (int i = 0; i < table->num_columns(); ++i) {
    arrow::ArrayVector chunks;
    for (const auto& chunk : table->column(i)->chunks()) {
      if (chunk->type_id() != arrow::Type::DICTIONARY) {
        chunks.push_back(chunk);
        continue;
      }
      const auto& coded = static_cast<const arrow::DictionaryArray&>(*chunk);
      chunks.push_back(arrow::compute::Take(coded.dictionary(), coded.indices()).ValueOrDie().make_array());
    }
    fields.push_back(arrow::field(table->field(i)->name(), chunks[0]->type()));
    columns.push_back(std::make_shared<arrow::ChunkedArray>(std::move(chunks)));
  }
  return arrow::Table::Make(arrow::schema(fields), columns);
}

struct Cut {
  size_t partitions = 1;
  size_t most_rows = 1000000;  // of a block that is not cut into parts
};

/// The blocks that have more rows than a cut allows, with the parts that it makes of them.
inline Json cut_blocks(const LinkageJob& job, const TablePtr& records, const Cut& cut) {
  ThreadPool pool(1);
  RecordTableOptions options = record_table_options(job).ValueOrDie();
  options.by_id = false;
  options.has_sources = false;
  const RecordTable table = RecordTable::make({{"records", records}}, options, pool).ValueOrDie();
  std::map<uint64_t, size_t> sizes;
  for (const BlockingRule& rule : blocking_rules(job.model).ValueOrDie()) {
    for (const RuleArm& arm : rule.arms) {
      if (rule.arrays_to_explode.empty()) {
        const KeyHashes hashes = key_hashes(arm, table, options.evaluation).ValueOrDie();
        for (const auto* side : {&hashes.left, &hashes.right}) {
          for (const uint64_t hash : *side) sizes[hash] += hash != 0 ? 1 : 0;
        }
      } else {
        const ExplodedKeys keys = exploded_keys(arm, rule.arrays_to_explode, table, options.evaluation).ValueOrDie();
        for (const auto* side : {&keys.left, &keys.right}) {
          for (const ExplodedKey& key : *side) ++sizes[keys.hashes[key.key]];
        }
      }
    }
  }
  Json blocks = Json::array();
  for (const auto& [hash, size] : sizes) {
    if (size <= cut.most_rows) continue;
    Json block = Json::array();
    block.push_back(hash);
    block.push_back(static_cast<uint64_t>((size + cut.most_rows - 1) / cut.most_rows));
    blocks.push_back(std::move(block));
  }
  return blocks;
}

/// Records in the partitions that they were sent to, packed.
struct Spread {
  Json options;  // of operations on them
  std::vector<TablePtr> partitions;
  TablePtr parcels;  // all of them
};

inline Result<Spread> spread(const LinkageJob& job, const TablePtr& records, const Cut& cut) {
  Spread spread;
  spread.options["partitions"] = cut.partitions;
  spread.options["cut_blocks"] = cut_blocks(job, records, cut);
  Json task = spread.options;
  task["operation"] = "spread";
  task["job"] = job.to_json();
  ARROW_ASSIGN_OR_RAISE(spread.parcels, run_kernel(task, records));
  const auto places = values_of<arrow::Int32Array>(*spread.parcels, "lw_place");
  std::map<int32_t, std::vector<int64_t>> at_place;
  for (size_t i = 0; i < places.size(); ++i) at_place[places[i]].push_back(static_cast<int64_t>(i));
  for (const auto& [place, rows] : at_place) spread.partitions.push_back(take(spread.parcels, rows));
  ARROW_ASSIGN_OR_RAISE(const auto schema, records->schema()->AddField(records->num_columns(),
                                                                       arrow::field("lw_partition", arrow::int32())));
  ARROW_ASSIGN_OR_RAISE(spread.options["packed"], schema_text(*schema));
  return spread;
}

/// What an operation makes of the partitions, all together.
inline Result<TablePtr> run_partitions(Json task, const Spread& spread) {
  task.update(spread.options);
  std::vector<TablePtr> results;
  for (const TablePtr& partition : spread.partitions) {
    ARROW_ASSIGN_OR_RAISE(results.emplace_back(), run_kernel(task, partition));
  }
  return arrow::ConcatenateTables(results);
}

}  // namespace linkwright::test
