#include "text/packed_strings.h"

#include <algorithm>
#include <cstring>

namespace linkwright {
namespace {

constexpr size_t kLongest = 64;

// Letters worth keeping for the next texts, which mostly are of the same bytes; each is a vector to be cleared.
constexpr size_t kFewLetters = 64;

uint32_t lane_bytes_for(size_t length) { return length <= 8 ? 1 : length <= 16 ? 2 : length <= 32 ? 4 : 8; }

template <typename Lane>
void set_lane(PackedStrings::Vector* vector, size_t lane, uint64_t value) {
  const auto narrow = static_cast<Lane>(value);
  std::memcpy(vector->bytes.data() + lane * sizeof(Lane), &narrow, sizeof(Lane));
}

void set_lane(PackedStrings::Vector* vector, size_t lane, uint32_t lane_bytes, uint64_t value) {
  switch (lane_bytes) {
    case 1:
      return set_lane<uint8_t>(vector, lane, value);
    case 2:
      return set_lane<uint16_t>(vector, lane, value);
    case 4:
      return set_lane<uint32_t>(vector, lane, value);
    default:
      return set_lane<uint64_t>(vector, lane, value);
  }
}

}  // namespace

void PackedStrings::assign(std::span<const std::string_view> texts) {
  texts_.assign(texts.begin(), texts.end());
  groups_.clear();
  singles_.clear();
  order_.clear();
  vectors_.clear();
  if (alphabet_ > kFewLetters) {
    letters_.fill(0);
    alphabet_ = 1;
  }
  const auto key_of = [this](size_t length) { return are_few() ? size_t{8} * lane_bytes_for(length) : length; };
  std::array<uint32_t, kLongest + 2> begins{};
  for (const std::string_view text : texts_) {
    if (text.size() > kLongest) continue;
    ++begins[key_of(text.size()) + 1];
    for (const char c : text) {
      uint8_t& letter = letters_[static_cast<uint8_t>(c)];
      // With all 256 bytes in use the last one shares the number 0 of absent bytes, which then has no absent byte.
      if (letter == 0 && alphabet_ < 256) letter = static_cast<uint8_t>(alphabet_++);
    }
  }
  for (size_t length = 1; length < begins.size(); ++length) begins[length] += begins[length - 1];
  const uint32_t grouped = begins[kLongest + 1];
  order_.resize(grouped);
  std::array<uint32_t, kLongest + 2> next = begins;
  for (uint32_t index = 0; index < texts_.size(); ++index) {
    const size_t length = texts_[index].size();
    if (length > kLongest) {
      singles_.push_back(index);
    } else {
      order_[next[key_of(length)]++] = index;
    }
  }
  for (uint32_t first = 0; first < grouped;) {
    const uint32_t lane_bytes = lane_bytes_for(texts_[order_[first]].size());
    const uint32_t class_end = begins[lane_bytes * 8 + 1];
    const uint32_t size = std::min<uint32_t>(kVectorBytes / lane_bytes, class_end - first);
    add_group(lane_bytes, first, size);
    first += size;
  }
}

void PackedStrings::add_group(uint32_t lane_bytes, uint32_t first, uint32_t size) {
  const auto base = static_cast<uint32_t>(vectors_.size());
  Group group{lane_bytes, first, size, kLongest, 0, base, 0};
  vectors_.resize(base + kAlphabet + alphabet_);  // new vectors are zero
  Vector* vectors = vectors_.data() + base;
  const auto set_places = [&]<typename Lane>(Lane /*type*/) {
    for (uint32_t lane = 0; lane < size; ++lane) {
      const std::string_view text = texts_[order_[first + lane]];
      for (size_t i = 0; i < text.size(); ++i) {
        uint8_t* place =
            vectors[kAlphabet + letters_[static_cast<uint8_t>(text[i])]].bytes.data() + lane * sizeof(Lane);
        Lane places;
        std::memcpy(&places, place, sizeof(Lane));
        places = static_cast<Lane>(places | Lane{1} << i);
        std::memcpy(place, &places, sizeof(Lane));
      }
    }
  };
  switch (lane_bytes) {
    case 1:
      set_places(uint8_t{});
      break;
    case 2:
      set_places(uint16_t{});
      break;
    case 4:
      set_places(uint32_t{});
      break;
    default:
      set_places(uint64_t{});
      break;
  }
  for (uint32_t lane = 0; lane < size; ++lane) {
    const uint32_t index = order_[first + lane];
    const auto length = static_cast<uint32_t>(texts_[index].size());
    group.min_length = std::min(group.min_length, length);
    group.max_length = std::max(group.max_length, length);
    if (are_few()) group.indices |= uint64_t{1} << index;
    set_lane(&vectors[kLengths], lane, lane_bytes, length);
    if (length > 0) set_lane(&vectors[kLastPlaces], lane, lane_bytes, uint64_t{1} << (length - 1));
  }
  groups_.push_back(group);
}

}  // namespace linkwright
