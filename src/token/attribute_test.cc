#include "token/attribute.h"

#include <gtest/gtest.h>

#include "token/reference_vectors.h"

namespace linkwright {
namespace {

DateContext fixed_calendar() { return {parse_iso_date("2026-11-20").ValueOrDie(), TimeZone::make("UTC").ValueOrDie()}; }

struct ProfileCase {
  TokenProfile profile;
  const char* implementation;
};

class ReferenceAttributes : public testing::TestWithParam<ProfileCase> {};

TEST_P(ReferenceAttributes, ValidateAndNormaliseLikeTheReference) {
  const auto rows = read_vector_file(std::string("attrs.") + GetParam().implementation + ".tsv");
  ASSERT_FALSE(rows.empty());
  AttributeEvaluator evaluator(profile_traits(GetParam().profile), fixed_calendar());
  for (const auto& row : rows) {
    ASSERT_EQ(row.size(), 4U);
    const auto raw = decode_cell(row[1]);
    if (!raw) {
      EXPECT_NE(row[2], "true") << "a null is valid nowhere";
      continue;
    }
    const AttributeValue value = evaluator.evaluate(parse_attribute(row[0]).ValueOrDie(), *raw);
    const bool reference_fails = row[3].starts_with("EXC") || row[3] == "~";
    EXPECT_EQ(value.valid, row[2] == "true") << row[0] << " [" << *raw << "]";
    EXPECT_EQ(value.has_normalized, !reference_fails) << row[0] << " [" << *raw << "] " << value.normalized;
    if (value.has_normalized && !reference_fails) {
      EXPECT_EQ(value.normalized, decode_cell(row[3]).value_or("")) << row[0] << " [" << *raw << "]";
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Profiles, ReferenceAttributes,
                         testing::Values(ProfileCase{TokenProfile::kJava113, "java-1.13.2"},
                                         ProfileCase{TokenProfile::kPython113, "py-1.13.2"},
                                         ProfileCase{TokenProfile::kJava21, "java-2.1.2"},
                                         ProfileCase{TokenProfile::kPython22, "py-2.2.1"}),
                         [](const auto& tested) {
                           std::string name(token_profile_name(tested.param.profile));
                           for (char& c : name) {
                             if (c == '-' || c == '.') c = '_';
                           }
                           return name;
                         });

}  // namespace
}  // namespace linkwright
