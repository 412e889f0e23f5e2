#include "compare/few_texts.h"

#include <algorithm>

namespace linkwright {
namespace {

// The average length beyond which texts share enough bytes by chance, as emails do, for that to tell little.
constexpr size_t kLongestOnAverage = 16;

// Calls `use` with the fewest bytes that a left text of this length, of up to 64, shares with right ones within the
// slot's cutoff, as a function of their length. For edit distances: every byte of the longer text that the other does
// not have too costs an edit of its own.
template <typename Use>
auto with_bytes_needed(const DistanceSlot& slot, size_t left_length, const Use& use) {
  if (slot.is_jaro()) {
    const std::span<const uint8_t> fewest = slot.jaro_cutoff->fewest_matches(left_length);
    return use([fewest](size_t right_length) -> size_t { return fewest[right_length]; });
  }
  const auto max = static_cast<size_t>(slot.cutoff);
  return use([left_length, max](size_t right_length) { return std::max({left_length, right_length, max}) - max; });
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

// Without branches: which pairs share enough cannot be foretold.
size_t FewTexts::choose_hopeful(const DistanceSlot& slot, std::string_view left, size_t first, Places* places) const {
  size_t count = 0;
  if (left.size() > ByteSignature::kLongest) {
    for (size_t r = first; r < texts_.size(); ++r) (*places)[count++] = static_cast<uint8_t>(r);
    return count;
  }
  const ByteSignature signature(left);
  with_bytes_needed(slot, left.size(), [&](const auto& needed) {
    for (size_t r = first; r < texts_.size(); ++r) {
      (*places)[count] = static_cast<uint8_t>(r);
      count += signature.most_shared(signatures_[r]) >= needed(texts_[r].size()) ? 1 : 0;
    }
  });
  return count;
}

size_t FewTexts::near(const ConditionParts& parts, const DistanceSlot& slot, const TextQueries& lefts,
                      std::span<NearText> near) const {
  NearTexts found(near);
  Places places;
  for (size_t l = 0; l < lefts.texts.size(); ++l) {
    const size_t hopeful = choose_hopeful(slot, lefts.texts[l], lefts.first(l), &places);
    for (const uint8_t r : std::span(places).first(hopeful)) {
      const double distance = parts.distance(slot, lefts.texts[l], texts_[r]).ValueUnsafe();  // a kernel never fails
      const bool is_near = slot.is_jaro() ? distance > 0 && distance >= slot.cutoff : distance <= slot.cutoff;
      if (is_near) found.add(static_cast<uint32_t>(l * texts_.size() + r), distance);
    }
  }
  return found.size();
}

}  // namespace linkwright
