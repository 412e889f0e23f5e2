#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "compare/condition_parts.h"
#include "text/many_to_many.h"
#include "text/pair_lanes.h"
#include "text/shared_bytes_screen.h"

namespace linkwright {

/// Pairs of texts that lanes compare side by side, each with the number that its distance goes by. Reused.
struct TextPairs {
  PairLanes lanes;
  std::vector<TextPair> pairs;
  std::vector<uint32_t> numbers;

  void clear() {
    pairs.clear();
    numbers.clear();
  }
  void add(TextPair pair, size_t number) {
    pairs.push_back(pair);
    numbers.push_back(static_cast<uint32_t>(number));
  }
};

/// The right texts of a small tile: too few to be worth laying out in lanes (PackedStrings). Those that share too few
/// bytes with a left text are passed over, nine of ten names and more of postcodes, and the others are compared pair by
/// pair in lanes. Borrows the texts. Reused from tile to tile.
class FewTexts {
 public:
  /// False where the texts are too many, too long, or may differ too much for that to pay; then nothing is said of
  /// them.
  bool assign(std::span<const std::string_view> texts, const DistanceSlot& slot);
  bool empty() const { return texts_.empty(); }

  /// What ConditionParts::near_texts gives. `hopeful` holds the pairs that are left to compare.
  size_t near(const ConditionParts& parts, const DistanceSlot& slot, const TextQueries& lefts, TextPairs* hopeful,
              std::span<NearText> near) const;

 private:
  uint64_t hopeful_rights(const DistanceSlot& slot, std::string_view left, size_t first) const;
  ByteSignature signature_of(std::string_view left, size_t first) const;

  std::vector<std::string_view> texts_;
  SharedBytesScreen screen_;
};

}  // namespace linkwright
