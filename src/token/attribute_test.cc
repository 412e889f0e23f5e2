#include "token/attribute.h"

#include <gtest/gtest.h>

#include "token/reference_profiles.h"
#include "token/reference_vectors.h"

namespace linkwright {
namespace {

class ReferenceAttributes : public testing::TestWithParam<ReferenceProfile> {};

TEST_P(ReferenceAttributes, ValidateAndNormaliseLikeTheReference) {
  const auto rows = read_vector_file(std::string("attrs.") + GetParam().implementation + ".tsv");
  ASSERT_FALSE(rows.empty());
  AttributeEvaluator evaluator(profile_traits(GetParam().profile), calendar_of_vectors());
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

INSTANTIATE_TEST_SUITE_P(Profiles, ReferenceAttributes, kReferenceProfiles, name_of);

}  // namespace
}  // namespace linkwright
