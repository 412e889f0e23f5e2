#include "compare/tile_comparer.h"

#include <algorithm>

#include "base/simd_clones.h"

namespace linkwright {
namespace {

// A table of outcomes stays in the second-level cache or near it; larger ones are computed a row at a time.
constexpr size_t kLargestTable = size_t{1} << 23;

// Code pairs remembered a comparator in compare_pairs, 16 bytes each.
constexpr size_t kRememberedPairs = size_t{1} << 15;
constexpr uint64_t kNothing = UINT64_MAX;

void gather_outcomes(const uint8_t* row, const uint32_t* local, size_t size, uint8_t* outcomes) {
  for (size_t j = 0; j < size; ++j) outcomes[j] = row[local[j]];
}

LW_SIMD_CLONES void add_level(const uint8_t* levels, uint64_t stride, size_t size, AgreementPattern* patterns) {
  for (size_t j = 0; j < size; ++j) patterns[j] += stride * levels[j];
}

LW_SIMD_CLONES void unpack_truths(const uint8_t* packed, int shift, size_t size, Truth* truths) {
  for (size_t k = 0; k < size; ++k) truths[k] = static_cast<Truth>(packed[k] >> shift & 3);
}

}  // namespace

TileComparer::TileComparer(ComparisonProgram::Choice choice) : program_(*choice.program) {
  const auto place_of = [&](size_t column) {
    const auto found = std::find(columns_.begin(), columns_.end(), column);
    if (found != columns_.end()) return static_cast<size_t>(found - columns_.begin());
    columns_.push_back(column);
    return columns_.size() - 1;
  };
  for (size_t c = 0; c < choice.comparisons.size(); ++c) {
    Chosen& chosen = chosen_.emplace_back();
    chosen.plan = &program_.plan(choice.comparisons[c]);
    chosen.stride = choice.patterns.stride(c);
    for (const size_t comparator : chosen.plan->comparators) {
      chosen.tables.push_back(tables_.size());
      OutcomeTable& table = tables_.emplace_back();
      table.comparator = &program_.comparators()[comparator];
      table.left = place_of(program_.slots(comparator).left);
      table.right = place_of(program_.slots(comparator).right);
    }
  }
  left_values_.resize(columns_.size());
  right_values_.resize(columns_.size());
  workspaces_ = std::vector<ValueComparator::Workspace>(tables_.size());
  memory_.resize(tables_.size());
  outcomes_.resize(tables_.size());
}

Status TileComparer::load(const PairTile& tile) {
  tile_ = tile;
  const auto assign = [&](std::span<const uint32_t> rows, std::vector<LocalValues>* values) {
    codes_.resize(rows.size() * columns_.size());
    for (size_t j = 0; j < rows.size(); ++j) {
      for (size_t c = 0; c < columns_.size(); ++c) codes_[c * rows.size() + j] = code(rows[j], c);
    }
    for (size_t c = 0; c < columns_.size(); ++c) {
      (*values)[c].assign({codes_.data() + c * rows.size(), rows.size()});
    }
  };
  assign(tile.left_rows, &left_values_);
  if (!tile.diagonal) assign(tile.right_rows, &right_values_);

  for (size_t t = 0; t < tables_.size(); ++t) {
    OutcomeTable& table = tables_[t];
    const LocalValues& rights = right_values()[table.right];
    const size_t lefts = left_values_[table.left].values().size();
    table.rights.assign(table.comparator->parts, rights);
    table.keeps_rows = lefts * rights.values().size() <= kLargestTable;
    table.row_known.assign(lefts, 0);
    table.outcomes.resize((table.keeps_rows ? lefts : 1) * rights.values().size());
    outcomes_[t].resize(tile.right_rows.size());
  }
  levels_.resize(tile.right_rows.size());
  return Status::OK();
}

Status TileComparer::outcome_row(size_t t, size_t i, const uint8_t** row) {
  OutcomeTable& table = tables_[t];
  const uint32_t left = left_values_[table.left].local()[i];
  uint8_t* outcomes = table.outcomes.data() + (table.keeps_rows ? left * table.rights.codes.size() : 0);
  *row = outcomes;
  if (table.row_known[left] != 0 && (table.keeps_rows || table.row_at_hand == left)) return Status::OK();
  table.row_known[left] = 1;
  table.row_at_hand = left;
  return table.comparator->compare_row(left_values_[table.left].values()[left], table.rights, &workspaces_[t],
                                       outcomes);
}

void TileComparer::unpack(const Chosen& chosen, size_t begin, size_t size) {
  truths_.resize(std::max(truths_.size(), chosen.tables.size() * ValueComparator::kMaxPackedAtoms));
  for (size_t c = 0; c < chosen.tables.size(); ++c) {
    const OutcomeTable& table = tables_[chosen.tables[c]];
    for (size_t a = 0; a < table.comparator->parts.atoms.size(); ++a) {
      std::vector<Truth>& truths = truths_[c * ValueComparator::kMaxPackedAtoms + a];
      truths.resize(LevelRules::kBatch);
      unpack_truths(outcomes_[chosen.tables[c]].data() + begin, static_cast<int>(2 * a), size, truths.data());
    }
  }
}

// levels_[begin..end) from the packed atoms of the comparison's tables.
void TileComparer::decide_levels(const Chosen& chosen, size_t begin, size_t end) {
  for (size_t at = begin; at < end; at += LevelRules::kBatch) {
    const size_t count = std::min(LevelRules::kBatch, end - at);
    unpack(chosen, at, count);
    truth_pointers_.clear();
    for (const std::vector<Truth>& truths : truths_) truth_pointers_.push_back(truths.data());
    chosen.plan->levels.decide(truth_pointers_.data(), count, &level_workspace_, levels_.data() + at);
  }
}

Status TileComparer::level_row(const Chosen& chosen, size_t i, size_t first_right, const uint8_t** levels) {
  const size_t size = tile_.right_rows.size();
  for (const size_t t : chosen.tables) {
    const uint8_t* row = nullptr;
    ARROW_RETURN_NOT_OK(outcome_row(t, i, &row));
    const LocalValues& values = right_values()[tables_[t].right];
    if (values.all_distinct() && chosen.plan->single) {
      *levels = row;
      return Status::OK();
    }
    gather_outcomes(row, values.local().data() + first_right, size - first_right, outcomes_[t].data() + first_right);
  }
  if (!chosen.plan->single) decide_levels(chosen, first_right, size);
  *levels = chosen.plan->single ? outcomes_[chosen.tables[0]].data() : levels_.data();
  return Status::OK();
}

Status TileComparer::compare_row(size_t i, size_t first_right, AgreementPattern* patterns) {
  const size_t size = tile_.right_rows.size();
  std::fill(patterns + first_right, patterns + size, AgreementPattern{0});
  for (const Chosen& chosen : chosen_) {
    const uint8_t* levels = nullptr;
    ARROW_RETURN_NOT_OK(level_row(chosen, i, first_right, &levels));
    add_level(levels + first_right, chosen.stride, size - first_right, patterns + first_right);
  }
  return Status::OK();
}

Status TileComparer::outcomes_of_pairs(size_t t, std::span<const RowPair> pairs, uint8_t* outcomes) {
  const OutcomeTable& table = tables_[t];
  if (!table.comparator->ladder) return remembered_outcomes(t, pairs, outcomes);
  const LevelLadder& ladder = *table.comparator->ladder;
  for (size_t p = 0; p < pairs.size(); ++p) {
    outcomes[p] =
        ladder.pair(table.comparator->parts, code(pairs[p].left, table.left), code(pairs[p].right, table.right));
  }
  return Status::OK();
}

Status TileComparer::remembered_outcomes(size_t t, std::span<const RowPair> pairs, uint8_t* outcomes) {
  const OutcomeTable& table = tables_[t];
  std::vector<Remembered>& memory = memory_[t];
  if (memory.empty()) memory.assign(kRememberedPairs, {kNothing, 0});
  unknown_.clear();
  unknown_left_.clear();
  unknown_right_.clear();
  for (size_t p = 0; p < pairs.size(); ++p) {
    const uint32_t left = code(pairs[p].left, table.left);
    const uint32_t right = code(pairs[p].right, table.right);
    const uint64_t codes = uint64_t{left} << 32 | right;
    const Remembered& known = memory[(codes * 0x9E3779B97F4A7C15ULL) >> 49];
    if (known.codes == codes) {
      outcomes[p] = known.outcome;
      continue;
    }
    unknown_.push_back(static_cast<uint32_t>(p));
    unknown_left_.push_back(left);
    unknown_right_.push_back(right);
  }
  unknown_outcomes_.resize(unknown_.size());
  ARROW_RETURN_NOT_OK(table.comparator->compare_pairs(unknown_left_.data(), unknown_right_.data(), unknown_.size(),
                                                      &workspaces_[t], unknown_outcomes_.data()));
  for (size_t u = 0; u < unknown_.size(); ++u) {
    outcomes[unknown_[u]] = unknown_outcomes_[u];
    const uint64_t codes = uint64_t{unknown_left_[u]} << 32 | unknown_right_[u];
    memory[(codes * 0x9E3779B97F4A7C15ULL) >> 49] = {codes, unknown_outcomes_[u]};
  }
  return Status::OK();
}

Status TileComparer::compare_pairs(std::span<const RowPair> pairs, AgreementPattern* patterns) {
  std::fill_n(patterns, pairs.size(), AgreementPattern{0});
  levels_.resize(std::max(levels_.size(), pairs.size()));
  for (const Chosen& chosen : chosen_) {
    for (const size_t t : chosen.tables) {
      outcomes_[t].resize(std::max(outcomes_[t].size(), pairs.size()));
      ARROW_RETURN_NOT_OK(outcomes_of_pairs(t, pairs, outcomes_[t].data()));
    }
    if (!chosen.plan->single) decide_levels(chosen, 0, pairs.size());
    const std::vector<uint8_t>& levels = chosen.plan->single ? outcomes_[chosen.tables[0]] : levels_;
    add_level(levels.data(), chosen.stride, pairs.size(), patterns);
  }
  return Status::OK();
}

}  // namespace linkwright
