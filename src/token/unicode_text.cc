#include "token/unicode_text.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <vector>

namespace linkwright {
namespace {

constexpr uint64_t kHighBits = 0x8080808080808080ULL;  // set in a byte that is not ASCII

struct Transliteration {
  char32_t from;
  std::string_view to;
};

// The 47 letters that canonical decomposition leaves alone and 2.x spells with ASCII; sorted by code point.
constexpr std::array<Transliteration, 47> kTransliterations = {{
    {0xc6, "AE"},  {0xd0, "D"},   {0xd8, "O"},   {0xde, "TH"},  {0xdf, "ss"},   {0xe6, "ae"},  {0xf0, "d"},
    {0xf8, "o"},   {0xfe, "th"},  {0x110, "D"},  {0x111, "d"},  {0x126, "H"},   {0x127, "h"},  {0x131, "i"},
    {0x132, "IJ"}, {0x133, "ij"}, {0x13f, "L"},  {0x140, "l"},  {0x141, "L"},   {0x142, "l"},  {0x149, "n"},
    {0x14a, "NG"}, {0x14b, "ng"}, {0x152, "OE"}, {0x153, "oe"}, {0x166, "T"},   {0x167, "t"},  {0x17f, "s"},
    {0x191, "F"},  {0x192, "f"},  {0x1c4, "DZ"}, {0x1c5, "Dz"}, {0x1c6, "dz"},  {0x1c7, "LJ"}, {0x1c8, "Lj"},
    {0x1c9, "lj"}, {0x1ca, "NJ"}, {0x1cb, "Nj"}, {0x1cc, "nj"}, {0x1f1, "DZ"},  {0x1f2, "Dz"}, {0x1f3, "dz"},
    {0x1fc, "AE"}, {0x1fd, "ae"}, {0x1fe, "O"},  {0x1ff, "o"},  {0x1e9e, "SS"},
}};
static_assert(std::is_sorted(kTransliterations.begin(), kTransliterations.end(),
                             [](const Transliteration& a, const Transliteration& b) { return a.from < b.from; }));

std::string_view transliteration_of(char32_t c) {
  auto it = std::lower_bound(kTransliterations.begin(), kTransliterations.end(), c,
                             [](const Transliteration& entry, char32_t value) { return entry.from < value; });
  return it != kTransliterations.end() && it->from == c ? it->to : std::string_view();
}

bool is_dropped_mark(const ProfileTraits& traits, char32_t c) {
  const uint32_t dropped = traits.drops_every_mark ? U_GC_M_MASK : U_GC_MN_MASK;
  return (U_MASK(u_charType(static_cast<UChar32>(c))) & dropped) != 0;
}

const UNormalizer2* canonical_decomposition() {
  UErrorCode error = U_ZERO_ERROR;
  return unorm2_getNFDInstance(&error);  // compiled into ICU: it cannot fail
}

}  // namespace

int unicode_digit_value(char32_t c) { return u_charDigitValue(static_cast<UChar32>(c)); }

bool is_ascii(std::string_view text) {
  const char* at = text.data();
  size_t left = text.size();
  uint64_t seen = 0;
  for (; left >= 8; left -= 8, at += 8) {
    uint64_t word;
    std::memcpy(&word, at, 8);
    seen |= word;
  }
  for (; left > 0; --left, ++at) seen |= static_cast<unsigned char>(*at);
  return (seen & kHighBits) == 0;
}

void decode_utf8(std::string_view text, std::u32string* out) {
  out->clear();
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  const auto length = static_cast<int32_t>(text.size());
  for (int32_t i = 0; i < length;) {
    UChar32 c;
    U8_NEXT(bytes, i, length, c);
    out->push_back(c < 0 ? U'\ufffd' : static_cast<char32_t>(c));
  }
}

void append_utf8(char32_t c, std::string* out) {
  if (c < 0x80) {
    out->push_back(static_cast<char>(c));
    return;
  }
  if (c >= 0xd800 && c <= 0xdfff) {
    out->push_back('?');
    return;
  }
  std::array<uint8_t, 4> bytes;
  int32_t length = 0;
  U8_APPEND_UNSAFE(bytes, length, static_cast<UChar32>(c));
  out->append(reinterpret_cast<const char*>(bytes.data()), static_cast<size_t>(length));
}

void append_utf8(std::u32string_view text, std::string* out) {
  for (char32_t c : text) append_utf8(c, out);
}

void fold_accents(const ProfileTraits& traits, std::u32string_view text, std::u32string* out) {
  static const UNormalizer2* const nfd = canonical_decomposition();
  out->clear();
  for (char32_t c : trim(traits.dialect, text)) {
    if (c < 0x80) {
      out->push_back(c);
      continue;
    }
    if (traits.transliterates) {
      if (std::string_view ascii = transliteration_of(c); !ascii.empty()) {
        out->append(ascii.begin(), ascii.end());
        continue;
      }
    }
    // One character at a time gives the same letters as the whole string: canonical reordering moves marks only.
    std::array<UChar, 32> decomposed;
    UErrorCode error = U_ZERO_ERROR;
    const int32_t length = unorm2_getDecomposition(nfd, static_cast<UChar32>(c), decomposed.data(),
                                                   static_cast<int32_t>(decomposed.size()), &error);
    if (length < 0 || U_FAILURE(error)) {
      if (!is_dropped_mark(traits, c)) out->push_back(c);
      continue;
    }
    for (int32_t i = 0; i < length;) {
      UChar32 part;
      U16_NEXT(decomposed.data(), i, length, part);
      if (!is_dropped_mark(traits, static_cast<char32_t>(part))) out->push_back(static_cast<char32_t>(part));
    }
  }
}

void uppercase(std::string_view text, std::string* out) {
  if (is_ascii(text)) {
    out->resize(text.size());
    std::transform(text.begin(), text.end(), out->begin(), ascii_upper);
    return;
  }
  std::u32string wide;
  decode_utf8(text, &wide);
  std::vector<UChar> source;
  for (char32_t c : wide) {
    if (c > 0xffff) source.push_back(U16_LEAD(static_cast<UChar32>(c)));
    source.push_back(c > 0xffff ? U16_TRAIL(static_cast<UChar32>(c)) : static_cast<UChar>(c));
  }
  std::vector<UChar> upper(source.size() * 3 + 1);  // no character has more than three in its upper case
  UErrorCode error = U_ZERO_ERROR;
  const int32_t length = u_strToUpper(upper.data(), static_cast<int32_t>(upper.size()), source.data(),
                                      static_cast<int32_t>(source.size()), "", &error);
  out->clear();
  for (int32_t i = 0; i < length;) {
    UChar32 c;
    U16_NEXT(upper.data(), i, length, c);
    append_utf8(static_cast<char32_t>(c), out);
  }
}

}  // namespace linkwright
