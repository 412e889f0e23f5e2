#include "compare/level_ladder.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <string_view>

#include "base/simd_clones.h"

namespace linkwright {
namespace {

constexpr size_t kMostDistances = 32;

// Texts are asked for so many pairs before they are read.
constexpr size_t kPairsAhead = 24;

// Each gives `level` to the places where its test holds and leaves the others.

LW_SIMD_CLONES void select_equal(const uint32_t* __restrict codes, uint32_t code, uint8_t level, size_t size,
                                 uint8_t* __restrict levels) {
  for (size_t k = 0; k < size; ++k) levels[k] = codes[k] == code ? level : levels[k];
}

// What null and equal codes make of pairs.
LW_SIMD_CLONES void select_by_codes(const uint32_t* __restrict lefts, const uint32_t* __restrict rights, size_t size,
                                    uint8_t of_null, uint8_t of_equal, uint8_t of_others, uint8_t* __restrict levels) {
  for (size_t p = 0; p < size; ++p) {
    const uint8_t of_values = lefts[p] == rights[p] ? of_equal : of_others;
    levels[p] = lefts[p] == 0 || rights[p] == 0 ? of_null : of_values;
  }
}

// Calls `use` with the relation to the threshold as a predicate, which NaN never fulfils.
template <typename Use>
inline auto with_relation(Relation relation, double threshold, const Use& use) {
  switch (relation) {
    case Relation::kLess:
      return use([=](double value) { return value < threshold; });
    case Relation::kLessEqual:
      return use([=](double value) { return value <= threshold; });
    case Relation::kGreater:
      return use([=](double value) { return value > threshold; });
    default:
      return use([=](double value) { return value >= threshold; });
  }
}

bool relates(double value, Relation relation, double threshold) {
  return with_relation(relation, threshold, [value](const auto& relates) { return relates(value); });
}

LW_SIMD_CLONES void select_near(const double* __restrict numbers, double left, Relation relation, double threshold,
                                uint8_t level, size_t size, uint8_t* __restrict levels) {
  with_relation(relation, threshold, [&](const auto& relates) {
    for (size_t k = 0; k < size; ++k) levels[k] = relates(std::abs(left - numbers[k])) ? level : levels[k];
  });
}

// Whether only texts within the slot's cutoff can pass.
bool wants_near(const DistanceSlot& slot, const Atom& atom) {
  const bool wants_high = atom.relation == Relation::kGreater || atom.relation == Relation::kGreaterEqual;
  return wants_high == slot.is_jaro() && !(slot.is_jaro() && relates(0, atom.relation, atom.threshold));
}

}  // namespace

std::optional<LevelLadder> LevelLadder::make(const std::vector<Formula>& levels, const ConditionParts& parts) {
  if (parts.distances.size() > kMostDistances || levels.size() >= UINT8_MAX) return std::nullopt;
  LevelLadder ladder;
  for (const Formula& level : levels) {
    if (!ladder.add(level, ladder.num_levels_, parts)) return std::nullopt;
    ++ladder.num_levels_;
  }
  ladder.plain_start_ = ladder.plain_start(parts);
  return ladder;
}

// IS NULL of either side, then equal values of one column, then an ELSE or what codes do not tell.
std::optional<LevelLadder::PlainStart> LevelLadder::plain_start(const ConditionParts& parts) const {
  const auto is_null = [&](size_t t, Test::Kind kind) {
    return tests_[t].kind == kind && parts.atoms[tests_[t].atom].truths.is_null_test();
  };
  if (tests_.size() < 3 || !is_null(0, Test::Kind::kLeftTruth) || !is_null(1, Test::Kind::kRightTruth) ||
      tests_[0].level != tests_[1].level || tests_[2].kind != Test::Kind::kEqualValues) {
    return std::nullopt;
  }
  PlainStart start{tests_[0].level, tests_[2].level, num_levels_};
  if (tests_.size() > 3) {
    if (tests_[3].needs_codes_only() && tests_[3].kind != Test::Kind::kAlways) return std::nullopt;
    start.of_others = tests_[3].kind == Test::Kind::kAlways ? tests_[3].level : kUnsettled;
  }
  return start;
}

bool LevelLadder::add(const Formula& formula, uint8_t level, const ConditionParts& parts) {
  switch (formula.op) {
    case Formula::Op::kAlways:
      tests_.push_back({Test::Kind::kAlways, level, {}, 0, 0, 0});
      return true;
    case Formula::Op::kOr:
      return std::all_of(formula.operands.begin(), formula.operands.end(),
                         [&](const Formula& operand) { return add(operand, level, parts); });
    case Formula::Op::kAtom:
      break;
    default:
      return false;
  }
  const Atom& atom = parts.atoms[formula.atom];
  Test test{Test::Kind::kAlways,
            level,
            atom.relation,
            static_cast<uint32_t>(formula.atom),
            static_cast<uint32_t>(atom.distance),
            atom.threshold};
  switch (atom.kind) {
    case Atom::Kind::kLeftTruth:
      test.kind = Test::Kind::kLeftTruth;
      break;
    case Atom::Kind::kRightTruth:
      test.kind = Test::Kind::kRightTruth;
      break;
    case Atom::Kind::kEqual: {
      const bool plain = parts.operands[atom.left].code_of.empty() && parts.operands[atom.right].code_of.empty();
      test.kind = plain ? Test::Kind::kEqualValues : Test::Kind::kEqual;
      break;
    }
    case Atom::Kind::kDifference:
      test.kind = Test::Kind::kDifference;
      break;
    case Atom::Kind::kDistance:
      if (!parts.distances[atom.distance].has_kernel() || !wants_near(parts.distances[atom.distance], atom)) {
        return false;
      }
      test.kind = Test::Kind::kDistance;
      break;
    case Atom::Kind::kEvaluated:
      return false;
  }
  tests_.push_back(test);
  return true;
}

struct LevelLadder::Rows {
  const ConditionParts& parts;
  const LocalValues::Lefts& lefts;
  const RightValues& rights;
  Workspace* workspace;
  uint8_t* outcomes;

