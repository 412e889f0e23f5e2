#pragma once

#include <arrow/builder.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/status.h"

namespace arrow {
class Array;
}

namespace linkwright {

/// A column that is read as text and may turn out to be numbers.
///
/// A column whose values are all integers as they are normally written (-12, 0, 7; no leading zero, no plus sign)
/// within 64 bits becomes int64; all such integers or plain decimals that print back the same become double; anything
/// else stays text. The rule is lossless: turning a number back into text gives the bytes that were read.
class TextColumn {
 public:
  Status append(std::string_view value) {
    if (may_be_number_) look_at(value);
    return builder_.Append(value);
  }
  Status append_null() { return builder_.AppendNull(); }

  /// `keep_text`: whatever the values look like.
  Result<std::shared_ptr<arrow::Array>> finish(bool keep_text);

 private:
  void look_at(std::string_view value);

  arrow::LargeStringBuilder builder_;
  bool may_be_number_ = true;
  bool has_value_ = false;
  bool all_integers_ = true;
};

/// An integer or decimal in its normal form, see TextColumn.
bool is_normal_integer(std::string_view text);
bool is_normal_decimal(std::string_view text);

}  // namespace linkwright
