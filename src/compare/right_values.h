#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "compare/condition_parts.h"
#include "compare/few_texts.h"
#include "compare/local_values.h"
#include "text/jaccard.h"
#include "text/packed_strings.h"

namespace linkwright {

/// Right values of a tile as a comparator reads them, laid out so that a left value meets all of them at once. Reused
/// from tile to tile.
struct RightValues {
  std::span<const uint32_t> codes;
  std::vector<std::vector<uint32_t>> null_places;  // of each distance slot
  std::vector<std::vector<ByteSet>> byte_sets;     // of each Jaccard slot; empty for nulls
  std::vector<std::vector<uint32_t>> equal_codes;  // of each equality over an expression; the operand's codes
  std::vector<std::vector<uint32_t>> true_places;  // of each condition on the right record alone
  std::vector<std::vector<double>> numbers;        // of each difference
  std::optional<PairInputs::Columns> sql;          // what conditions in SQL read

  /// `values` must stay valid.
  Status assign(const ConditionParts& parts, const LocalValues& values);

  /// The pairs of a left text and a right value's within the cutoff of a distance slot with a kernel, into `near`,
  /// which has room for all; returns how many. Left l and right value r are number l * codes.size() + r. Nulls are
  /// empty texts.
  size_t near_texts(const ConditionParts& parts, size_t slot, const TextQueries& lefts, TextPairs* pairs,
                    std::span<NearText> near) const {
    if (!few_[slot].empty()) return few_[slot].near(parts, parts.distances[slot], lefts, pairs, near);
    return parts.near_texts(parts.distances[slot], lefts, packed_[slot], near);
  }

  /// What `codes` are of.
  const LocalValues& values() const { return *values_; }

 private:
  const LocalValues* values_ = nullptr;
  std::vector<std::string_view> texts_;
  // Texts of each distance slot that has a kernel, in one of two forms.
  std::vector<FewTexts> few_;
  std::vector<PackedStrings> packed_;
};

}  // namespace linkwright
