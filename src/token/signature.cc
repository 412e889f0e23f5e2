#include "token/signature.h"

namespace linkwright {

SignatureBuilder::SignatureBuilder(const ProfileTraits& traits, DateContext dates, const SignaturePlan& plan)
    : traits_(traits), plan_(plan), evaluator_(traits, std::move(dates)), parts_(plan.parts.size()) {}

SignatureBuilder::State SignatureBuilder::attribute_state(const RawRecord& record, Attribute attribute) {
  const size_t index = index_of(attribute);
  State& state = attribute_states_[index];
  if (state != State::kUnknown) return state;
  const RawValue& raw = record[index];
  state = State::kUnusable;
  if (raw.state == RawValue::State::kAbsent) return state;
  const AttributeValue value =
      raw.state == RawValue::State::kNull ? AttributeValue::failed() : evaluator_.evaluate(attribute, raw.text);
  if (!value.valid) {
    invalid_ |= uint32_t{1} << index;
    return state;
  }
  // A value may be valid and still have no normal form (a Date of the right shape that does not exist): the references
  // fail there, and the token stays blank.
  if (!value.has_normalized) return state;
  normalized_[index] = value.normalized;
  state = State::kUsable;
  return state;
}

const SignatureBuilder::PartValue& SignatureBuilder::part_value(const RawRecord& record, size_t part) {
  PartValue& value = parts_[part];
  if (value.state != State::kUnknown) return value;
  const SignaturePlan::Part& planned = plan_.parts[part];
  value.state = attribute_state(record, planned.attribute);
  if (value.state != State::kUsable) return value;
  const auto applied = planned.expression.apply(normalized_[index_of(planned.attribute)], &value.scratch);
  value.state = applied ? State::kUsable : State::kUnusable;
  if (!applied) return value;
  value.text = *applied;
  value.blank = is_blank_text(traits_.dialect, value.text);
  return value;
}

void SignatureBuilder::build(const RawRecord& record, RecordSignatures* out) {
  attribute_states_.fill(State::kUnknown);
  for (PartValue& part : parts_) part.state = State::kUnknown;
  invalid_ = 0;
  out->text_.clear();
  out->spans_.resize(plan_.rules.size());
  out->has_.resize(plan_.rules.size());
  for (size_t rule = 0; rule < plan_.rules.size(); ++rule) {
    const size_t start = out->text_.size();
    bool complete = true;
    bool first = true;
    for (size_t part : plan_.rules[rule].parts) {
      const PartValue& value = part_value(record, part);
      complete = value.state == State::kUsable;
      if (!complete) break;
      if (value.blank) continue;
      if (!first) out->text_.push_back('|');
      first = false;
      out->text_.append(value.text);
    }
    if (!complete) out->text_.resize(start);
    out->has_[rule] = complete && !first;
    out->spans_[rule] = {start, out->text_.size() - start};
  }
  out->invalid_ = invalid_;
}

}  // namespace linkwright
