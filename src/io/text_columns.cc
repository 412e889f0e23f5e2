#include "io/text_columns.h"

#include <arrow/array.h>
#include <arrow/type.h>

#include <array>
#include <charconv>
#include <system_error>

namespace linkwright {

bool is_normal_integer(std::string_view text) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return false;
  const std::string_view digits = text.front() == '-' ? text.substr(1) : text;
  return digits.front() != '0' || (digits.size() == 1 && digits.size() == text.size());
}

bool is_normal_decimal(std::string_view text) {
  if (text.empty() || text.find('.') == std::string_view::npos) return is_normal_integer(text);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return false;
  std::array<char, 64> printed;
  const auto written = std::to_chars(printed.data(), printed.data() + printed.size(), value, std::chars_format::fixed);
  const std::string_view shortest(printed.data(), static_cast<size_t>(written.ptr - printed.data()));
  return shortest == text || (text.ends_with(".0") && shortest == text.substr(0, text.size() - 2));
}

void TextColumn::look_at(std::string_view value) {
  has_value_ = true;
  if (all_integers_) {
    if (is_normal_integer(value)) return;
    all_integers_ = false;
  }
  may_be_number_ = is_normal_decimal(value);
}

Result<std::shared_ptr<arrow::Array>> TextColumn::finish(bool keep_text) {
  ARROW_ASSIGN_OR_RAISE(const std::shared_ptr<arrow::Array> texts, builder_.Finish());
  if (keep_text || !may_be_number_ || !has_value_) return texts;
  const auto& values = static_cast<const arrow::LargeStringArray&>(*texts);
  const auto convert = [&](auto builder, auto number) -> Result<std::shared_ptr<arrow::Array>> {
    ARROW_RETURN_NOT_OK(builder.Reserve(values.length()));
    for (int64_t row = 0; row < values.length(); ++row) {
      if (values.IsNull(row)) {
        builder.UnsafeAppendNull();
        continue;
      }
      const std::string_view text = values.GetView(row);
      std::from_chars(text.data(), text.data() + text.size(), number);
      builder.UnsafeAppend(number);
    }
    return builder.Finish();
  };
  return all_integers_ ? convert(arrow::Int64Builder(), int64_t{0}) : convert(arrow::DoubleBuilder(), 0.0);
}

}  // namespace linkwright
