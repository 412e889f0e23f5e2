#include "compare/condition_parts.h"

#include <arrow/array.h>
#include <arrow/builder.h>

#include <algorithm>
#include <string>
#include <utility>

#include "text/damerau_levenshtein.h"
#include "text/jaccard.h"
#include "text/jaro.h"
#include "text/levenshtein.h"

namespace linkwright {

Result<TextTable> TextTable::make(std::shared_ptr<arrow::Array> values) {
  TextTable table;
  if (values->type_id() == arrow::Type::INT64) {
    const auto& integers = static_cast<const arrow::Int64Array&>(*values);
    arrow::StringBuilder digits;
    for (int64_t i = 0; i < integers.length(); ++i) {
      ARROW_RETURN_NOT_OK(digits.Append(std::to_string(integers.Value(i))));
    }
    ARROW_ASSIGN_OR_RAISE(values, digits.Finish());
  }
  if (values->type_id() == arrow::Type::STRING) {
    const auto& texts = static_cast<const arrow::StringArray&>(*values);
    table.offsets_ = texts.raw_value_offsets();
    table.bytes_ = reinterpret_cast<const char*>(texts.raw_data());
  } else if (values->type_id() == arrow::Type::LARGE_STRING) {
    const auto& texts = static_cast<const arrow::LargeStringArray&>(*values);
    table.large_offsets_ = texts.raw_value_offsets();
    table.bytes_ = reinterpret_cast<const char*>(texts.raw_data());
  } else {
    return Status::TypeError("a text distance needs text, not ", values->type()->ToString());
  }
  table.values_ = std::move(values);
  return table;
}

double TextTable::average_size() const {
  if (values_ == nullptr || values_->length() == 0) return 0;
  const auto length = static_cast<size_t>(values_->length());
  const int64_t bytes =
      large_offsets_ != nullptr ? large_offsets_[length] - large_offsets_[0] : offsets_[length] - offsets_[0];
  return static_cast<double>(bytes) / static_cast<double>(length);
}

bool TextTable::has_empty() const {
  const auto length = values_ == nullptr ? uint32_t{0} : static_cast<uint32_t>(values_->length());
  for (uint32_t code = 1; code <= length; ++code) {
    if ((*this)[code].empty()) return true;
  }
  return false;
}

CodeTruths::CodeTruths(std::vector<Truth> of_code) : of_null_(of_code[0]) {
  if (of_code.size() > 1) of_value_ = of_code[1];
  const bool alike = std::all_of(of_code.begin() + 1, of_code.end(), [&](Truth truth) { return truth == of_value_; });
  if (!alike) of_code_ = std::move(of_code);
}

size_t ConditionParts::near_texts(const DistanceSlot& slot, const TextQueries& lefts, const PackedStrings& packed,
                                  std::span<NearText> near) const {
  switch (slot.function) {
    case TextDistance::kLevenshtein:
      return levenshtein_many_to_many(lefts, packed, static_cast<uint8_t>(slot.cutoff), near);
    case TextDistance::kDamerauLevenshtein:
      return damerau_levenshtein_many_to_many(lefts, packed, static_cast<uint8_t>(slot.cutoff), near);
    case TextDistance::kJaro:
      return jaro_many_to_many(lefts, packed, *slot.jaro_cutoff, near);
    default:
      return jaro_winkler_many_to_many(lefts, packed, rounding, *slot.jaro_cutoff, near);
  }
}

size_t ConditionParts::near_pairs(const DistanceSlot& slot, std::span<const TextPair> pairs, PairLanes* lanes,
                                  std::span<NearText> near) const {
  switch (slot.function) {
    case TextDistance::kLevenshtein:
      return lanes->levenshtein(pairs, static_cast<uint8_t>(slot.cutoff), near);
    case TextDistance::kDamerauLevenshtein:
      return lanes->damerau_levenshtein(pairs, static_cast<uint8_t>(slot.cutoff), near);
    case TextDistance::kJaro:
      return lanes->jaro(pairs, *slot.jaro_cutoff, near);
    default:
      return lanes->jaro_winkler(pairs, rounding, *slot.jaro_cutoff, near);
  }
}

double ConditionParts::distance(const DistanceSlot& slot, std::string_view left, std::string_view right) const {
  switch (slot.function) {
    case TextDistance::kLevenshtein:
      return static_cast<double>(levenshtein_within(left, right, static_cast<size_t>(slot.cutoff)));
    case TextDistance::kDamerauLevenshtein:
      return static_cast<double>(damerau_levenshtein_within(left, right, static_cast<size_t>(slot.cutoff)));
    case TextDistance::kJaccard:
      return jaccard(left, right);
    case TextDistance::kJaro:
    case TextDistance::kJaroWinkler:
      break;
  }
  if (slot.jaro_cutoff != nullptr && !slot.jaro_cutoff->reachable(left.size(), right.size())) return 0.0;
  return slot.function == TextDistance::kJaro ? jaro(left, right) : jaro_winkler(left, right, rounding);
}

}  // namespace linkwright
