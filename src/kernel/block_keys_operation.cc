#include <arrow/array.h>
#include <arrow/array/util.h>
#include <arrow/builder.h>
#include <arrow/record_batch.h>
#include <arrow/scalar.h>
#include <arrow/table.h>
#include <arrow/type.h>

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "block/row_keys.h"
#include "engine/job_columns.h"
#include "kernel/chosen_rows.h"
#include "kernel/mapped_stream.h"
#include "kernel/operations.h"
#include "kernel/pair_task.h"
#include "kernel/partition_pairs.h"

namespace linkwright {
namespace {

// Gives records the keys that they meet others under.
class BlockKeys {
 public:
  static Result<BlockKeys> make(PairTask task, const arrow::Schema& rows, bool keys_only);

  const std::shared_ptr<arrow::Schema>& schema() const { return schema_; }
  Result<MappedStream::Batches> map(const std::shared_ptr<arrow::RecordBatch>& rows) const;

 private:
  // A row and the hash of a key that it has; each once, in order of row.
  using RowHash = std::pair<uint32_t, uint64_t>;

  Result<std::vector<RowHash>> keys_under(const PairTask::Arm& arm, const RecordTable& records) const;
  Result<std::shared_ptr<arrow::RecordBatch>> keyed_rows(const arrow::RecordBatch& rows, int32_t arm,
                                                         const std::vector<RowHash>& keys) const;

  PairTask task_;
  RecordTableOptions options_;
  std::vector<int> kept_columns_;
  std::shared_ptr<arrow::Schema> schema_;
};

Result<BlockKeys> BlockKeys::make(PairTask task, const arrow::Schema& rows, bool keys_only) {
  BlockKeys keys;
  keys.task_ = std::move(task);
  std::vector<std::string> columns;
  for (const BlockingRule& rule : keys.task_.rules) {
    for (const std::string& column : rule.columns()) columns.push_back(column);
  }
  ARROW_ASSIGN_OR_RAISE(keys.options_, keys.task_.encoding(rows, std::move(columns)));
  keys.options_.by_id = false;
  keys.options_.has_sources = false;
  const LinkageModel& model = keys.task_.job.model;
  arrow::FieldVector fields;
  for (int i = 0; i < rows.num_fields(); ++i) {
    const std::string& name = rows.field(i)->name();
    const bool is_id =
        name == model.unique_id_column_name || (model.has_sources() && name == model.source_dataset_column_name);
    if (keys_only && !is_id) continue;
    keys.kept_columns_.push_back(i);
    fields.push_back(rows.field(i));
  }
  fields.push_back(arrow::field("lw_arm", arrow::int32()));
  fields.push_back(arrow::field("lw_block", arrow::int64()));
  keys.schema_ = arrow::schema(std::move(fields));
  return keys;
}

Result<std::vector<BlockKeys::RowHash>> BlockKeys::keys_under(const PairTask::Arm& arm,
                                                              const RecordTable& records) const {
  std::vector<RowHash> found;
  const std::vector<std::string>& arrays = arm.rule->arrays_to_explode;
  if (!arrays.empty()) {
    ARROW_ASSIGN_OR_RAISE(const ExplodedKeys keys, exploded_keys(*arm.arm, arrays, records, options_.evaluation));
    for (const auto* side : {&keys.left, &keys.right}) {
      for (const ExplodedKey& key : *side) found.emplace_back(key.row, keys.hashes[key.key]);
    }
  } else {
    ARROW_ASSIGN_OR_RAISE(const KeyHashes hashes, key_hashes(*arm.arm, records, options_.evaluation));
    for (const auto* side : {&hashes.left, &hashes.right}) {
      for (uint32_t row = 0; row < side->size(); ++row) {
        if ((*side)[row] != 0) found.emplace_back(row, (*side)[row]);
      }
    }
    if (hashes.right.empty()) return found;
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

Result<std::shared_ptr<arrow::RecordBatch>> BlockKeys::keyed_rows(const arrow::RecordBatch& rows, int32_t arm,
                                                                  const std::vector<RowHash>& keys) const {
  std::vector<uint32_t> places;
  arrow::Int64Builder blocks;
  places.reserve(keys.size());
  const auto count = static_cast<int64_t>(keys.size());
  ARROW_RETURN_NOT_OK(blocks.Reserve(count));
  for (const auto& [row, hash] : keys) {
    places.push_back(row);
    blocks.UnsafeAppend(static_cast<int64_t>(hash));
  }
  ARROW_ASSIGN_OR_RAISE(arrow::ArrayVector columns, columns_at(rows, kept_columns_, places));
  ARROW_ASSIGN_OR_RAISE(columns.emplace_back(), arrow::MakeArrayFromScalar(arrow::Int32Scalar(arm), count));
  ARROW_ASSIGN_OR_RAISE(columns.emplace_back(), blocks.Finish());
  return arrow::RecordBatch::Make(schema_, count, std::move(columns));
}

Result<MappedStream::Batches> BlockKeys::map(const std::shared_ptr<arrow::RecordBatch>& rows) const {
  KernelRun run;
  ARROW_ASSIGN_OR_RAISE(const auto table, arrow::Table::FromRecordBatches({rows}));
  ARROW_ASSIGN_OR_RAISE(const RecordTable records,
                        RecordTable::make({{"records", table}}, options_, run.context().pool));
  MappedStream::Batches batches;
  int32_t number = 0;
  for (const PairTask::Arm& arm : task_.arms()) {
    ARROW_ASSIGN_OR_RAISE(const std::vector<RowHash> keys, keys_under(arm, records));
    ARROW_ASSIGN_OR_RAISE(batches.emplace_back(), keyed_rows(*rows, number++, keys));
  }
  return batches;
}

}  // namespace

Result<RowStream> block_keys_operation(KernelTask& options, RowStream rows) {
  ARROW_ASSIGN_OR_RAISE(PairTask task, PairTask::read(options));
  ARROW_ASSIGN_OR_RAISE(const bool keys_only, options.options().boolean_or("keys_only", false));
  ARROW_RETURN_NOT_OK(options.options().check_unknown_keys());
  ARROW_ASSIGN_OR_RAISE(BlockKeys made, BlockKeys::make(std::move(task), *rows->schema(), keys_only));
  const auto keys = std::make_shared<const BlockKeys>(std::move(made));
  ARROW_ASSIGN_OR_RAISE(const auto no_rows, arrow::RecordBatch::MakeEmpty(rows->schema()));
  ARROW_RETURN_NOT_OK(keys->map(no_rows).status());  // rules that do not fit the columns are told at once
  return std::make_shared<MappedStream>(keys->schema(), std::move(rows),
                                        [keys](const auto& batch) { return keys->map(batch); });
}

}  // namespace linkwright
