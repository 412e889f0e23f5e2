#include "spark/linkage/block_notes.h"

#include <arrow/type.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "engine/large_blocks.h"
#include "kernel/block_side.h"
#include "spark/linkage/batch_columns.h"
#include "spark/linkage/query_progress.h"

namespace linkwright::spark {
namespace {

using Options = nlohmann::ordered_json;

// The survey counts the rows of a block only where it has many in one lot of records.
constexpr int64_t kCountedAtLeast = 2;  // one in so many

std::vector<uint64_t> candidates(const std::map<uint64_t, int64_t>& rows_of_block, uint64_t pairs) {
  std::vector<uint64_t> found;
  for (const auto& [block, counted] : rows_of_block) {
    const auto rows = static_cast<uint64_t>(counted * kCountedAtLeast);
    if (is_large_block(rows * (rows - 1) / 2, pairs)) found.push_back(block);
  }
  return found;
}

// A block under one arm, as far as it was read.
struct Block {
  std::map<std::string, uint64_t> left;   // rows by dataset
  std::map<std::string, uint64_t> right;  // none where rows are on both sides
  std::string source;                     // of the first record
  std::string id;
  std::string key;
};

uint64_t sum_of(const std::map<std::string, uint64_t>& rows) {
  uint64_t sum = 0;
  for (const auto& [source, count] : rows) sum += count;
  return sum;
}

uint64_t pairs_of(const Block& block, bool links_only) {
  const auto both = [](uint64_t rows) { return rows * (rows - (rows > 0)) / 2; };
  const bool has_sides = !block.right.empty();
  uint64_t pairs = has_sides ? sum_of(block.left) * sum_of(block.right) : both(sum_of(block.left));
  if (!links_only) return pairs;
  for (const auto& [source, rows] : block.left) {
    const auto other = block.right.find(source);
    if (!has_sides) pairs -= both(rows);
    if (other != block.right.end()) pairs -= rows * other->second;
  }
  return pairs;
}

// Blocks by rule, arm and hash.
class Blocks {
 public:
  explicit Blocks(bool has_integer_ids) : has_integer_ids_(has_integer_ids) {}

  void add(const arrow::RecordBatch& batch) {
    const auto number = [&](const char* name, int64_t row) {
      return column_of<arrow::Int32Array>(batch, name).Value(row);
    };
    const auto text = [&](const char* name, int64_t row) {
      return column_of<arrow::StringArray>(batch, name).GetString(row);
    };
    for (int64_t row = 0; row < batch.num_rows(); ++row) {
      Block& block = blocks_[{{number("lw_rule", row), number("lw_arm", row)}, text("lw_block", row)}];
      const bool is_right = number("lw_side", row) == static_cast<int32_t>(BlockSide::kRight);
      const std::string source = text("lw_source", row);
      (is_right ? block.right : block.left)[source] +=
          static_cast<uint64_t>(column_of<arrow::Int64Array>(batch, "lw_rows").Value(row));
      const std::string id = text("lw_id", row);
      if (is_right || (!block.id.empty() && !is_before(source, id, block))) continue;
      block.source = source;
      block.id = id;
      block.key = text("lw_key", row);
    }
  }

  std::vector<LargeBlock> large(const LinkageModel& model, uint64_t pairs) const {
    std::vector<LargeBlock> found;
    for (const auto& [place, block] : blocks_) {
      const uint64_t own = pairs_of(block, model.links_only());
      if (block.left.empty() || !is_large_block(own, pairs)) continue;
      const auto rule = static_cast<size_t>(place.first.first);
      found.push_back({rule, model.blocking_rules[rule].sql, block.key, block.id,
                       std::max(sum_of(block.left), sum_of(block.right)), own,
                       static_cast<double>(own) / static_cast<double>(pairs)});
    }
    std::stable_sort(found.begin(), found.end(), [](const LargeBlock& a, const LargeBlock& b) {
      return a.rule != b.rule ? a.rule < b.rule : a.pairs > b.pairs;
    });
    return found;
  }

 private:
  bool is_before(const std::string& source, const std::string& id, const Block& block) const {
    if (source != block.source) return source < block.source;
    if (!has_integer_ids_) return id < block.id;
    return std::strtoll(id.c_str(), nullptr, 10) < std::strtoll(block.id.c_str(), nullptr, 10);
  }

  bool has_integer_ids_;
  std::map<std::pair<std::pair<int32_t, int32_t>, std::string>, Block> blocks_;
};

}  // namespace

Result<std::vector<std::string>> block_notes(const JobRows& rows, uint64_t pairs, const NativeKernel& kernel,
                                             RunContext& context) {
  std::vector<std::string> notes;
  const std::vector<uint64_t> wanted = candidates(rows.surveyed.rows_of_block, pairs);
  if (wanted.empty()) return notes;
  Options options = Options::object();
  options["blocks"] = wanted;
  ARROW_ASSIGN_OR_RAISE(options, rows.surveyed.packed.with_options(std::move(options)));
  ARROW_ASSIGN_OR_RAISE(const Rows described,
                        kernel.run("describe_blocks", options, rows.job, rows.surveyed.packed.parcels));
  ARROW_ASSIGN_OR_RAISE(const auto batches, described.frame.to_batches(query_options(context)));
  const auto id = rows.working.schema->GetFieldByName(rows.job.model.unique_id_column_name);
  Blocks blocks(id->type()->id() == arrow::Type::INT64);
  for (;;) {
    ARROW_ASSIGN_OR_RAISE(const auto batch, batches->Next());
    if (batch == nullptr) break;
    blocks.add(*batch);
  }
  for (const LargeBlock& block : blocks.large(rows.job.model, pairs)) notes.push_back(block.to_text());
  return notes;
}

}  // namespace linkwright::spark
