#pragma once

#include <string_view>

namespace linkwright {

/// What an attribute made of a raw text. `normalized` is there for invalid values too, as the references compute it,
/// unless they fail on the text (`has_normalized` false); only valid values enter a token.
struct AttributeValue {
  bool valid = false;
  bool has_normalized = false;
  std::string_view normalized;

  static AttributeValue of(bool valid, std::string_view normalized) { return {valid, true, normalized}; }
  static AttributeValue failed() { return {}; }
};

}  // namespace linkwright
