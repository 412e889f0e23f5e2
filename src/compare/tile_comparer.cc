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

TileComparer::TileComparer(const ComparisonProgram& program)
    : program_(program),
      left_values_(program.columns().size()),
      right_values_(program.columns().size()),
      tables_(program.comparators().size()),
      workspaces_(program.comparators().size()),
      memory_(program.comparators().size()),
      outcomes_(program.comparators().size()) {}

Status TileComparer::load(const PairTile& tile) {
  tile_ = tile;
  const size_t width = program_.columns().size();
  const auto assign = [&](std::span<const uint32_t> rows, std::vector<LocalValues>* values) {
    codes_.resize(rows.size() * width);
    for (size_t j = 0; j < rows.size(); ++j) {
      const uint32_t* row = program_.row_codes(rows[j]);
      for (size_t c = 0; c < width; ++c) codes_[c * rows.size() + j] = row[c];
    }
    for (size_t c = 0; c < width; ++c) (*values)[c].assign({codes_.data() + c * rows.size(), rows.size()});
  };
  assign(tile.left_rows, &left_values_);
  if (!tile.diagonal) assign(tile.right_rows, &right_values_);

  for (size_t k = 0; k < tables_.size(); ++k) {
    const auto slots = program_.slots(k);
    const std::vector<uint32_t>& rights = (tile.diagonal ? left_values_ : right_values_)[slots.right].values();
    const size_t lefts = left_values_[slots.left].values().size();
    OutcomeTable& table = tables_[k];
    table.rights.assign(program_.comparators()[k].parts, rights);
    table.keeps_rows = lefts * rights.size() <= kLargestTable;
    table.row_known.assign(lefts, 0);
    table.outcomes.resize(table.keeps_rows ? lefts * rights.size() : rights.size());
    outcomes_[k].resize(tile.right_rows.size());
  }
  levels_.resize(tile.right_rows.size());
  return Status::OK();
}

Status TileComparer::outcome_row(size_t k, size_t i, const uint8_t** row) {
  OutcomeTable& table = tables_[k];
  const ValueComparator& comparator = program_.comparators()[k];
  const auto slots = program_.slots(k);
  const uint32_t left = left_values_[slots.left].local()[i];
  uint8_t* outcomes = table.outcomes.data() + (table.keeps_rows ? left * table.rights.codes.size() : 0);
  *row = outcomes;
  if (table.row_known[left] != 0 && (table.keeps_rows || table.row_at_hand == left)) return Status::OK();
  table.row_known[left] = 1;
  table.row_at_hand = left;
  return comparator.compare_row(left_values_[slots.left].values()[left], table.rights, &workspaces_[k], outcomes);
}

void TileComparer::unpack(const ComparisonProgram::ComparisonPlan& plan, size_t begin, size_t size) {
  truths_.resize(std::max(truths_.size(), plan.comparators.size() * ValueComparator::kMaxPackedAtoms));
  for (size_t c = 0; c < plan.comparators.size(); ++c) {
    const size_t atoms = program_.comparators()[plan.comparators[c]].parts.atoms.size();
    for (size_t a = 0; a < atoms; ++a) {
      std::vector<Truth>& truths = truths_[c * ValueComparator::kMaxPackedAtoms + a];
      truths.resize(LevelRules::kBatch);
      unpack_truths(outcomes_[plan.comparators[c]].data() + begin, static_cast<int>(2 * a), size, truths.data());
    }
  }
}

