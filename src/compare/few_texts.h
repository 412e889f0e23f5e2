#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "compare/condition_parts.h"
#include "text/byte_signature.h"
#include "text/many_to_many.h"

namespace linkwright {

/// The right texts of a small tile, where these are short: too few to be worth laying out in lanes (PackedStrings).
/// Pairs whose signatures say that they share too few bytes are passed over, nine of ten names and more of postcodes,
/// and the others are compared one by one. Borrows the texts. Reused from tile to tile.
class FewTexts {
 public:
  /// False where the texts are too many or too long for that to pay; then nothing is said of them.
  bool assign(std::span<const std::string_view> texts);
  bool empty() const { return texts_.empty(); }

  /// What ConditionParts::near_texts gives.
  size_t near(const ConditionParts& parts, const DistanceSlot& slot, const TextQueries& lefts,
              std::span<NearText> near) const;

 private:
  static constexpr size_t kMostTexts = 64;
  using Places = std::array<uint8_t, kMostTexts>;

  // The places from `first` on of texts that share enough bytes with the left one; returns how many.
  size_t choose_hopeful(const DistanceSlot& slot, std::string_view left, size_t first, Places* places) const;

  std::vector<std::string_view> texts_;
  std::vector<ByteSignature> signatures_;
};

}  // namespace linkwright
