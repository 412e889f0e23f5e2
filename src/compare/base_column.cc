#include "compare/base_column.h"

#include <arrow/array.h>

#include <utility>

#include "column/value_dictionary.h"

namespace linkwright {

Result<const BaseColumn*> BaseColumns::get(const std::vector<std::string>& names) {
  auto& slot = made_[names];
  if (slot != nullptr) return slot.get();
  auto base = std::make_unique<BaseColumn>();
  for (const std::string& name : names) {
    ARROW_ASSIGN_OR_RAISE(base->members.emplace_back(), records_.column(name));
  }
  if (names.size() == 1) {
    base->num_codes = base->members[0]->num_codes();
  } else {
    ByteStringDictionary combinations;
    std::vector<uint32_t> members(names.size());
    const size_t bytes = members.size() * sizeof(uint32_t);
    base->row_codes.resize(records_.num_rows());
    for (size_t row = 0; row < records_.num_rows(); ++row) {
      for (size_t i = 0; i < members.size(); ++i) members[i] = base->members[i]->codes[row];
      const uint32_t known = combinations.size();
      base->row_codes[row] = combinations.code({reinterpret_cast<const char*>(members.data()), bytes}) - 1;
      if (combinations.size() > known) {
        base->member_codes.insert(base->member_codes.end(), members.begin(), members.end());
      }
    }
    base->num_codes = combinations.size();
  }
  slot = std::move(base);
  return slot.get();
}

Result<BaseColumnValues> BaseColumnValues::make(const BaseColumn& column) {
  BaseColumnValues values;
  values.column_ = &column;
  for (const EncodedColumn* member : column.members) {
    ARROW_ASSIGN_OR_RAISE(auto dictionary, ArrayValues::make(member->values));
    values.dictionaries_.push_back(std::move(dictionary));
  }
  return values;
}

void BaseColumnValues::at(uint32_t code, Value* values) {
  for (size_t i = 0; i < dictionaries_.size(); ++i) {
    const uint32_t member = dictionaries_.size() == 1 ? code : column_->member_codes[code * dictionaries_.size() + i];
    values[i] = member == 0 ? Value::null() : dictionaries_[i].at(member - 1);
  }
}

Result<DerivedCodes> derive_codes(const BaseColumn& column, const Evaluator& evaluator) {
  if (column.members.size() == 1) return derive_codes(*column.members[0], evaluator);
  ARROW_ASSIGN_OR_RAISE(BaseColumnValues inputs, BaseColumnValues::make(column));
  return derive_codes(evaluator, column.num_codes, [&](uint32_t code, Value* values) { inputs.at(code, values); });
}

}  // namespace linkwright
