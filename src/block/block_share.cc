#include "block/block_share.h"

#include <arrow/array.h>

#include <algorithm>

#include "column/value_dictionary.h"

namespace linkwright {
namespace {

constexpr uint64_t kOfPartitions = 0x9ae16a3b2f90404fULL;  // so that partitions do not follow other uses of the hashes
constexpr uint64_t kOfRecords = 0xc949d7c7509e6557ULL;

}  // namespace

BlockShare::BlockShare(uint32_t partitions, std::span<const CutBlock> cut_blocks, std::span<const uint32_t> here)
    : partitions_(partitions), is_here_(partitions, false) {
  for (const CutBlock& block : cut_blocks) {
    if (block.parts > 1) parts_of_cut_[block.hash] = block.parts;
  }
  for (const uint32_t partition : here) is_here_[partition] = true;
}

uint32_t BlockShare::parts(uint64_t block) const {
  if (parts_of_cut_.empty()) return 1;
  const auto found = parts_of_cut_.find(block);
  return found == parts_of_cut_.end() ? 1 : found->second;
}

bool BlockShare::is_everything_here() const {
  return parts_of_cut_.empty() && std::all_of(is_here_.begin(), is_here_.end(), [](bool is) { return is; });
}

uint32_t BlockShare::partition_of(uint64_t block) const {
  return partitions_ == 1 ? 0 : static_cast<uint32_t>(combine_hashes(block, kOfPartitions) % partitions_);
}

// Tiles of one block follow each other from partition to partition, so that none gets two before all have one.
uint32_t BlockShare::partition_of_tile(uint64_t block, uint32_t part, uint32_t other) const {
  const uint64_t larger = std::max(part, other);
  const uint64_t tile = larger * (larger + 1) / 2 + std::min(part, other);
  return static_cast<uint32_t>((combine_hashes(block, kOfPartitions) % partitions_ + tile) % partitions_);
}

std::vector<uint64_t> record_hashes(const arrow::Array& ids) {
  std::vector<uint64_t> hashes;
  hashes.reserve(static_cast<size_t>(ids.length()));
  const auto add_texts = [&](const auto& texts) {
    for (int64_t i = 0; i < texts.length(); ++i) hashes.push_back(hash_bytes(texts.GetView(i)));
  };
  switch (ids.type_id()) {
    case arrow::Type::INT64: {
      const auto& numbers = static_cast<const arrow::Int64Array&>(ids);
      for (int64_t i = 0; i < numbers.length(); ++i) {
        hashes.push_back(combine_hashes(static_cast<uint64_t>(numbers.Value(i)), kOfRecords));
      }
      break;
    }
    case arrow::Type::STRING:
      add_texts(static_cast<const arrow::StringArray&>(ids));
      break;
    default:
      add_texts(static_cast<const arrow::LargeStringArray&>(ids));
  }
  return hashes;
}

}  // namespace linkwright
