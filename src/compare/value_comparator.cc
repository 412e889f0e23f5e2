#include "compare/value_comparator.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/simd_clones.h"

namespace linkwright {
namespace {

constexpr size_t kBatch = LevelRules::kBatch;
static_assert(kBatch == kBlockSize, "a batch is a block of SQL");

// NaN stands for null: a distance of null is null, and so is what it is compared with.
constexpr double kNullDistance = std::numeric_limits<double>::quiet_NaN();

// `value < threshold` and `value <= threshold`; NaN is null. The other two relations are these with the truths
// exchanged.
LW_SIMD_CLONES void relate_less(const double* __restrict values, size_t size, double threshold, Truth if_less,
                                Truth if_not, Truth* __restrict truths) {
  for (size_t k = 0; k < size; ++k) {
    const Truth truth = values[k] < threshold ? if_less : if_not;
    truths[k] = values[k] == values[k] ? truth : kNullTruth;
  }
}

LW_SIMD_CLONES void relate_less_equal(const double* __restrict values, size_t size, double threshold,
                                      Truth if_less_equal, Truth if_not, Truth* __restrict truths) {
  for (size_t k = 0; k < size; ++k) {
    const Truth truth = values[k] <= threshold ? if_less_equal : if_not;
    truths[k] = values[k] == values[k] ? truth : kNullTruth;
  }
}

void relate(const double* values, size_t size, Relation relation, double threshold, Truth* truths) {
  switch (relation) {
    case Relation::kLess:
      return relate_less(values, size, threshold, kTrue, kFalse, truths);
    case Relation::kLessEqual:
      return relate_less_equal(values, size, threshold, kTrue, kFalse, truths);
    case Relation::kGreater:
      return relate_less_equal(values, size, threshold, kFalse, kTrue, truths);
    case Relation::kGreaterEqual:
      return relate_less(values, size, threshold, kFalse, kTrue, truths);
  }
}

}  // namespace

// Up to kBatch pairs of codes; a row has one left code for all, and its distances and the right values are there
// already.
struct ValueComparator::Batch {
  const uint32_t* lefts;
  const uint32_t* rights;
  size_t size;
  bool one_left;
  const std::vector<RowDistances>* row_distances;
  const RightValues* row_values;
  size_t row_offset;
};

namespace {

// Loops over a batch take their arrays as plain pointers: bytes may alias anything, so what is reached through a vector
// would be loaded again for every element.
void look_up(const CodeTruths& table, const uint32_t* __restrict codes, size_t size, Truth* __restrict truths) {
  for (size_t k = 0; k < size; ++k) truths[k] = table[codes[k]];
}

LW_SIMD_CLONES void compare_codes(const uint32_t* __restrict lefts, const uint32_t* __restrict rights, size_t size,
                                  Truth* __restrict truths) {
  for (size_t k = 0; k < size; ++k) {
    const Truth known = lefts[k] == rights[k] ? kTrue : kFalse;
    truths[k] = lefts[k] == 0 || rights[k] == 0 ? kNullTruth : known;
  }
}

LW_SIMD_CLONES void absolute_differences(const double* __restrict lefts, const double* __restrict rights, size_t size,
                                         double* __restrict differences) {
  for (size_t k = 0; k < size; ++k) differences[k] = std::abs(lefts[k] - rights[k]);
}

void gather(const double* __restrict table, const uint32_t* __restrict codes, size_t size, double* __restrict values) {
  for (size_t k = 0; k < size; ++k) values[k] = table[codes[k]];
}

void map_codes(const ComparedOperand& operand, const uint32_t* __restrict codes, size_t size,
               uint32_t* __restrict mapped) {
  if (operand.code_of.empty()) {
    std::copy_n(codes, size, mapped);
    return;
  }
  const uint32_t* __restrict table = operand.code_of.data();
  for (size_t k = 0; k < size; ++k) mapped[k] = table[codes[k]];
}

}  // namespace

Status ValueComparator::evaluate_sql(const Batch& batch, Workspace* workspace) const {
  std::optional<PairConditions::Reader>& sql = workspace->sql;
  if (!sql) {
    ARROW_ASSIGN_OR_RAISE(sql, PairConditions::Reader::make(*parts.sql));
  }
  const std::span<const uint32_t> rights(batch.rights, batch.size);
  const Status evaluated = batch.row_values != nullptr
                               ? sql->evaluate_row(batch.lefts[0], rights, *batch.row_values->sql, batch.row_offset)
                               : sql->evaluate({batch.lefts, batch.size}, rights);
  return evaluated.ok() ? evaluated : evaluated.WithMessage("comparison '", comparison, "': ", evaluated.message());
}

void ValueComparator::evaluate_atom(size_t a, const Batch& batch, Workspace* workspace, Truth* truths) const {
  const Atom& atom = parts.atoms[a];
  const auto codes = [&](size_t operand) { return workspace->codes.data() + operand * kBatch; };
  switch (atom.kind) {
    case Atom::Kind::kLeftTruth:
      if (batch.one_left) {
        std::fill_n(truths, batch.size, atom.truths[batch.lefts[0]]);
      } else {
        look_up(atom.truths, batch.lefts, batch.size, truths);
      }
      return;
    case Atom::Kind::kRightTruth:
      look_up(atom.truths, batch.rights, batch.size, truths);
      return;
    case Atom::Kind::kEqual:
      compare_codes(codes(atom.left), codes(atom.right), batch.size, truths);
      return;
    case Atom::Kind::kDistance:
      relate(workspace->distances[atom.distance].data(), batch.size, atom.relation, atom.threshold, truths);
      return;
    case Atom::Kind::kDifference: {
      double lefts[kBatch];
      double rights[kBatch];
      gather(parts.operands[atom.left].numbers.data(), codes(atom.left), batch.size, lefts);
      gather(parts.operands[atom.right].numbers.data(), codes(atom.right), batch.size, rights);
      absolute_differences(lefts, rights, batch.size, lefts);
      relate(lefts, batch.size, atom.relation, atom.threshold, truths);
      return;
    }
    case Atom::Kind::kEvaluated:
      std::copy_n(workspace->sql->truths(atom.condition), batch.size, truths);
      return;
  }
}

void ValueComparator::fill_distances(size_t slot, const Batch& batch, Workspace* workspace) const {
  const DistanceSlot& distance = parts.distances[slot];
  const uint32_t* lefts = workspace->codes.data() + distance.left * kBatch;
  const uint32_t* rights = workspace->codes.data() + distance.right * kBatch;
  double* values = workspace->distances[slot].data();
  if (batch.row_distances != nullptr && !(*batch.row_distances)[slot].values.empty()) {
    const double* row = (*batch.row_distances)[slot].values.data() + batch.row_offset;
    for (size_t k = 0; k < batch.size; ++k) values[k] = rights[k] == 0 ? kNullDistance : row[k];
    return;
  }
  const TextTable& left_texts = parts.operands[distance.left].texts;
  const TextTable& right_texts = parts.operands[distance.right].texts;
  for (size_t k = 0; k < batch.size; ++k) {
    const bool is_null = lefts[k] == 0 || rights[k] == 0;
    values[k] = is_null ? kNullDistance : parts.distance(distance, left_texts[lefts[k]], right_texts[rights[k]]);
  }
}

Status ValueComparator::compare_batch(const Batch& batch, Workspace* workspace, uint8_t* outcomes) const {
  workspace->codes.resize(parts.operands.size() * kBatch);
  for (size_t o = 0; o < parts.operands.size(); o += 2) {  // operands come in pairs, left and right
    uint32_t* lefts = workspace->codes.data() + o * kBatch;
    if (batch.one_left) {
      std::fill_n(lefts, batch.size, parts.operands[o].code(batch.lefts[0]));
    } else {
      map_codes(parts.operands[o], batch.lefts, batch.size, lefts);
    }
    map_codes(parts.operands[o + 1], batch.rights, batch.size, lefts + kBatch);
  }
  workspace->distances.resize(parts.distances.size());
  for (size_t s = 0; s < parts.distances.size(); ++s) {
    workspace->distances[s].resize(kBatch);
    fill_distances(s, batch, workspace);
  }
  if (parts.sql != nullptr) ARROW_RETURN_NOT_OK(evaluate_sql(batch, workspace));
  workspace->truths.resize(parts.atoms.size());
  workspace->truth_pointers.resize(parts.atoms.size());
  for (size_t a = 0; a < parts.atoms.size(); ++a) {
    workspace->truths[a].resize(kBatch);
    evaluate_atom(a, batch, workspace, workspace->truths[a].data());
    workspace->truth_pointers[a] = workspace->truths[a].data();
  }
  if (gives_level) {
    levels.decide(workspace->truth_pointers.data(), batch.size, &workspace->levels, outcomes);
    return Status::OK();
  }
  std::fill_n(outcomes, batch.size, uint8_t{0});
  for (size_t a = 0; a < parts.atoms.size(); ++a) {
    const Truth* truths = workspace->truth_pointers[a];
    for (size_t k = 0; k < batch.size; ++k) outcomes[k] |= static_cast<uint8_t>(truths[k] << (2 * a));
  }
  return Status::OK();
}

Status ValueComparator::compare_pairs(const uint32_t* lefts, const uint32_t* rights, size_t size, Workspace* workspace,
                                      uint8_t* outcomes) const {
  for (size_t begin = 0; begin < size; begin += kBatch) {
    const size_t count = std::min(kBatch, size - begin);
    ARROW_RETURN_NOT_OK(
        compare_batch({lefts + begin, rights + begin, count, false, nullptr, nullptr, 0}, workspace, outcomes + begin));
  }
  return Status::OK();
}

void ValueComparator::fill_row_distances(uint32_t left_code, const RightValues& rights, Workspace* workspace) const {
  workspace->row_distances.resize(parts.distances.size());
  for (size_t s = 0; s < parts.distances.size(); ++s) {
    std::vector<double>& values = workspace->row_distances[s].values;
    values.clear();
    const DistanceSlot& slot = parts.distances[s];
    const ComparedOperand& operand = parts.operands[slot.left];
    const uint32_t code = operand.code(left_code);
    if (code != 0 && slot.function == TextDistance::kJaccard) fill_row_jaccards(s, code, rights, workspace);
    if (code == 0 || !slot.has_kernel()) continue;
    workspace->near.resize(rights.codes.size());
    const std::string_view text = operand.texts[code];
    const size_t found = rights.near_texts(parts, s, {{&text, 1}}, &workspace->texts, workspace->near);
    values.assign(rights.codes.size(), slot.is_edit_distance() ? slot.cutoff + 1 : 0.0);
    for (size_t n = 0; n < found; ++n) values[workspace->near[n].index] = workspace->near[n].distance;
  }
}

void ValueComparator::fill_row_jaccards(size_t slot, uint32_t code, const RightValues& rights,
                                        Workspace* workspace) const {
  const DistanceSlot& distance = parts.distances[slot];
  const ByteSet of_left(parts.operands[distance.left].texts[code]);
  std::vector<double>& values = workspace->row_distances[slot].values;
  values.resize(rights.codes.size());
  for (size_t k = 0; k < values.size(); ++k) values[k] = jaccard(of_left, rights.byte_sets[slot][k]);
}

Status ValueComparator::compare_row(uint32_t left_code, const RightValues& rights, Workspace* workspace,
                                    uint8_t* outcomes) const {
  fill_row_distances(left_code, rights, workspace);
  for (size_t begin = 0; begin < rights.codes.size(); begin += kBatch) {
    const size_t count = std::min(kBatch, rights.codes.size() - begin);
    ARROW_RETURN_NOT_OK(
        compare_batch({&left_code, rights.codes.data() + begin, count, true, &workspace->row_distances, &rights, begin},
                      workspace, outcomes + begin));
  }
  return Status::OK();
}

Status ValueComparator::compare_rows(const LocalValues::Lefts& lefts, const RightValues& rights, Workspace* workspace,
                                     uint8_t* outcomes) const {
  if (ladder) {
    ladder->rows(parts, lefts, rights, &workspace->ladder, outcomes);
    return Status::OK();
  }
  for (size_t l = 0; l < lefts.codes.size(); ++l) {
    ARROW_RETURN_NOT_OK(compare_row(lefts.codes[l], rights, workspace, outcomes + l * rights.codes.size()));
  }
  return Status::OK();
}

}  // namespace linkwright
