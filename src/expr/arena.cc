#include "expr/arena.h"

#include <algorithm>
#include <cstring>

namespace linkwright {

void* Arena::allocate(size_t size, size_t alignment) {
  constexpr size_t kFirstBlock = 4096;
  size_t start = (used_ + alignment - 1) / alignment * alignment;
  if (blocks_.empty() || start + size > blocks_.back().size) {
    const size_t doubled = blocks_.empty() ? kFirstBlock : blocks_.back().size * 2;
    const size_t block_size = std::max(doubled, size);
    blocks_.push_back({std::make_unique_for_overwrite<std::byte[]>(block_size), block_size});
    start = 0;
  }
  used_ = start + size;
  return blocks_.back().bytes.get() + start;
}

std::span<Value> Arena::allocate_values(size_t count) {
  auto* const values = static_cast<Value*>(allocate(count * sizeof(Value), alignof(Value)));
  std::uninitialized_fill_n(values, count, Value::null());
  return {values, count};
}

std::string_view Arena::copy(std::string_view text) {
  if (text.empty()) return {};
  char* const bytes = allocate_bytes(text.size());
  std::memcpy(bytes, text.data(), text.size());
  return {bytes, text.size()};
}

Value Arena::copy(const Value& value) {
  if (value.kind == ValueKind::kText) return Value::of_text(copy(value.text()));
  if (value.kind != ValueKind::kList) return value;
  const std::span<Value> items = allocate_values(value.list().size());
  std::transform(value.list().begin(), value.list().end(), items.begin(),
                 [&](const Value& item) { return copy(item); });
  return Value::of_list(items);
}

void Arena::clear() {
  if (blocks_.size() > 1) {
    std::swap(blocks_.front(), blocks_.back());
    blocks_.resize(1);
  }
  used_ = 0;
}

}  // namespace linkwright
