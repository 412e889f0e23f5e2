#include "compare/few_texts.h"

#include <bit>

#include "text/byte_pattern.h"

namespace linkwright {
namespace {

// Longer texts share half of their bytes by chance, and most of them where they are of one name, as emails of a block
// are. They are held against one another where near ones share more than this.
constexpr size_t kShortOnAverage = 16;
constexpr double kShareThatTells = 0.9;

// The share of their bytes that near texts of this length have in common, unless they begin alike.
double least_share(const DistanceSlot& slot, size_t length) {
  const auto whole = static_cast<double>(length);
  if (!slot.is_jaro()) return 1 - slot.cutoff / whole;
  return slot.jaro_cutoff->fewest_matches_of_strangers(length, length) / whole;
}

}  // namespace

bool FewTexts::assign(std::span<const std::string_view> texts, const DistanceSlot& slot) {
  texts_.clear();
  if (texts.empty() || texts.size() > SharedBytesScreen::kMostTexts) return false;
  size_t bytes = 0;
  for (const std::string_view text : texts) {
    if (text.size() > ByteSignature::kLongest) return false;
    bytes += text.size();
  }
  const size_t average = bytes / texts.size();
  if (average >= kShortOnAverage && least_share(slot, average) < kShareThatTells) return false;
  texts_.assign(texts.begin(), texts.end());
  screen_.clear();
  for (const std::string_view text : texts) screen_.add(text);
  return true;
}

// In a diagonal tile a left text is the right one before those that it has to meet.
ByteSignature FewTexts::signature_of(std::string_view left, size_t first) const {
  const bool is_known = first > 0 && texts_[first - 1].data() == left.data() && texts_[first - 1].size() == left.size();
  return is_known ? screen_.signature(first - 1) : ByteSignature(left);
}

// The texts from `first` on that share enough bytes with the left one.
uint64_t FewTexts::hopeful_rights(const DistanceSlot& slot, std::string_view left, size_t first) const {
  const uint64_t behind = low_bits(texts_.size()) & ~low_bits(first);
  if (behind == 0 || left.size() > ByteSignature::kLongest) return behind;
  const SharedBytesScreen::Query query{left, signature_of(left, first)};
  return behind & (slot.is_jaro() ? screen_.may_reach(query, *slot.jaro_cutoff)
                                  : screen_.may_be_within(query, static_cast<size_t>(slot.cutoff)));
}

size_t FewTexts::near(const ConditionParts& parts, const DistanceSlot& slot, const TextQueries& lefts,
                      TextPairs* hopeful, std::span<NearText> near) const {
  hopeful->clear();
  for (size_t l = 0; l < lefts.texts.size(); ++l) {
    const std::string_view left = lefts.texts[l];
    for (uint64_t rest = hopeful_rights(slot, left, lefts.first(l)); rest != 0; rest &= rest - 1) {
      const auto r = static_cast<size_t>(std::countr_zero(rest));
      hopeful->add({left, texts_[r]}, l * texts_.size() + r);
    }
  }
  if (hopeful->pairs.empty()) return 0;
  const size_t found = parts.near_pairs(slot, hopeful->pairs, &hopeful->lanes, near);
  for (NearText& text : near.first(found)) text.index = hopeful->numbers[text.index];
  return found;
}

}  // namespace linkwright
