#include "token/person_name.h"

#include <gtest/gtest.h>
#include <re2/re2.h>

#include <random>

namespace linkwright {
namespace {

std::string first_name(TokenProfile profile, std::string_view raw) {
  NameScratch scratch;
  return std::string(evaluate_first_name(profile_traits(profile), raw, &scratch).normalized);
}

std::string last_name(TokenProfile profile, std::string_view raw) {
  NameScratch scratch;
  return std::string(evaluate_last_name(profile_traits(profile), raw, &scratch).normalized);
}

bool is_valid_last_name(std::string_view raw) {
  NameScratch scratch;
  return evaluate_last_name(profile_traits(TokenProfile::kJava113), raw, &scratch).valid;
}

// What the specification says in regular expressions, for ASCII text and the Java profiles.
const RE2 kTitle(
    R"((?i)\A(mr|mrs|ms|miss|dr|prof|capt|sir|col|gen|cmdr|lt|rabbi|father|brother|sister|hon|honorable|reverend|rev|doctor)\.?[ \t\n\x0b\f\r]+)");
const RE2 kSuffix(R"((?i)[ \t\n\x0b\f\r]+(jr\.?|junior|sr\.?|senior|I{1,3}|IV|V|VI{0,3}|IX|X|[0-9]+(st|nd|rd|th))\z)");
const RE2 kInitial(R"([ \t\n\x0b\f\r][^ \t\n\x0b\f\r]\.?\z)");
const RE2 kNoLetter("[^a-zA-Z]");

std::string trimmed(std::string text) {
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.pop_back();
  while (!text.empty() && static_cast<unsigned char>(text.front()) <= ' ') text.erase(0, 1);
  return text;
}

std::string without(std::string text, const RE2& pattern) {
  RE2::Replace(&text, pattern, "");
  return text;
}

std::string letters_of(std::string text) {
  RE2::GlobalReplace(&text, kNoLetter, "");
  return text;
}

std::string unless_empty(std::string changed, const std::string& text) { return changed.empty() ? text : changed; }

std::string oracle_first_name(const std::string& raw) {
  std::string text = trimmed(raw);
  text = unless_empty(without(text, kTitle), text);
  text = unless_empty(without(text, kSuffix), text);
  return letters_of(without(text, kInitial));
}

std::string oracle_last_name(const std::string& raw) {
  std::string text = trimmed(raw);
  text = unless_empty(without(text, kSuffix), text);
  return letters_of(without(text, kSuffix));
}

/// Texts made of the pieces that the patterns look at, so that most of them nearly match.
std::string random_name(std::mt19937& random) {
  static const std::vector<std::string> kPieces = {
      "Mr", "mrs",  "Dr", "hon", "Honorable", "rev",  "Smith", "Jo", "jr", "Jr.", "SENIOR", "ii", "III",  "iv",
      "VI", "viii", "IX", "x",   "1st",       "22nd", "3th",   "4",  "st", ".",   "..",     " ",  "  ",   "\t",
      "-",  "'",    "A",  "b.",  "\x1c",      "\x01", "\n",    "J",  ",",  "_",   "Iv",     "Xi", "iiii", "v1"};
  std::string text;
  for (size_t pieces = random() % 7; pieces > 0; --pieces) text += kPieces[random() % kPieces.size()];
  return text;
}

TEST(PersonName, AgreesWithTheSpecifiedPatternsOnRandomText) {
  std::mt19937 random(20261120);
  for (int i = 0; i < 30000; ++i) {
    const std::string raw = random_name(random);
    ASSERT_EQ(first_name(TokenProfile::kJava113, raw), oracle_first_name(raw)) << testing::PrintToString(raw);
    ASSERT_EQ(last_name(TokenProfile::kJava113, raw), oracle_last_name(raw)) << testing::PrintToString(raw);
  }
}

TEST(PersonName, TransliteratesFromTwoPointZeroOn) {
  EXPECT_EQ(first_name(TokenProfile::kJava113, "Łukasz"), "ukasz");
  EXPECT_EQ(first_name(TokenProfile::kJava21, "Łukasz"), "Lukasz");
  EXPECT_EQ(last_name(TokenProfile::kPython22, "Weiß"), "Weiss");
  EXPECT_EQ(last_name(TokenProfile::kJava113, "Müller"), "Muller");
}

TEST(PersonName, KeepsTheFirstOfSeveralFirstNamesInTwoPointTwoOnly) {
  EXPECT_EQ(first_name(TokenProfile::kPython22, "Mary Ann"), "Mary");
  EXPECT_EQ(first_name(TokenProfile::kPython22, "van der Berg"), "van");
  EXPECT_EQ(first_name(TokenProfile::kPython22, "Jo Ann"), "JoAnn");
  EXPECT_EQ(first_name(TokenProfile::kPython22, "Mary-Ann"), "MaryAnn");
  EXPECT_EQ(first_name(TokenProfile::kJava21, "Mary Ann"), "MaryAnn");
}

TEST(PersonName, TakesTwoSuffixesOffInJavaOneInPythonAndAllInTwoPointTwo) {
  EXPECT_EQ(last_name(TokenProfile::kJava113, "Smith Jr III"), "Smith");
  EXPECT_EQ(last_name(TokenProfile::kJava113, "Smith Jr Jr Jr"), "SmithJr");
  EXPECT_EQ(last_name(TokenProfile::kPython113, "Smith Jr III"), "SmithJr");
  EXPECT_EQ(last_name(TokenProfile::kPython22, "Smith Jr Jr Jr"), "Smith");
}

// Java's $ also stands before a final line separator, which its trim leaves.
TEST(PersonName, FindsASuffixBeforeAFinalLineSeparatorInJava) {
  EXPECT_EQ(last_name(TokenProfile::kJava113, "Smith Jr\u2028"), "Smith");
  EXPECT_EQ(first_name(TokenProfile::kJava113, "John Jr\u0085"), "John");
}

TEST(PersonName, TakesLastNamesOfThreeLettersOrTwoWithAVowelOrNg) {
  for (const char* name : {"Ng", "NG", "Li", "Xi", "Ox", "Ao", "Smith"}) EXPECT_TRUE(is_valid_last_name(name)) << name;
  for (const char* name : {"Ty", "Ly", "Sz", "X", "", " ", "N/A", "unknown", "Test16"}) {
    EXPECT_FALSE(is_valid_last_name(name)) << name;
  }
}

}  // namespace
}  // namespace linkwright
