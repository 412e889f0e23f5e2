#include "token/person_name.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "token/unicode_text.h"

namespace linkwright {
namespace {

constexpr std::array<std::string_view, 18> kPlaceholders = {"unknown",
                                                            "n/a",
                                                            "none",
                                                            "test",
                                                            "sample",
                                                            "donor",
                                                            "patient",
                                                            "missing",
                                                            "anonymous",
                                                            "zzztrash",
                                                            "<masked>",
                                                            "unavailable",
                                                            "automation test",
                                                            "automationtest",
                                                            "patient not found",
                                                            "patientnotfound",
                                                            "not available",
                                                            "notavailable"};

constexpr std::array<std::string_view, 21> kTitles = {
    "mr", "mrs",   "ms",     "miss",    "dr",     "prof", "capt",      "sir",      "col", "gen",   "cmdr",
    "lt", "rabbi", "father", "brother", "sister", "hon",  "honorable", "reverend", "rev", "doctor"};

constexpr std::array<std::string_view, 16> kSuffixes = {"jr",  "jr.", "junior", "sr", "sr.", "senior", "i",  "ii",
                                                        "iii", "iv",  "v",      "vi", "vii", "viii",   "ix", "x"};
constexpr std::array<std::string_view, 4> kOrdinalEndings = {"st", "nd", "rd", "th"};

constexpr size_t kNotFound = std::string_view::npos;

struct Span {
  size_t begin = kNotFound;
  size_t end = kNotFound;
  bool found() const { return begin != kNotFound; }
};

template <size_t N>
bool contains(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// By first letter, the lengths that a placeholder has, one bit each: nearly every name is none at a glance.
constexpr std::array<uint32_t, 128> kPlaceholderLengths = [] {
  std::array<uint32_t, 128> lengths{};
  for (std::string_view placeholder : kPlaceholders) {
    lengths[static_cast<size_t>(placeholder.front())] |= uint32_t{1} << placeholder.size();
  }
  return lengths;
}();

template <class Char>
bool is_placeholder(TextDialect dialect, std::basic_string_view<Char> text) {
  constexpr size_t kShortest = 3;
  constexpr size_t kLongest = 17;
  if (text.size() < kShortest || text.size() > kLongest) return false;
  const char first = ignore_case_in_string(dialect, code_of(text.front()));
  if ((kPlaceholderLengths[static_cast<size_t>(first)] >> text.size() & 1) == 0) return false;
  for (std::string_view placeholder : kPlaceholders) {
    if (placeholder.size() != text.size() || placeholder.front() != first) continue;
    size_t i = 1;
    while (i < text.size() && ignore_case_in_string(dialect, code_of(text[i])) == placeholder[i]) ++i;
    if (i == text.size()) return true;
  }
  return false;
}

/// The word in lower-case ASCII as (?i) sees it, or "" when it is too long or has a character no pattern names.
template <class Char, size_t N>
std::string_view lower_word(TextDialect dialect, std::basic_string_view<Char> word, std::array<char, N>* buffer) {
  if (word.empty() || word.size() > N) return {};
  for (size_t i = 0; i < word.size(); ++i) {
    const char c = ignore_case(dialect, code_of(word[i]));
    if (c == 0) return {};
    (*buffer)[i] = c;
  }
  return {buffer->data(), word.size()};
}

/// jr|jr.|junior|sr|sr.|senior|I..X|digits followed by st, nd, rd or th.
template <class Char>
bool is_generational_suffix(TextDialect dialect, std::basic_string_view<Char> word) {
  size_t digits = 0;
  while (digits < word.size() && digit_value(dialect, code_of(word[digits])) >= 0) ++digits;
  std::array<char, 6> buffer;
  std::string_view lower = lower_word(dialect, word.substr(digits), &buffer);
  return digits > 0 ? contains(kOrdinalEndings, lower) : contains(kSuffixes, lower);
}

/// \s+SUFFIX that ends at `end`; with `repeated`, (\s+SUFFIX)+.
template <class Char>
Span suffix_ending_at(TextDialect dialect, std::basic_string_view<Char> text, size_t end, bool repeated) {
  Span match;
  for (size_t word_end = end;;) {
    size_t word = word_end;
    while (word > 0 && !is_space(dialect, code_of(text[word - 1]))) --word;
    size_t spaces = word;
    while (spaces > 0 && is_space(dialect, code_of(text[spaces - 1]))) --spaces;
    if (spaces == word || !is_generational_suffix(dialect, text.substr(word, word_end - word))) return match;
    match = {spaces, end};
    if (!repeated) return match;
    word_end = spaces;
  }
}

Span leftmost(Span a, Span b) { return b.found() && (!a.found() || b.begin < a.begin) ? b : a; }

template <class Char>
Span find_suffix(TextDialect dialect, std::basic_string_view<Char> text, bool repeated) {
  const auto [before_terminator, end] = dollar_positions(dialect, text);
  Span match = suffix_ending_at(dialect, text, end, repeated);
  if (before_terminator == end) return match;
  return leftmost(match, suffix_ending_at(dialect, text, before_terminator, repeated));
}

/// \s[^\s]\.? that ends at `end`.
template <class Char>
Span initial_ending_at(TextDialect dialect, std::basic_string_view<Char> text, size_t end) {
  auto space_at = [&](size_t i) { return is_space(dialect, code_of(text[i])); };
  if (end >= 3 && code_of(text[end - 1]) == '.' && !space_at(end - 2) && space_at(end - 3)) return {end - 3, end};
  if (end >= 2 && !space_at(end - 1) && space_at(end - 2)) return {end - 2, end};
  return {};
}

template <class Char>
Span find_initial(TextDialect dialect, std::basic_string_view<Char> text) {
  const auto [before_terminator, end] = dollar_positions(dialect, text);
  return leftmost(initial_ending_at(dialect, text, end), initial_ending_at(dialect, text, before_terminator));
}

/// How many characters a title and the space after it take at `start`; 0 without one.
template <class Char>
size_t title_length(TextDialect dialect, std::basic_string_view<Char> text, size_t start) {
  size_t end = start;
  while (end < text.size() && code_of(text[end]) != '.' && !is_space(dialect, code_of(text[end]))) ++end;
  std::array<char, 9> buffer;
  const std::string_view word = lower_word(dialect, text.substr(start, end - start), &buffer);
  if (!contains(kTitles, word)) return 0;
  if (end < text.size() && code_of(text[end]) == '.') ++end;
  const size_t spaces = end;
  while (end < text.size() && is_space(dialect, code_of(text[end]))) ++end;
  return end == spaces ? 0 : end - start;
}

/// How much of the start is titles. Python allows space before them, and 2.2 allows several.
template <class Char>
size_t find_titles(const ProfileTraits& traits, std::basic_string_view<Char> text) {
  size_t start = 0;
  if (traits.is_python()) {
    while (start < text.size() && is_space(traits.dialect, code_of(text[start]))) ++start;
  }
  size_t end = start;
  while (const size_t length = title_length(traits.dialect, text, end)) {
    end += length;
    if (!traits.repeats_titles_and_suffixes) break;
  }
  return end == start ? 0 : end;
}

bool joins_names(TextDialect dialect, char32_t c) {
  return is_space(dialect, c) || c == '.' || c == '/' || c == '-' || (c >= 0x2010 && c <= 0x2015) || c == 0x2212;
}

/// 2.2 keeps the first of several names ("Mary Ann" to "Mary"): the length of that name, or the whole length when the
/// text is not LETTERS{3,} [space . /]+ LETTERS ([space . / dash]+ LETTERS)*.
template <class Char>
size_t first_part_length(TextDialect dialect, std::basic_string_view<Char> text) {
  auto letters_from = [&](size_t i) {
    while (i < text.size() && is_ascii_letter(code_of(text[i]))) ++i;
    return i;
  };
  const size_t first = letters_from(0);
  if (first < 3 || first == text.size()) return text.size();
  bool first_join = true;
  for (size_t at = first; at < text.size(); first_join = false) {
    const size_t join = at;
    while (at < text.size() && joins_names(dialect, code_of(text[at]))) {
      const char32_t c = code_of(text[at]);
      if (first_join && c != '.' && c != '/' && !is_space(dialect, c)) return text.size();
      ++at;
    }
    const size_t name = at;
    at = letters_from(at);
    if (join == name || name == at) return text.size();
  }
  return first;
}

template <class Char>
void keep_letters(std::basic_string_view<Char> text, std::string* out) {
  out->clear();
  for (Char c : text) {
    if (is_ascii_letter(code_of(c))) out->push_back(static_cast<char>(c));
  }
}

template <class Char>
void trim_in_place(TextDialect dialect, std::basic_string<Char>* text) {
  const std::basic_string_view<Char> trimmed = trim(dialect, std::basic_string_view<Char>(*text));
  const auto begin = static_cast<size_t>(trimmed.data() - text->data());
  text->resize(begin + trimmed.size());
  text->erase(0, begin);
}

/// Takes a suffix off unless that leaves nothing (Java) or nothing but space (Python): then it is the name itself.
template <class Char>
void remove_suffix_of_longer_name(const ProfileTraits& traits, std::basic_string<Char>* text) {
  using View = std::basic_string_view<Char>;
  const Span suffix = find_suffix(traits.dialect, View(*text), traits.repeats_titles_and_suffixes);
  if (!suffix.found()) return;
  const bool keeps_name = traits.is_python() ? !trim(traits.dialect, View(*text).substr(0, suffix.begin)).empty()
                                             : suffix.end - suffix.begin < text->size();
  if (keeps_name) text->erase(suffix.begin, suffix.end - suffix.begin);
}

template <class Char>
void normalize_first_name(const ProfileTraits& traits, std::basic_string<Char>* text, std::string* out) {
  using View = std::basic_string_view<Char>;
  const TextDialect dialect = traits.dialect;
  const bool python = traits.is_python();

  const size_t titles = find_titles(traits, View(*text));
  const View untitled = View(*text).substr(titles);
  if (!(python ? trim(dialect, untitled) : untitled).empty()) text->erase(0, titles);
  if (python) trim_in_place(dialect, text);

  remove_suffix_of_longer_name(traits, text);
  if (python) trim_in_place(dialect, text);

  if (Span initial = find_initial(dialect, View(*text)); initial.found()) {
    text->erase(initial.begin, initial.end - initial.begin);
  }
  if (python) trim_in_place(dialect, text);
  if (traits.repeats_titles_and_suffixes) text->resize(first_part_length(dialect, View(*text)));
  keep_letters(View(*text), out);
}

template <class Char>
void normalize_last_name(const ProfileTraits& traits, std::basic_string<Char>* text, std::string* out) {
  using View = std::basic_string_view<Char>;
  remove_suffix_of_longer_name(traits, text);
  if (!traits.is_python()) {
    // Java takes a second suffix off, and this time even if nothing is left.
    if (Span suffix = find_suffix(traits.dialect, View(*text), false); suffix.found()) {
      text->erase(suffix.begin, suffix.end - suffix.begin);
    }
  }
  keep_letters(View(*text), out);
}

bool all_letters(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return is_ascii_letter(code_of(c)); });
}

bool is_vowel(char c) {
  const char lower = ascii_lower(c);
  return lower == 'a' || lower == 'e' || lower == 'i' || lower == 'o' || lower == 'u';
}

bool is_long_enough_last_name(std::string_view letters) {
  if (letters.size() != 2) return letters.size() > 2;
  if (is_vowel(letters[0]) || is_vowel(letters[1])) return true;
  return ascii_lower(letters[0]) == 'n' && ascii_lower(letters[1]) == 'g';
}

enum class NamePart { kFirst, kLast };

struct NormalizedName {
  std::string_view letters;
  bool raw_is_placeholder;
};

template <NamePart kPart>
NormalizedName normalize_name(const ProfileTraits& traits, std::string_view raw, NameScratch* scratch) {
  if (all_letters(raw)) return {raw, is_placeholder(traits.dialect, raw)};
  if (is_ascii(raw)) {
    scratch->narrow = trim(traits.dialect, raw);
    if constexpr (kPart == NamePart::kFirst) {
      normalize_first_name(traits, &scratch->narrow, &scratch->normalized);
    } else {
      normalize_last_name(traits, &scratch->narrow, &scratch->normalized);
    }
    return {scratch->normalized, is_placeholder(traits.dialect, raw)};
  }
  decode_utf8(raw, &scratch->decoded);
  fold_accents(traits, scratch->decoded, &scratch->wide);
  if constexpr (kPart == NamePart::kFirst) {
    normalize_first_name(traits, &scratch->wide, &scratch->normalized);
  } else {
    normalize_last_name(traits, &scratch->wide, &scratch->normalized);
  }
  return {scratch->normalized, is_placeholder(traits.dialect, std::u32string_view(scratch->decoded))};
}

}  // namespace

AttributeValue evaluate_first_name(const ProfileTraits& traits, std::string_view raw, NameScratch* scratch) {
  const auto [letters, raw_is_placeholder] = normalize_name<NamePart::kFirst>(traits, raw, scratch);
  const bool valid = !raw_is_placeholder && !letters.empty() && !is_placeholder(traits.dialect, letters);
  return AttributeValue::of(valid, letters);
}

AttributeValue evaluate_last_name(const ProfileTraits& traits, std::string_view raw, NameScratch* scratch) {
  const auto [letters, raw_is_placeholder] = normalize_name<NamePart::kLast>(traits, raw, scratch);
  const bool valid =
      !raw_is_placeholder && is_long_enough_last_name(letters) && !is_placeholder(traits.dialect, letters);
  return AttributeValue::of(valid, letters);
}

}  // namespace linkwright
