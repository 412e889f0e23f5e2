#include "compare/tile_comparer.h"

#include <algorithm>

namespace linkwright {
namespace {

// A table of outcomes stays in the second-level cache or near it; of larger ones a few rows are kept. Values of a
// diagonal tile that repeat are fewer than 3,072, so that their table is never larger: its rows are not wanted in their
// order.
constexpr size_t kLargestTable = size_t{3072} * 3072;

// Outcomes that are computed at a time.
constexpr size_t kOutcomesAtOnce = size_t{1} << 14;

size_t rows_at_once(size_t rights) {
  return std::clamp<size_t>(kOutcomesAtOnce / std::max<size_t>(rights, 1), 1, TextQueries::kMost);
}

void gather_outcomes(const uint8_t* row, const uint32_t* local, size_t size, uint8_t* outcomes) {
  for (size_t j = 0; j < size; ++j) outcomes[j] = row[local[j]];
}

}  // namespace

TileComparer::TileComparer(const ComparisonProgram::Choice& choice)
    : chosen_(choice),
      left_values_(chosen_.columns.size()),
      right_values_(chosen_.columns.size()),
      tables_(chosen_.comparators.size()),
      workspaces_(chosen_.comparators.size()),
      outcomes_(chosen_.comparators.size()) {}

Status TileComparer::load(const PairTile& tile) {
  tile_ = tile;
  const size_t width = chosen_.columns.size();
  const auto assign = [&](std::span<const uint32_t> rows, std::vector<LocalValues>* values) {
    codes_.resize(rows.size() * width);
    for (size_t j = 0; j < rows.size(); ++j) {
      for (size_t c = 0; c < width; ++c) codes_[c * rows.size() + j] = chosen_.code(rows[j], c);
    }
    for (size_t c = 0; c < width; ++c) {
      (*values)[c].assign({codes_.data() + c * rows.size(), rows.size()}, tile.diagonal);
    }
  };
  assign(tile.left_rows, &left_values_);
  if (!tile.diagonal) assign(tile.right_rows, &right_values_);
  for (const uint32_t row : tile.next_rows) __builtin_prefetch(chosen_.program.row_codes(row));

  for (size_t k = 0; k < tables_.size(); ++k) {
    const ChosenComparisons::Comparator& comparator = chosen_.comparators[k];
    const LocalValues& rights = right_values()[comparator.right];
    const size_t lefts = left_values_[comparator.left].values().size();
    OutcomeTable& table = tables_[k];
    ARROW_RETURN_NOT_OK(table.rights.assign(comparator.values->parts, rights));
    table.keeps_rows = lefts * rights.values().size() <= kLargestTable;
    table.row_known.assign(lefts, 0);
    const size_t kept = table.keeps_rows ? lefts : rows_at_once(rights.values().size());
    table.outcomes.resize(std::max(table.outcomes.size(), kept * rights.values().size()));
    outcomes_[k].resize(tile.right_rows.size());
  }
  levels_.resize(tile.right_rows.size());
  return Status::OK();
}

Status TileComparer::outcome_row(size_t k, size_t i, const uint8_t** row) {
  OutcomeTable& table = tables_[k];
  const uint32_t left = left_values_[chosen_.comparators[k].left].local()[i];
  if (table.row_known[left] == 0) ARROW_RETURN_NOT_OK(fill_rows(k, left));
  const uint32_t place = table.keeps_rows ? left : left - table.first_at_hand;
  *row = table.outcomes.data() + place * table.rights.codes.size();
  return Status::OK();
}

// Rows of left values from `first` on, which are wanted next unless all pairs of a row have been made before.
Status TileComparer::fill_rows(size_t k, uint32_t first) {
  OutcomeTable& table = tables_[k];
  const ChosenComparisons::Comparator& comparator = chosen_.comparators[k];
  const LocalValues& values = left_values_[comparator.left];
  if (!table.keeps_rows) std::fill(table.row_known.begin(), table.row_known.end(), uint8_t{0});
  const size_t most = std::min(values.values().size() - first, rows_at_once(table.rights.codes.size()));
  size_t count = 0;
  while (count < most && table.row_known[first + count] == 0) table.row_known[first + count++] = 1;
  table.first_at_hand = first;
  uint8_t* outcomes = table.outcomes.data() + (table.keeps_rows ? first * table.rights.codes.size() : 0);
  LocalValues::Lefts lefts{std::span(values.values()).subspan(first, count), {}};
  if (tile_.diagonal && comparator.left == comparator.right) {
    lefts.first_right = first;
    lefts.firsts = std::span<const uint32_t>(values.behind()).subspan(first, count);
  }
  return comparator.values->compare_rows(lefts, table.rights, &workspaces_[k], outcomes);
}

Status TileComparer::level_row(const ChosenComparisons::Comparison& comparison, size_t i, size_t first_right,
                               const uint8_t** levels) {
  const size_t size = tile_.right_rows.size();
  const bool single = comparison.plan->single;
  for (size_t k = comparison.first; k < comparison.end; ++k) {
    const uint8_t* row = nullptr;
    ARROW_RETURN_NOT_OK(outcome_row(k, i, &row));
    const LocalValues& values = right_values()[chosen_.comparators[k].right];
    if (single && values.by_place()) {
      *levels = row;
      return Status::OK();
    }
    gather_outcomes(row, values.local().data() + first_right, size - first_right, outcomes_[k].data() + first_right);
  }
  if (!single) decider_.decide(chosen_, comparison, outcomes_, first_right, size, levels_.data());
  *levels = single ? outcomes_[comparison.first].data() : levels_.data();
  return Status::OK();
}

Status TileComparer::compare_row(size_t i, size_t first_right, AgreementPattern* patterns) {
  const size_t size = tile_.right_rows.size();
  std::fill(patterns + first_right, patterns + size, AgreementPattern{0});
  for (const ChosenComparisons::Comparison& comparison : chosen_.comparisons) {
    const uint8_t* levels = nullptr;
    ARROW_RETURN_NOT_OK(level_row(comparison, i, first_right, &levels));
    add_levels(levels + first_right, comparison.stride, size - first_right, patterns + first_right);
  }
  return Status::OK();
}

}  // namespace linkwright
