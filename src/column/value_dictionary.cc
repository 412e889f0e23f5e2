#include "column/value_dictionary.h"

#include <arrow/array/array_binary.h>
#include <arrow/buffer.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <utility>

#include "base/huge_pages.h"

namespace linkwright {
namespace {

constexpr size_t kFirstSlots = 64;
constexpr size_t kManySlots = size_t{1} << 18;

__extension__ using Wide = unsigned __int128;

uint64_t mix(uint64_t a, uint64_t b) {
  const auto product = static_cast<Wide>(a) * b;
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

uint64_t load(const char* bytes, size_t size) {
  uint64_t word = 0;
  std::memcpy(&word, bytes, size);
  return word;
}

constexpr uint64_t kSecret = 0xa0761d6478bd642fULL;
constexpr uint64_t kLastSecret = 0x8ebc6af09c88c6e3ULL;

uint32_t short_hash(std::string_view bytes) { return static_cast<uint32_t>(hash_bytes(bytes)); }

}  // namespace

// A multiply-mix hash in the manner of wyhash, eight bytes a step: values are short, so latency is what counts.
uint64_t hash_bytes(std::string_view bytes) {
  uint64_t hash = 0xe7037ed1a0b428dbULL ^ bytes.size();
  const char* at = bytes.data();
  size_t left = bytes.size();
  for (; left > 8; at += 8, left -= 8) hash = mix(hash ^ load(at, 8), kSecret);
  if (left > 0) hash = mix(hash ^ load(at, left), kSecret);
  return mix(hash, kLastSecret);
}

uint64_t combine_hashes(uint64_t first, uint64_t second) { return mix(mix(first, kSecret) ^ second, kLastSecret); }

ByteStringDictionary::ByteStringDictionary() : slots_(kFirstSlots) {}

void ByteStringDictionary::reserve(size_t values, size_t bytes) {
  offsets_.reserve(values + 1);
  bytes_.reserve(bytes);
  prefer_huge_pages(offsets_.data(), offsets_.capacity() * sizeof(size_t));
  prefer_huge_pages(bytes_.data(), bytes_.capacity());
}

size_t ByteStringDictionary::locate(std::string_view bytes, uint32_t hash) const {
  const size_t mask = slots_.size() - 1;
  size_t at = hash & mask;
  while (slots_[at].code != 0 && (slots_[at].hash != hash || value(slots_[at].code) != bytes)) at = (at + 1) & mask;
  return at;
}

// A small table grows fourfold, so that a column of many values is not moved too often; a large one only doubles, since
// its memory counts.
void ByteStringDictionary::grow() {
  const size_t size = slots_.size() * (slots_.size() < kManySlots ? 4 : 2);
  std::vector<Slot> old;
  old.reserve(size);
  prefer_huge_pages(old.data(), size * sizeof(Slot));
  old.resize(size);
  old.swap(slots_);
  const size_t mask = slots_.size() - 1;
  for (const Slot& slot : old) {
    if (slot.code == 0) continue;
    size_t at = slot.hash & mask;
    while (slots_[at].code != 0) at = (at + 1) & mask;
    slots_[at] = slot;
  }
}

uint32_t ByteStringDictionary::code(std::string_view bytes, uint32_t hash) {
  size_t at = locate(bytes, hash);
  if (slots_[at].code != 0) return slots_[at].code;
  if ((size_t{size()} + 1) * 2 > slots_.size()) {
    grow();
    at = locate(bytes, hash);
  }
  bytes_.append(bytes);
  offsets_.push_back(bytes_.size());
  slots_[at] = {size(), hash};
  return size();
}

uint32_t ByteStringDictionary::code(std::string_view bytes) { return code(bytes, short_hash(bytes)); }

void ByteStringDictionary::codes(std::span<const std::string_view> texts, uint32_t* codes) {
  constexpr size_t kAhead = 32;
  std::array<uint32_t, kAhead> hashes{};
  for (size_t begin = 0; begin < texts.size(); begin += kAhead) {
    const auto group = texts.subspan(begin, std::min(kAhead, texts.size() - begin));
    for (size_t k = 0; k < group.size(); ++k) {
      hashes[k] = short_hash(group[k]);
      __builtin_prefetch(&slots_[hashes[k] & (slots_.size() - 1)]);
    }
    for (size_t k = 0; k < group.size(); ++k) *codes++ = code(group[k], hashes[k]);
  }
}

uint32_t ByteStringDictionary::find(std::string_view bytes) const {
  return slots_[locate(bytes, short_hash(bytes))].code;
}

Result<std::shared_ptr<arrow::Array>> ByteStringDictionary::to_text_array() && {
  slots_ = {};
  const int64_t length = size();
  const bool is_large = bytes_.size() > INT32_MAX;
  std::shared_ptr<arrow::Buffer> offsets;
  if (is_large) {
    offsets = arrow::Buffer::FromVector(std::vector<int64_t>(offsets_.begin(), offsets_.end()));
  } else {
    offsets = arrow::Buffer::FromVector(std::vector<int32_t>(offsets_.begin(), offsets_.end()));
  }
  offsets_ = {0};
  offsets_.shrink_to_fit();
  if (bytes_.capacity() / 2 > bytes_.size()) bytes_.shrink_to_fit();
  std::shared_ptr<arrow::Buffer> bytes = arrow::Buffer::FromString(std::exchange(bytes_, {}));
  if (is_large) return std::make_shared<arrow::LargeStringArray>(length, std::move(offsets), std::move(bytes));
  return std::make_shared<arrow::StringArray>(length, std::move(offsets), std::move(bytes));
}

void append_key(const Value& value, std::string* key) {
  const auto append_word = [&](uint64_t word) { key->append(reinterpret_cast<const char*>(&word), sizeof word); };
  switch (value.kind) {
    case ValueKind::kNull:
      key->push_back('\0');
      return;
    case ValueKind::kText:
      append_word(value.text().size());
      key->append(value.text());
      return;
    case ValueKind::kDouble: {
      double number = value.number == 0 ? 0.0 : value.number;
      if (std::isnan(number)) number = std::numeric_limits<double>::quiet_NaN();
      append_word(std::bit_cast<uint64_t>(number));
      return;
    }
    case ValueKind::kBoolean:
      key->push_back(value.boolean ? '\2' : '\1');
      return;
    case ValueKind::kList:
      append_word(value.list().size());
      for (const Value& item : value.list()) {
        key->push_back(static_cast<char>(item.kind));
        append_key(item, key);
      }
      return;
    case ValueKind::kInteger:
    case ValueKind::kDate:
    case ValueKind::kTimestamp:
      append_word(static_cast<uint64_t>(value.integer));
      return;
  }
}

}  // namespace linkwright
