#include "token/expression.h"

#include <gtest/gtest.h>

#include "token/profile.h"
#include "token/reference_profiles.h"
#include "token/reference_vectors.h"

namespace linkwright {
namespace {

class ReferenceExpressions : public testing::TestWithParam<ReferenceProfile> {};

TEST_P(ReferenceExpressions, GiveWhatTheReferenceGives) {
  const TextDialect dialect = profile_traits(GetParam().profile).dialect;
  const auto rows = read_vector_file(std::string("expr.") + GetParam().implementation + ".tsv");
  ASSERT_FALSE(rows.empty());
  TokenExpression::Scratch scratch;
  for (const auto& row : rows) {
    ASSERT_EQ(row.size(), 3U);
    const std::string text = decode_cell(row[0]).value_or("");
    const std::string value = decode_cell(row[1]).value_or("");
    const auto parsed = TokenExpression::parse(dialect, text);
    std::optional<std::string_view> result;
    if (is_blank_text(dialect, value)) {
      result = "";  // no reference looks at the expression then
    } else if (parsed.ok()) {
      result = parsed->apply(value, &scratch);
    }
    if (row[2].starts_with("EXC")) {
      EXPECT_FALSE(result.has_value()) << text << " on [" << value << "] gave " << *result << ", not " << row[2];
    } else {
      ASSERT_TRUE(result.has_value()) << text << " on [" << value << "]: " << parsed.status().ToString();
      EXPECT_EQ(*result, decode_cell(row[2]).value_or("")) << text << " on [" << value << "]";
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Implementations, ReferenceExpressions, kReferenceProfiles, name_of);

std::string applied(TextDialect dialect, std::string_view text, std::string_view value) {
  TokenExpression::Scratch scratch;
  const auto result = TokenExpression::parse(dialect, text).ValueOrDie().apply(value, &scratch);
  return result ? std::string(*result) : "<fails>";
}

TEST(TokenExpression, CutsUtf16UnitsInJavaAndCharactersInPython) {
  EXPECT_EQ(applied(TextDialect::kJava, "S(0,2)", "a\U0001F600b"), "a?");
  EXPECT_EQ(applied(TextDialect::kJava, "S(0,3)", "a\U0001F600b"), "a\U0001F600");
  EXPECT_EQ(applied(TextDialect::kPython, "S(0,2)", "a\U0001F600b"), "a\U0001F600");
}

TEST(TokenExpression, CountsNegativeEndsFromTheEndInPythonAndFailsInJava) {
  EXPECT_EQ(applied(TextDialect::kPython, "S(0,-1)", "abc"), "ab");
  EXPECT_EQ(applied(TextDialect::kJava, "S(0,-1)", "abc"), "<fails>");
}

TEST(TokenExpression, CarriesImpossibleDaysOverInJavaOnly) {
  EXPECT_EQ(applied(TextDialect::kJava, "D", "2000-02-30"), "2000-03-01");
  EXPECT_EQ(applied(TextDialect::kJava, "D", "2000-13-01"), "2001-01-01");
  EXPECT_EQ(applied(TextDialect::kPython, "D", "2000-02-30"), "<fails>");
}

TEST(TokenExpression, MatchesDigitsOfEveryScriptInPythonOnly) {
  EXPECT_EQ(applied(TextDialect::kPython, "M(\\d+)", "a١٢3"), "١٢3");
  EXPECT_EQ(applied(TextDialect::kJava, "M(\\d+)", "a١٢3"), "3");
  EXPECT_EQ(applied(TextDialect::kPython, "M([\\d-]+)", "a١-3"), "١-3");
}

TEST(TokenExpression, NamesTheStepThatIsWrong) {
  const Status status = TokenExpression::parse(TextDialect::kJava, "T|Q").status();
  EXPECT_TRUE(status.IsInvalid());
  EXPECT_NE(status.message().find("'Q'"), std::string::npos) << status.message();
}

}  // namespace
}  // namespace linkwright