  size_t size() const { return rights.codes.size(); }
  uint8_t* row(size_t l) const { return outcomes + l * size(); }
  const NearCells& near_cells(size_t slot) const;
  void select_equal_values(uint8_t level) const;
};

const LevelLadder::NearCells& LevelLadder::Rows::near_cells(size_t s) const {
  NearCells& cells = workspace->cells[s];
  if (cells.known) return cells;
  cells.known = true;
  const DistanceSlot& slot = parts.distances[s];
  const ComparedOperand& operand = parts.operands[slot.left];
  std::vector<uint32_t>& with_text = workspace->rows_with_text;
  std::vector<std::string_view>& texts = workspace->left_texts;
  std::vector<uint32_t>& firsts = workspace->first_rights;
  with_text.clear();
  texts.clear();
  firsts.clear();
  for (uint32_t l = 0; l < lefts.codes.size(); ++l) {
    const uint32_t code = operand.code(lefts.codes[l]);
    if (code == 0) continue;
    with_text.push_back(l);
    texts.push_back(operand.texts[code]);
    firsts.push_back(static_cast<uint32_t>(lefts.first(l)));
  }
  cells.near.resize(std::max(cells.near.size(), texts.size() * size()));
  cells.size = rights.near_texts(parts, s, {texts, firsts}, &workspace->texts, cells.near);
  const std::span<NearText> near = std::span(cells.near).first(cells.size);
  // Nulls are packed as empty texts, and near to none. No Jaro similarity is near to an empty text.
  const std::vector<uint32_t>& nulls = rights.null_places[s];
  if (!nulls.empty() && slot.is_edit_distance()) {
    const auto is_null = [&](const NearText& text) {
      return std::binary_search(nulls.begin(), nulls.end(), text.index % size());
    };
    cells.size = static_cast<size_t>(std::remove_if(near.begin(), near.end(), is_null) - near.begin());
  }
  if (with_text.size() == lefts.codes.size()) return cells;
  for (NearText& text : near.first(cells.size)) {
    const size_t among_texts = text.index / size();
    text.index += static_cast<uint32_t>((with_text[among_texts] - among_texts) * size());
  }
  return cells;
}

void LevelLadder::Rows::select_equal_values(uint8_t level) const {
  const LocalValues& values = rights.values();
  if (!lefts.firsts.empty() && !values.repeats()) return;  // values meet those behind them
  for (size_t l = 0; l < lefts.codes.size(); ++l) {
    const uint32_t code = lefts.codes[l];
    if (code == 0) continue;
    uint32_t place = lefts.first_right ? static_cast<uint32_t>(*lefts.first_right + l) : values.find(code);
    for (; place != LocalValues::kNone; place = values.next_equal(place)) row(l)[place] = level;
  }
}

void LevelLadder::select(const Test& test, const Rows& rows) {
  const size_t size = rows.size();
  switch (test.kind) {
    case Test::Kind::kAlways:
      std::memset(rows.outcomes, test.level, rows.lefts.codes.size() * size);
      return;
    case Test::Kind::kLeftTruth: {
      const CodeTruths& truths = rows.parts.atoms[test.atom].truths;
      for (size_t l = 0; l < rows.lefts.codes.size(); ++l) {
        if (truths[rows.lefts.codes[l]] == kTrue) std::memset(rows.row(l), test.level, size);
      }
      return;
    }
    case Test::Kind::kRightTruth:
      for (const uint32_t place : rows.rights.true_places[test.atom]) {
        for (size_t l = 0; l < rows.lefts.codes.size(); ++l) rows.row(l)[place] = test.level;
      }
      return;
    case Test::Kind::kEqualValues:
      return rows.select_equal_values(test.level);
    case Test::Kind::kEqual: {
      const ComparedOperand& operand = rows.parts.operands[rows.parts.atoms[test.atom].left];
      const std::vector<uint32_t>& derived = rows.rights.equal_codes[test.atom];
      const uint32_t* codes = derived.empty() ? rows.rights.codes.data() : derived.data();
      for (size_t l = 0; l < rows.lefts.codes.size(); ++l) {
        const uint32_t code = operand.code(rows.lefts.codes[l]);
        if (code != 0) select_equal(codes, code, test.level, size, rows.row(l));
      }
      return;
    }
    case Test::Kind::kDifference: {
      // Numbers lie anywhere in a large table: all are read before the first is used, so that the waits overlap.
      const ComparedOperand& operand = rows.parts.operands[rows.parts.atoms[test.atom].left];
      std::vector<double>& left_numbers = rows.workspace->left_numbers;
      left_numbers.resize(rows.lefts.codes.size());
      for (size_t l = 0; l < left_numbers.size(); ++l) {
        left_numbers[l] = operand.numbers[operand.code(rows.lefts.codes[l])];
      }
      for (size_t l = 0; l < left_numbers.size(); ++l) {
        select_near(rows.rights.numbers[test.atom].data(), left_numbers[l], test.relation, test.threshold, test.level,
                    size, rows.row(l));
      }
      return;
    }
    case Test::Kind::kDistance: {
      const NearCells& cells = rows.near_cells(test.distance);
      return with_relation(test.relation, test.threshold, [&](const auto& relates) {
        for (const NearText& near : std::span(cells.near).first(cells.size)) {
          if (relates(near.distance)) rows.outcomes[near.index] = test.level;
        }
      });
    }
  }
}

void LevelLadder::rows(const ConditionParts& parts, const LocalValues::Lefts& lefts, const RightValues& rights,
                       Workspace* workspace, uint8_t* outcomes) const {
  workspace->cells.resize(parts.distances.size());
  for (NearCells& cells : workspace->cells) cells.known = false;
  const Rows rows{parts, lefts, rights, workspace, outcomes};
  std::memset(outcomes, num_levels_, lefts.codes.size() * rights.codes.size());
  // From the last level to the first, whose tests so have the last word.
  for (auto test = tests_.rbegin(); test != tests_.rend(); ++test) select(*test, rows);
}

bool LevelLadder::holds_for_codes(const ConditionParts& parts, const Test& test, uint32_t left_code,
                                  uint32_t right_code) const {
  switch (test.kind) {
    case Test::Kind::kAlways:
      return true;
    case Test::Kind::kLeftTruth:
      return parts.atoms[test.atom].truths[left_code] == kTrue;
    case Test::Kind::kRightTruth:
      return parts.atoms[test.atom].truths[right_code] == kTrue;
    case Test::Kind::kEqualValues:
      return left_code != 0 && left_code == right_code;
    default: {
      const Atom& atom = parts.atoms[test.atom];
      const uint32_t left = parts.operands[atom.left].code(left_code);
      return left != 0 && left == parts.operands[atom.right].code(right_code);
    }
  }
}

size_t LevelLadder::first_level_beyond_codes() const {
  for (const Test& test : tests_) {
    if (!test.needs_codes_only()) return test.level;
  }
  return num_levels_;
}

uint8_t LevelLadder::settle_by_codes(const ConditionParts& parts, uint32_t left_code, uint32_t right_code) const {
  for (const Test& test : tests_) {
    if (!test.needs_codes_only()) return kUnsettled;
    if (holds_for_codes(parts, test, left_code, right_code)) return test.level;
  }
  return num_levels_;
}

// The distances of the open pairs that are near, for one slot.
void LevelLadder::find_near_pairs(const ConditionParts& parts, size_t s, std::span<const uint32_t> lefts,
                                  std::span<const uint32_t> rights, Workspace* workspace) const {
  const DistanceSlot& slot = parts.distances[s];
  const ComparedOperand& left_operand = parts.operands[slot.left];
  const ComparedOperand& right_operand = parts.operands[slot.right];
  std::vector<double>& distances = workspace->distances[s];
  distances.resize(std::max(distances.size(), lefts.size()));
  workspace->texts.clear();
  const std::span<const uint32_t> open = workspace->open;
  for (size_t k = 0; k < open.size(); ++k) {
    if (k + 2 * kPairsAhead < open.size()) {
      const uint32_t later = open[k + 2 * kPairsAhead];
      left_operand.texts.prefetch_place(left_operand.code(lefts[later]));
      right_operand.texts.prefetch_place(right_operand.code(rights[later]));
    }
    if (k + kPairsAhead < open.size()) {
      const uint32_t next = open[k + kPairsAhead];
      left_operand.texts.prefetch_text(left_operand.code(lefts[next]));
      right_operand.texts.prefetch_text(right_operand.code(rights[next]));
    }
    const uint32_t p = open[k];
    distances[p] = std::numeric_limits<double>::quiet_NaN();
    const uint32_t left = left_operand.code(lefts[p]);
    const uint32_t right = right_operand.code(rights[p]);
    if (left == 0 || right == 0) continue;
    workspace->texts.add({left_operand.texts[left], right_operand.texts[right]}, p);
  }
  workspace->near_texts.resize(std::max(workspace->near_texts.size(), workspace->texts.pairs.size()));
  const size_t near = parts.near_pairs(slot, workspace->texts.pairs, &workspace->texts.lanes, workspace->near_texts);
  for (const NearText& text : std::span(workspace->near_texts).first(near)) {
    distances[workspace->texts.numbers[text.index]] = text.distance;
  }
}

void LevelLadder::settle_by_codes(const ConditionParts& parts, std::span<const uint32_t> lefts,
                                  std::span<const uint32_t> rights, uint8_t* levels) const {
  if (plain_start_) {
    const auto [of_null, of_equal, of_others] = *plain_start_;
    return select_by_codes(lefts.data(), rights.data(), lefts.size(), of_null, of_equal, of_others, levels);
  }
  for (size_t p = 0; p < lefts.size(); ++p) levels[p] = settle_by_codes(parts, lefts[p], rights[p]);
}

void LevelLadder::pairs(const ConditionParts& parts, std::span<const uint32_t> lefts, std::span<const uint32_t> rights,
                        Workspace* workspace, uint8_t* levels) const {
  // Which pairs a test settles cannot be foretold, so pairs are taken off the open ones without branches.
  std::vector<uint32_t>& open = workspace->open;
  open.resize(lefts.size());
  settle_by_codes(parts, lefts, rights, levels);
  size_t still_open = 0;
  for (uint32_t p = 0; p < lefts.size(); ++p) {
    open[still_open] = p;
    still_open += levels[p] == kUnsettled ? 1 : 0;
  }
  open.resize(still_open);
  workspace->distances.resize(parts.distances.size());
  uint32_t known = 0;  // bit s: the distances of slot s have been computed
  const auto settle_where = [&](uint8_t level, const auto& holds) {
    still_open = 0;
    for (const uint32_t p : open) {
      const bool settled = holds(p);
      levels[p] = settled ? level : levels[p];
      open[still_open] = p;
      still_open += settled ? 0 : 1;
    }
    open.resize(still_open);
  };
  const auto beyond_codes = [](const Test& test) { return !test.needs_codes_only(); };
  for (auto test = std::find_if(tests_.begin(), tests_.end(), beyond_codes); test != tests_.end() && !open.empty();
       ++test) {
    if (test->needs_codes_only()) {
      settle_where(test->level, [&](uint32_t p) { return holds_for_codes(parts, *test, lefts[p], rights[p]); });
    } else if (test->kind == Test::Kind::kDistance) {
      const size_t s = test->distance;
      if ((known >> s & 1) == 0) find_near_pairs(parts, s, lefts, rights, workspace);
      known |= 1U << s;
      with_relation(test->relation, test->threshold, [&](const auto& relates) {
        settle_where(test->level, [&](uint32_t p) { return relates(workspace->distances[s][p]); });
      });
    } else {
      const Atom& atom = parts.atoms[test->atom];
      const ComparedOperand& left = parts.operands[atom.left];
      const ComparedOperand& right = parts.operands[atom.right];
      with_relation(test->relation, test->threshold, [&](const auto& relates) {
        settle_where(test->level, [&](uint32_t p) {
          return relates(std::abs(left.numbers[left.code(lefts[p])] - right.numbers[right.code(rights[p])]));
        });
      });
    }
  }
  for (const uint32_t p : open) levels[p] = num_levels_;
}

}  // namespace linkwright