Status TileComparer::compare_row(size_t i, size_t first_right, AgreementPattern* patterns) {
  const size_t size = tile_.right_rows.size();
  std::fill(patterns + first_right, patterns + size, AgreementPattern{0});
  const std::vector<LocalValues>& right_values = tile_.diagonal ? left_values_ : right_values_;
  for (size_t c = 0; c < program_.num_comparisons(); ++c) {
    const ComparisonProgram::ComparisonPlan& plan = program_.plan(c);
    const uint64_t stride = program_.patterns().stride(c);
    for (const size_t k : plan.comparators) {
      const uint8_t* row = nullptr;
      ARROW_RETURN_NOT_OK(outcome_row(k, i, &row));
      const uint32_t* local = right_values[program_.slots(k).right].local().data();
      gather_outcomes(row, local + first_right, size - first_right, outcomes_[k].data() + first_right);
    }
    if (plan.single) {
      add_level(outcomes_[plan.comparators[0]].data() + first_right, stride, size - first_right,
                patterns + first_right);
      continue;
    }
    std::vector<const Truth*> truths;
    for (size_t begin = first_right; begin < size; begin += LevelRules::kBatch) {
      const size_t count = std::min(LevelRules::kBatch, size - begin);
      unpack(plan, begin, count);
      truths.clear();
      for (const std::vector<Truth>& truth : truths_) truths.push_back(truth.data());
      plan.levels.decide(truths.data(), count, &level_workspace_, levels_.data() + begin);
    }
    add_level(levels_.data() + first_right, stride, size - first_right, patterns + first_right);
  }
  return Status::OK();
}

Status TileComparer::outcomes_of_pairs(size_t k, std::span<const RowPair> pairs, uint8_t* outcomes) {
  const ValueComparator& comparator = program_.comparators()[k];
  if (!comparator.ladder) return remembered_outcomes(k, pairs, outcomes);
  const auto slots = program_.slots(k);
  for (size_t p = 0; p < pairs.size(); ++p) {
    outcomes[p] = comparator.ladder->pair(comparator.parts, program_.row_codes(pairs[p].left)[slots.left],
                                          program_.row_codes(pairs[p].right)[slots.right]);
  }
  return Status::OK();
}

Status TileComparer::remembered_outcomes(size_t k, std::span<const RowPair> pairs, uint8_t* outcomes) {
  const ValueComparator& comparator = program_.comparators()[k];
  const auto slots = program_.slots(k);
  std::vector<Remembered>& memory = memory_[k];
  if (memory.empty()) memory.assign(kRememberedPairs, {kNothing, 0});
  unknown_.clear();
  unknown_left_.clear();
  unknown_right_.clear();
  for (size_t p = 0; p < pairs.size(); ++p) {
    const uint32_t left = program_.row_codes(pairs[p].left)[slots.left];
    const uint32_t right = program_.row_codes(pairs[p].right)[slots.right];
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
  ARROW_RETURN_NOT_OK(comparator.compare_pairs(unknown_left_.data(), unknown_right_.data(), unknown_.size(),
                                               &workspaces_[k], unknown_outcomes_.data()));
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
  for (size_t c = 0; c < program_.num_comparisons(); ++c) {
    const ComparisonProgram::ComparisonPlan& plan = program_.plan(c);
    const uint64_t stride = program_.patterns().stride(c);
    for (const size_t k : plan.comparators) {
      outcomes_[k].resize(std::max(outcomes_[k].size(), pairs.size()));
      ARROW_RETURN_NOT_OK(outcomes_of_pairs(k, pairs, outcomes_[k].data()));
    }
    if (plan.single) {
      add_level(outcomes_[plan.comparators[0]].data(), stride, pairs.size(), patterns);
      continue;
    }
    std::vector<const Truth*> truths;
    for (size_t begin = 0; begin < pairs.size(); begin += LevelRules::kBatch) {
      const size_t count = std::min(LevelRules::kBatch, pairs.size() - begin);
      unpack(plan, begin, count);
      truths.clear();
      for (const std::vector<Truth>& truth : truths_) truths.push_back(truth.data());
      plan.levels.decide(truths.data(), count, &level_workspace_, levels_.data() + begin);
    }
    add_level(levels_.data(), stride, pairs.size(), patterns);
  }
  return Status::OK();
}

}  // namespace linkwright
