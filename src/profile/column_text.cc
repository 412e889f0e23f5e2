#include "profile/column_text.h"

#include <arrow/array.h>
#include <arrow/array/array_dict.h>
#include <arrow/chunked_array.h>
#include <arrow/scalar.h>
#include <arrow/type.h>
#include <arrow/type_traits.h>

#include <array>
#include <charconv>
#include <string>

namespace linkwright {
namespace {

/// Shows one value of an array that is not null.
void show(const arrow::Array& array, int64_t index, const std::function<void(std::string_view)>& visit) {
  const auto show_number = [&](auto number) {
    std::array<char, 40> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number).ptr;
    visit({buffer.data(), static_cast<size_t>(end - buffer.data())});
  };
  switch (array.type_id()) {
    case arrow::Type::STRING:
      return visit(static_cast<const arrow::StringArray&>(array).GetView(index));
    case arrow::Type::LARGE_STRING:
      return visit(static_cast<const arrow::LargeStringArray&>(array).GetView(index));
    case arrow::Type::INT64:
      return show_number(static_cast<const arrow::Int64Array&>(array).Value(index));
    case arrow::Type::INT32:
      return show_number(static_cast<const arrow::Int32Array&>(array).Value(index));
    case arrow::Type::DOUBLE:
      return show_number(static_cast<const arrow::DoubleArray&>(array).Value(index));
    default: {
      const arrow::Result<std::shared_ptr<arrow::Scalar>> scalar = array.GetScalar(index);
      visit(scalar.ok() ? (*scalar)->ToString() : std::string());
    }
  }
}

}  // namespace

bool has_text(const arrow::DataType& type) {
  if (type.id() == arrow::Type::DICTIONARY) {
    return has_text(*static_cast<const arrow::DictionaryType&>(type).value_type());
  }
  return type.id() == arrow::Type::STRING || type.id() == arrow::Type::LARGE_STRING || type.id() == arrow::Type::BOOL ||
         arrow::is_numeric(type.id()) || arrow::is_decimal(type.id()) || arrow::is_date(type.id()) ||
         type.id() == arrow::Type::TIMESTAMP;
}

Status visit_text(const arrow::ChunkedArray& column, std::span<const int64_t> rows, const TextVisitor& visit,
                  const Cancellation* cancellation) {
  constexpr size_t kRowsBetweenChecks = size_t{1} << 16;
  if (!has_text(*column.type())) {
    return Status::TypeError("a column of type ", column.type()->ToString(), " cannot be shown as text");
  }
  size_t place = 0;
  int64_t first_row = 0;
  for (const std::shared_ptr<arrow::Array>& chunk : column.chunks()) {
    const bool is_encoded = chunk->type_id() == arrow::Type::DICTIONARY;
    const auto* encoded = is_encoded ? static_cast<const arrow::DictionaryArray*>(chunk.get()) : nullptr;
    for (; place < rows.size() && rows[place] < first_row + chunk->length(); ++place) {
      if (cancellation != nullptr && place % kRowsBetweenChecks == 0) ARROW_RETURN_NOT_OK(cancellation->check());
      const int64_t index = rows[place] - first_row;
      const arrow::Array& values = is_encoded ? *encoded->dictionary() : *chunk;
      const int64_t value = is_encoded && chunk->IsValid(index) ? encoded->GetValueIndex(index) : index;
      if (chunk->IsNull(index) || values.IsNull(value)) {
        visit(place, {});
      } else {
        show(values, value, [&](std::string_view text) { visit(place, text.data() == nullptr ? "" : text); });
      }
    }
    first_row += chunk->length();
  }
  return Status::OK();
}

}  // namespace linkwright
