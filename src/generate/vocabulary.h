#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace linkwright {

/// `size` distinct lower-case words: `first_words` in order, then pronounceable inventions of `min_syllables` to
/// `max_syllables` syllables. The same for a seed. `size` must be at least that of `first_words`.
std::vector<std::string> invent_words(size_t size, unsigned min_syllables, unsigned max_syllables, uint64_t seed,
                                      std::span<const std::string_view> first_words = {});

/// The most frequent first names and surnames, most frequent first.
std::span<const std::string_view> common_first_names();
std::span<const std::string_view> common_surnames();

}  // namespace linkwright
