#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/status.h"
#include "compare/base_column.h"
#include "compare/condition_parts.h"
#include "compare/level_ladder.h"
#include "compare/level_rules.h"
#include "compare/right_values.h"
#include "expr/truth.h"

namespace linkwright {

/// All of a comparison that depends on one left and one right base column.
///
/// A pure function from (left code, right code) to one byte: the comparison's level when it reads no other column, else
/// the truths of up to four atoms, two bits each. Immutable after it was compiled; each thread has its own `Workspace`.
struct ValueComparator {
  const BaseColumn* left = nullptr;
  const BaseColumn* right = nullptr;
  ConditionParts parts;
  LevelRules levels;
  std::optional<LevelLadder> ladder;  // the same levels, where they are simple enough
  bool gives_level = false;
  std::string comparison;  // its name, for errors

  static constexpr size_t kMaxPackedAtoms = 4;

  /// Distances of one left text to many right texts, computed ahead by the many-to-many kernels.
  struct RowDistances {
    std::vector<double> values;  // of one slot, for every right code of the row
  };

  struct Workspace {
    std::vector<uint32_t> codes;             // of each operand, kBatch
    std::vector<std::vector<Truth>> truths;  // of each atom, kBatch
    std::vector<const Truth*> truth_pointers;
    std::vector<std::vector<double>> distances;  // of each slot, kBatch
    LevelRules::Workspace levels;
    LevelLadder::Workspace ladder;
    std::vector<NearText> near;
    TextPairs texts;
    std::vector<RowDistances> row_distances;
    std::optional<PairConditions::Reader> sql;
  };

  /// outcomes[k] for pairs (lefts[k], rights[k]), any number of them.
  Status compare_pairs(const uint32_t* lefts, const uint32_t* rights, size_t size, Workspace* workspace,
                       uint8_t* outcomes) const;

  /// outcomes[l * rights.codes.size() + r] for left code l, of at most TextQueries::kMost, and right value r of a tile.
  Status compare_rows(const LocalValues::Lefts& lefts, const RightValues& rights, Workspace* workspace,
                      uint8_t* outcomes) const;

 private:
  struct Batch;
  Status compare_row(uint32_t left_code, const RightValues& rights, Workspace* workspace, uint8_t* outcomes) const;
  void fill_row_distances(uint32_t left_code, const RightValues& rights, Workspace* workspace) const;
  void fill_row_jaccards(size_t slot, uint32_t code, const RightValues& rights, Workspace* workspace) const;
  Status compare_batch(const Batch& batch, Workspace* workspace, uint8_t* outcomes) const;
  void fill_distances(size_t slot, const Batch& batch, Workspace* workspace) const;
  void evaluate_atom(size_t atom, const Batch& batch, Workspace* workspace, Truth* truths) const;
  Status evaluate_sql(const Batch& batch, Workspace* workspace) const;
};

}  // namespace linkwright
