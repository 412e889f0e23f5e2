#include "io/definition_levels.h"

#include <arrow/array.h>

#include <cstring>

#include "io/rle_bit_packing.h"

namespace linkwright {
namespace {

constexpr int kLevelBits = 1;

}  // namespace

void DefinitionLevels::add(const arrow::Array& rows) {
  const size_t before = rows_;
  rows_ += static_cast<size_t>(rows.length());
  if (rows.null_count() == 0 && levels_.empty()) return;
  levels_.resize(before, 1);
  levels_.reserve(rows_);
  for (int64_t k = 0; k < rows.length(); ++k) levels_.push_back(static_cast<uint32_t>(rows.IsValid(k)));
}

uint8_t* DefinitionLevels::write(uint8_t* out) {
  levels_.resize(rows_, 1);
  uint8_t* const begin = out + sizeof(uint32_t);
  uint8_t* const end = append_rle_bit_packed(levels_, kLevelBits, begin);
  const auto length = static_cast<uint32_t>(end - begin);
  std::memcpy(out, &length, sizeof(length));
  return end;
}

size_t DefinitionLevels::most_bytes() const { return sizeof(uint32_t) + most_rle_bit_packed_bytes(rows_, kLevelBits); }

void DefinitionLevels::clear() {
  rows_ = 0;
  levels_.clear();
}

}  // namespace linkwright
