#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

namespace arrow {
class Array;
}  // namespace arrow

namespace linkwright {

/// Which blocks make their pairs here, where records are spread over numbered partitions.
///
/// A block belongs to the partition that the hash of its key says (KeyHashes, ExplodedKeys), and every record goes to
/// the partitions of all its blocks. A block with too many rows for one place is cut: each of its rows falls into one
/// of some parts, by the record's own hash, and each pair of parts, and each part with itself, is a tile that belongs
/// to a partition of its own. All of it follows from the values alone, so that those who send records and those who
/// make pairs need not tell each other. Immutable once made; safe to read from any thread.
class BlockShare {
 public:
  struct CutBlock {
    uint64_t hash = 0;
    uint32_t parts = 1;
  };

  /// `here` are the numbers of the partitions that are here, all below `partitions`, which is at least 1.
  BlockShare(uint32_t partitions, std::span<const CutBlock> cut_blocks, std::span<const uint32_t> here = {});

  uint32_t partitions() const { return partitions_; }

  /// Into how many parts a block is cut; 1: it is whole.
  uint32_t parts(uint64_t block) const;

  /// Whether whole blocks are all here, and none is cut.
  bool is_everything_here() const;

  bool is_here(uint64_t block) const { return is_here_[partition_of(block)]; }
  bool is_tile_here(uint64_t block, uint32_t part, uint32_t other) const {
    return is_here_[partition_of_tile(block, part, other)];
  }

  uint32_t partition_of(uint64_t block) const;
  /// The same either way round.
  uint32_t partition_of_tile(uint64_t block, uint32_t part, uint32_t other) const;

  static uint32_t part_of(uint64_t record_hash, uint32_t parts) { return static_cast<uint32_t>(record_hash % parts); }

  /// Calls `take(partition)` for every partition in which a record of a block makes pairs, some of them several times.
  template <typename Take>
  void for_each_partition(uint64_t block, uint64_t record_hash, const Take& take) const {
    const uint32_t number = parts(block);
    if (number == 1) {
      take(partition_of(block));
      return;
    }
    const uint32_t part = part_of(record_hash, number);
    for (uint32_t other = 0; other < number; ++other) take(partition_of_tile(block, part, other));
  }

 private:
  uint32_t partitions_;
  std::unordered_map<uint64_t, uint32_t> parts_of_cut_;
  std::vector<bool> is_here_;
};

/// A hash of each id, int64 or text, the same in any process: what the parts of cut blocks are made by.
std::vector<uint64_t> record_hashes(const arrow::Array& ids);

}  // namespace linkwright
