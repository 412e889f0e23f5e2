#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "expr/truth.h"

namespace linkwright {

/// A boolean formula over numbered atoms.
struct Formula {
  enum class Op : uint8_t { kAtom, kAnd, kOr, kNot, kAlways };

  Op op = Op::kAlways;
  size_t atom = 0;
  std::vector<Formula> operands;
};

/// The levels of a comparison as formulas, in order; the first that is true is the level.
class LevelRules {
 public:
  LevelRules() = default;
  explicit LevelRules(std::vector<Formula> levels);

  size_t num_levels() const { return levels_.size(); }

  /// The most elements `decide` takes at once, so that its temporaries stay in the first-level cache.
  static constexpr size_t kBatch = 256;

  struct Workspace {
    std::vector<Truth> truths;
  };

  /// levels[k] = the level of element k; num_levels() where no formula is true. `atoms[a][k]` is atom a of element k.
  /// Works from the last level up, selecting without branches. `size` <= kBatch.
  void decide(const Truth* const* atoms, size_t size, Workspace* workspace, uint8_t* levels) const;

 private:
  std::vector<Formula> levels_;
  size_t depth_ = 0;
};

}  // namespace linkwright
