#include "text/shared_bytes_screen.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

#include "text/damerau_levenshtein.h"
#include "text/jaro.h"

namespace linkwright {
namespace {

struct Screened {
  std::vector<std::string> texts;
  SharedBytesScreen screen;
};

rc::Gen<std::string> text_of(std::string letters) {
  return rc::gen::exec([letters] {
    const auto size = *rc::gen::inRange<size_t>(0, ByteSignature::kLongest + 1);
    return *rc::gen::container<std::string>(size % (*rc::gen::inRange<size_t>(1, 65)), rc::gen::elementOf(letters));
  });
}

Screened some_texts(const std::string& letters) {
  Screened screened;
  screened.texts = *rc::gen::container<std::vector<std::string>>(
      *rc::gen::inRange<size_t>(0, SharedBytesScreen::kMostTexts + 1), text_of(letters));
  for (const std::string& text : screened.texts) screened.screen.add(text);
  return screened;
}

SharedBytesScreen::Query query_of(const std::string& text) { return {text, ByteSignature(text)}; }

std::string some_letters() { return *rc::gen::element<std::string>("ab", "abcdeXYZ019 .@", "\xc3\xa9\xff"); }

RC_GTEST_PROP(SharedBytesScreen, NeverMissesATextThatReachesTheCutoff, ()) {
  const std::string letters = some_letters();
  const Screened screened = some_texts(letters);
  const std::string text = *text_of(letters);
  const double similarity = *rc::gen::element(0.5, 0.7, 0.8, 0.92, 1.0);
  const JaroCutoff cutoff = JaroCutoff::of_jaro_winkler(similarity);
  const uint64_t hopeful = screened.screen.may_reach(query_of(text), cutoff);
  for (size_t k = 0; k < screened.texts.size(); ++k) {
    if (jaro_winkler(text, screened.texts[k], JaroWinklerRounding::kFused) >= similarity) {
      RC_ASSERT((hopeful >> k & 1) == 1U);
    }
  }
}

RC_GTEST_PROP(SharedBytesScreen, NeverMissesATextWithinTheEdits, ()) {
  const std::string letters = some_letters();
  const Screened screened = some_texts(letters);
  const std::string text = *text_of(letters);
  const auto edits = *rc::gen::inRange<size_t>(0, 8);
  const uint64_t hopeful = screened.screen.may_be_within(query_of(text), edits);
  for (size_t k = 0; k < screened.texts.size(); ++k) {
    if (damerau_levenshtein(text, screened.texts[k]) <= edits) RC_ASSERT((hopeful >> k & 1) == 1U);
  }
}

RC_GTEST_PROP(SharedBytesScreen, SaysTheSameWithAndWithoutVectors, ()) {
  const Screened screened = some_texts("abcdefghij");
  const std::string text = *text_of("abcdefghij");
  const bool vectors = SharedBytesScreen::has_vectors();
  for (const double similarity : {0.7, 0.8, 0.9}) {
    const JaroCutoff cutoff = JaroCutoff::of_jaro_winkler(similarity);
    RC_ASSERT(screened.screen.may_reach(query_of(text), cutoff, vectors) ==
              screened.screen.may_reach(query_of(text), cutoff, false));
  }
  for (const size_t edits : {0, 1, 2, 20}) {
    RC_ASSERT(screened.screen.may_be_within(query_of(text), edits, vectors) ==
              screened.screen.may_be_within(query_of(text), edits, false));
  }
}

TEST(SharedBytesScreen, PassesOverTextsThatShareTooLittle) {
  SharedBytesScreen screen;
  for (const char* text : {"smith", "smyth", "jones", ""}) screen.add(text);
  EXPECT_EQ(screen.may_be_within(query_of("smith"), 1), 0b0011U);
  EXPECT_EQ(screen.may_reach(query_of("smith"), JaroCutoff::of_jaro_winkler(0.7)), 0b0011U);
}

// Emails share their domains and more by chance; without Winkler's bonus that is not enough.
TEST(SharedBytesScreen, AsksMoreOfTextsThatBeginDifferently) {
  SharedBytesScreen screen;
  screen.add("john.husheao657@gmail.com");
  const JaroCutoff cutoff = JaroCutoff::of_jaro_winkler(0.8);
  EXPECT_EQ(screen.may_reach(query_of("jennifer.miabrouraia591@icloud.com"), cutoff), 1U);
  EXPECT_EQ(screen.may_reach(query_of("kennifer.miabrouraia591@icloud.com"), cutoff), 0U);
}

}  // namespace
}  // namespace linkwright
