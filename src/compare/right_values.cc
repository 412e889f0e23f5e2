#include "compare/right_values.h"

namespace linkwright {

Status RightValues::assign(const ConditionParts& parts, const LocalValues& values) {
  values_ = &values;
  codes = values.values();
  few_.resize(parts.distances.size());
  packed_.resize(parts.distances.size());
  null_places.resize(parts.distances.size());
  byte_sets.resize(parts.distances.size());
  for (size_t s = 0; s < parts.distances.size(); ++s) {
    const DistanceSlot& slot = parts.distances[s];
    const ComparedOperand& operand = parts.operands[slot.right];
    if (slot.function == TextDistance::kJaccard) {
      byte_sets[s].clear();
      for (const uint32_t base_code : codes) {
        const uint32_t code = operand.code(base_code);
        byte_sets[s].push_back(code == 0 ? ByteSet() : ByteSet(operand.texts[code]));
      }
    }
    if (!slot.has_kernel()) continue;
    texts_.clear();
    null_places[s].clear();
    for (const uint32_t base_code : codes) operand.texts.prefetch_place(operand.code(base_code));
    for (size_t k = 0; k < codes.size(); ++k) {
      const uint32_t code = operand.code(codes[k]);
      if (code == 0) null_places[s].push_back(static_cast<uint32_t>(k));
      texts_.push_back(code == 0 ? std::string_view() : operand.texts[code]);
      operand.texts.prefetch_text(code);
    }
    if (!few_[s].assign(texts_, slot)) packed_[s].assign(texts_);
  }
  equal_codes.resize(parts.atoms.size());
  true_places.resize(parts.atoms.size());
  numbers.resize(parts.atoms.size());
  for (size_t a = 0; a < parts.atoms.size(); ++a) {
    const Atom& atom = parts.atoms[a];
    if (atom.kind == Atom::Kind::kRightTruth) {
      true_places[a].clear();
      for (uint32_t k = 0; k < codes.size(); ++k) {
        if (atom.truths[codes[k]] == kTrue) true_places[a].push_back(k);
      }
    } else if (atom.kind == Atom::Kind::kEqual && !parts.operands[atom.right].code_of.empty()) {
      const std::vector<uint32_t>& code_of = parts.operands[atom.right].code_of;
      equal_codes[a].resize(codes.size());
      for (size_t k = 0; k < codes.size(); ++k) equal_codes[a][k] = code_of[codes[k]];
    } else if (atom.kind == Atom::Kind::kDifference) {
      const ComparedOperand& operand = parts.operands[atom.right];
      numbers[a].resize(codes.size());
      for (size_t k = 0; k < codes.size(); ++k) numbers[a][k] = operand.numbers[operand.code(codes[k])];
    }
  }
  if (parts.sql != nullptr) {
    if (!sql) {
      ARROW_ASSIGN_OR_RAISE(sql, PairInputs::Columns::make(parts.sql->right_inputs()));
    }
    sql->load(codes);
  }
  return Status::OK();
}

}  // namespace linkwright
