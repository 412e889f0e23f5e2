#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "token/attribute.h"
#include "token/token_rule.h"

namespace linkwright {

/// One raw cell. Absent (no such column, or a row that ends early in Java) and null are different: only a null is an
/// invalid value.
struct RawValue {
  enum class State : uint8_t { kAbsent, kNull, kPresent };
  std::string_view text;
  State state = State::kAbsent;

  static RawValue of(std::string_view text) { return {text, State::kPresent}; }
  static RawValue null() { return {{}, State::kNull}; }
};

using RawRecord = std::array<RawValue, kAttributeCount>;

/// The signatures of one record, rule by rule, and which attributes were invalid.
class RecordSignatures {
 public:
  /// Nothing to sign gives "": both make a blank token.
  std::string_view signature(size_t rule) const {
    return std::string_view(text_).substr(spans_[rule].first, spans_[rule].second);
  }
  bool has_signature(size_t rule) const { return has_[rule]; }
  uint32_t invalid_attributes() const { return invalid_; }  // bit index_of(attribute)

 private:
  friend class SignatureBuilder;
  std::string text_;
  std::vector<std::pair<size_t, size_t>> spans_;
  std::vector<bool> has_;
  uint32_t invalid_ = 0;
};

/// Builds signatures record by record. Every attribute is folded and checked at most once a record, and every
/// expression applied at most once, however many rules share them. One a thread; `plan` must outlive it.
class SignatureBuilder {
 public:
  SignatureBuilder(const ProfileTraits& traits, DateContext dates, const SignaturePlan& plan);

  void build(const RawRecord& record, RecordSignatures* out);

 private:
  enum class State : uint8_t { kUnknown, kUsable, kUnusable };
  struct PartValue {
    State state = State::kUnknown;
    bool blank = false;
    std::string_view text;
    TokenExpression::Scratch scratch;
  };

  State attribute_state(const RawRecord& record, Attribute attribute);
  const PartValue& part_value(const RawRecord& record, size_t part);

  const ProfileTraits& traits_;
  const SignaturePlan& plan_;
  AttributeEvaluator evaluator_;
  std::array<State, kAttributeCount> attribute_states_{};
  std::array<std::string_view, kAttributeCount> normalized_;
  std::vector<PartValue> parts_;
  uint32_t invalid_ = 0;
};

}  // namespace linkwright
