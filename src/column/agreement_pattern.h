#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/status.h"

namespace linkwright {

/// The agreement pattern of a pair: the level of every comparison, as one mixed-radix number.
using AgreementPattern = uint64_t;

/// Encodes and decodes patterns. Comparison c has `levels[c]` levels, in the order of the model, and one more outcome,
/// `no_level(c)`, for a pair that no level's condition holds for (a comparison without ELSE).
class PatternSpace {
 public:
  /// Errors: more patterns than 64 bits can number.
  static Result<PatternSpace> make(const std::vector<size_t>& levels) {
    PatternSpace space;
    for (const size_t count : levels) {
      space.strides_.push_back(space.size_);
      space.outcomes_.push_back(count + 1);
      if (space.size_ > (uint64_t{1} << 62) / (count + 1)) {
        return Status::CapacityError("the comparisons have more than 2^62 combinations of levels; use fewer of them");
      }
      space.size_ *= count + 1;
    }
    return space;
  }

  size_t num_comparisons() const { return strides_.size(); }
  uint64_t size() const { return size_; }
  /// Whether patterns are few enough for a table with an entry for each.
  bool fits_table() const { return size_ <= kLargestTable; }
  static constexpr uint64_t kLargestTable = uint64_t{1} << 20;
  uint64_t stride(size_t comparison) const { return strides_[comparison]; }
  size_t num_levels(size_t comparison) const { return outcomes_[comparison] - 1; }
  size_t no_level(size_t comparison) const { return outcomes_[comparison] - 1; }
  size_t level(AgreementPattern pattern, size_t comparison) const {
    return static_cast<size_t>(pattern / strides_[comparison] % outcomes_[comparison]);
  }

 private:
  std::vector<uint64_t> strides_;
  std::vector<uint64_t> outcomes_;
  uint64_t size_ = 1;
};

}  // namespace linkwright
