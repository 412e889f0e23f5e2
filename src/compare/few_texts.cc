#include "compare/few_texts.h"

#include <algorithm>

namespace linkwright {
namespace {

constexpr size_t kMostTexts = 64;

// The average length beyond which texts share enough bytes by chance, as emails do, for that to tell little.
constexpr size_t kLongestOnAverage = 16;

// The fewest bytes that two texts of up to 64 share if they are within the slot's cutoff. For edit distances: every
// byte of the longer text that the other does not have too costs an edit of its own.
size_t shared_bytes_needed(const DistanceSlot& slot, size_t left_length, size_t right_length) {
  if (slot.is_jaro()) return slot.jaro_cutoff->fewest_matches(left_length, right_length);
  const auto max = static_cast<size_t>(slot.cutoff);
  return std::max({left_length, right_length, max}) - max;
}

}  // namespace

bool FewTexts::assign(std::span<const std::string_view> texts) {
  texts_.clear();
  if (texts.empty() || texts.size() > kMostTexts) return false;
  size_t bytes = 0;
  for (const std::string_view text : texts) {
    if (text.size() > ByteSignature::kLongest) return false;
    bytes += text.size();
  }
  if (bytes > kLongestOnAverage * texts.size()) return false;
  texts_.assign(texts.begin(), texts.end());
  signatures_.clear();
  for (const std::string_view text : texts) signatures_.emplace_back(text);
  return true;
}

size_t FewTexts::near(const ConditionParts& parts, const DistanceSlot& slot, const TextQueries& lefts,
                      std::span<NearText> near) const {
  NearTexts found(near);
  for (size_t l = 0; l < lefts.texts.size(); ++l) {
    const std::string_view left = lefts.texts[l];
    const bool is_short = left.size() <= ByteSignature::kLongest;
    const ByteSignature signature = is_short ? ByteSignature(left) : ByteSignature();
    for (size_t r = lefts.first(l); r < texts_.size(); ++r) {
      const std::string_view right = texts_[r];
      if (is_short && signature.most_shared(signatures_[r]) < shared_bytes_needed(slot, left.size(), right.size())) {
        continue;
      }
      const double distance = parts.distance(slot, left, right).ValueUnsafe();  // what has a kernel never fails
      const bool is_near = slot.is_jaro() ? distance > 0 && distance >= slot.cutoff : distance <= slot.cutoff;
      if (is_near) found.add(static_cast<uint32_t>(l * texts_.size() + r), distance);
    }
  }
  return found.size();
}

}  // namespace linkwright
