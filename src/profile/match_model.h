#pragma once

#include <bitset>
#include <cstdint>
#include <span>
#include <vector>

#include "profile/table_profile.h"

namespace linkwright {

/// How often the two records of a true match are expected to agree in a column, for want of the truth: from missing
/// values and usual error rates of roles. 4,096 imagined matches are drawn once (seeded, columns independent), so what
/// a rule makes of them is a bit set, and what several rules make together is their union.
class MatchModel {
 public:
  static constexpr size_t kMatches = 4096;
  using Matches = std::bitset<kMatches>;

  explicit MatchModel(std::span<const ColumnProfile> columns);

  /// The matches whose records agree in the whole value, or in the first letters, of a column.
  const Matches& agree(size_t column, bool prefix) const { return prefix ? prefixes_[column] : wholes_[column]; }

  static double share(const Matches& matches) { return static_cast<double>(matches.count()) / kMatches; }

 private:
  std::vector<Matches> wholes_, prefixes_;
};

/// Letters at the front of a column that make a useful key of their own: 0 for none (whole values only).
unsigned useful_prefix(const ColumnProfile& column);

}  // namespace linkwright
