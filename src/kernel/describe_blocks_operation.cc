#include <arrow/builder.h>
#include <arrow/record_batch.h>
#include <arrow/table.h>
#include <arrow/type.h>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "block/row_keys.h"
#include "engine/large_blocks.h"
#include "kernel/block_side.h"
#include "kernel/gathered_stream.h"
#include "kernel/operations.h"
#include "kernel/pair_task.h"
#include "kernel/partition_pairs.h"
#include "kernel/record_keys.h"

namespace linkwright {
namespace {

constexpr int64_t kRowsAtOnce = 100'000;

std::shared_ptr<arrow::Schema> description_schema() {
  return arrow::schema({arrow::field("lw_rule", arrow::int32()), arrow::field("lw_arm", arrow::int32()),
                        arrow::field("lw_block", arrow::utf8()), arrow::field("lw_side", arrow::int32()),
                        arrow::field("lw_source", arrow::utf8()), arrow::field("lw_rows", arrow::int64()),
                        arrow::field("lw_id", arrow::utf8()), arrow::field("lw_key", arrow::utf8())});
}

// How many rows of a lot are in a block, by side and dataset, and the first of them.
struct BlockPart {
  int64_t rows = 0;
  uint32_t first = 0;
};
using BlockParts = std::map<std::tuple<uint64_t, BlockSide, uint32_t>, BlockPart>;  // by block, side and dataset

class Description {
 public:
  static Result<std::shared_ptr<Description>> make(PairTask task, std::set<uint64_t> blocks,
                                                   const arrow::Schema& rows) {
    auto description = std::make_shared<Description>();
    ARROW_ASSIGN_OR_RAISE(description->options_, task.encoding(rows, RecordKeys::columns(task)));
    description->task_ = std::move(task);
    description->blocks_ = std::move(blocks);
    return description;
  }

  Result<GatheredStream::Batches> add(const std::shared_ptr<arrow::Table>& rows) const {
    KernelRun run;
    ARROW_ASSIGN_OR_RAISE(const RecordTable records,
                          RecordTable::make({{"records", rows}}, options_, run.context().pool));
    GatheredStream::Batches batches;
    const std::vector<PairTask::Arm> arms = task_.arms();
    for (size_t arm = 0; arm < arms.size(); ++arm) {
      // Exploded keys have no one value to show; without a key every record is meant to meet every other.
      if (arms[arm].arm->keys.empty() || !arms[arm].rule->arrays_to_explode.empty()) continue;
      ARROW_ASSIGN_OR_RAISE(const KeyHashes hashes, key_hashes(*arms[arm].arm, records, options_.evaluation));
      BlockParts parts;
      const bool has_sides = !hashes.right.empty();
      count(hashes.left, has_sides ? BlockSide::kLeft : BlockSide::kBoth, records, &parts);
      count(hashes.right, BlockSide::kRight, records, &parts);
      if (parts.empty()) continue;
      ARROW_ASSIGN_OR_RAISE(batches.emplace_back(), batch_of(parts, arms[arm], static_cast<int32_t>(arm), records));
    }
    return batches;
  }

 private:
  void count(const std::vector<uint64_t>& hashes, BlockSide side, const RecordTable& records, BlockParts* parts) const {
    for (uint32_t row = 0; row < hashes.size(); ++row) {
      if (hashes[row] == 0 || !blocks_.contains(hashes[row])) continue;
      const uint32_t source = records.has_sources() ? records.source_of_row()[row] : 0;
      const auto [part, is_new] = parts->try_emplace({hashes[row], side, source});
      if (is_new) part->second.first = row;
      ++part->second.rows;
    }
  }

  Result<std::shared_ptr<arrow::RecordBatch>> batch_of(const BlockParts& parts, const PairTask::Arm& arm,
                                                       int32_t number, const RecordTable& records) const {
    arrow::Int32Builder rules;
    arrow::Int32Builder arms;
    arrow::StringBuilder blocks;
    arrow::Int32Builder sides;
    arrow::StringBuilder sources;
    arrow::Int64Builder rows;
    arrow::StringBuilder ids;
    arrow::StringBuilder keys;
    for (const auto& [place, part] : parts) {
      const auto& [block, side, source] = place;
      std::string key;
      if (side != BlockSide::kRight) {
        ARROW_ASSIGN_OR_RAISE(key, key_text(*arm.arm, part.first, records, options_.evaluation));
      }
      ARROW_RETURN_NOT_OK(rules.Append(static_cast<int32_t>(arm.rule - task_.rules.data())));
      ARROW_RETURN_NOT_OK(arms.Append(number));
      ARROW_RETURN_NOT_OK(blocks.Append(std::to_string(block)));
      ARROW_RETURN_NOT_OK(sides.Append(static_cast<int32_t>(side)));
      ARROW_RETURN_NOT_OK(sources.Append(records.has_sources() ? records.source_names()[source] : ""));
      ARROW_RETURN_NOT_OK(rows.Append(part.rows));
      ARROW_RETURN_NOT_OK(ids.Append(records.id_text(part.first)));
      ARROW_RETURN_NOT_OK(keys.Append(key));
    }
    const int64_t length = rows.length();
    arrow::ArrayVector columns(8);
    ARROW_RETURN_NOT_OK(rules.Finish(columns.data()));
    ARROW_RETURN_NOT_OK(arms.Finish(&columns[1]));
    ARROW_RETURN_NOT_OK(blocks.Finish(&columns[2]));
    ARROW_RETURN_NOT_OK(sides.Finish(&columns[3]));
    ARROW_RETURN_NOT_OK(sources.Finish(&columns[4]));
    ARROW_RETURN_NOT_OK(rows.Finish(&columns[5]));
    ARROW_RETURN_NOT_OK(ids.Finish(&columns[6]));
    ARROW_RETURN_NOT_OK(keys.Finish(&columns[7]));
    return arrow::RecordBatch::Make(description_schema(), length, std::move(columns));
  }

  PairTask task_;
  std::set<uint64_t> blocks_;
  RecordTableOptions options_;
};

Result<std::set<uint64_t>> read_blocks(JsonObject& options) {
  std::set<uint64_t> blocks;
  ARROW_ASSIGN_OR_RAISE(const auto listed, options.list_or_empty("blocks"));
  for (const auto* block : listed) {
    if (!block->is_number_unsigned()) return options.error("blocks", "expected hashes of blocks");
    blocks.insert(block->get<uint64_t>());
  }
  return blocks;
}

}  // namespace

Result<RowStream> describe_blocks_operation(KernelTask& options, RowStream rows) {
  ARROW_ASSIGN_OR_RAISE(PairTask task, PairTask::read(options));
  ARROW_ASSIGN_OR_RAISE(std::set<uint64_t> blocks, read_blocks(options.options()));
  ARROW_RETURN_NOT_OK(options.options().check_unknown_keys());
  ARROW_ASSIGN_OR_RAISE(const auto description, Description::make(std::move(task), std::move(blocks), *rows->schema()));
  return std::make_shared<GatheredStream>(description_schema(), std::move(rows), kRowsAtOnce,
                                          [description](const auto& table) { return description->add(table); });
}

}  // namespace linkwright
