#include "token/signature.h"

#include <gtest/gtest.h>

#include "token/reference_profiles.h"
#include "token/reference_vectors.h"
#include "token/token_crypto.h"

namespace linkwright {
namespace {

class ReferenceRecords : public testing::TestWithParam<ReferenceProfile> {};

std::string invalid_names(uint32_t invalid) {
  std::vector<std::string> names;
  for (size_t i = 0; i < kAttributeCount; ++i) {
    if (invalid >> i & 1) names.emplace_back(attribute_name(static_cast<Attribute>(i)));
  }
  std::sort(names.begin(), names.end());
  std::string joined;
  for (const std::string& name : names) joined += (joined.empty() ? "" : ",") + name;
  return joined;
}

TEST_P(ReferenceRecords, GiveTheSignaturesHashesAndFaultsOfTheReference) {
  const auto inputs = read_vector_file("record_inputs.tsv");
  const auto outputs = read_vector_file(std::string("records.") + GetParam().implementation + ".tsv");
  ASSERT_FALSE(inputs.empty());
  ASSERT_EQ(inputs.size(), outputs.size());
  const ProfileTraits& traits = profile_traits(GetParam().profile);
  const SignaturePlan plan = plan_signatures(traits, default_token_rules()).ValueOrDie();
  SignatureBuilder builder(traits, calendar_of_vectors(), plan);
  const TokenHasher hasher("HashingKey");
  RecordSignatures signatures;
  for (size_t row = 0; row < inputs.size(); ++row) {
    const auto& input = inputs[row];
    const auto& output = outputs[row];
    ASSERT_EQ(input.size(), 7U);
    ASSERT_EQ(output.size(), 18U);
    RawRecord record;
    std::array<std::string, 6> texts;
    constexpr std::array kColumns = {Attribute::kFirstName, Attribute::kLastName,   Attribute::kBirthDate,
                                     Attribute::kSex,       Attribute::kPostalCode, Attribute::kSocialSecurityNumber};
    for (size_t i = 0; i < kColumns.size(); ++i) {
      if (input[i + 1] == "-") continue;
      if (input[i + 1] == "~") {
        record[index_of(kColumns[i])] = RawValue::null();
        continue;
      }
      texts[i] = decode_cell(input[i + 1]).value_or("");
      record[index_of(kColumns[i])] = RawValue::of(texts[i]);
    }
    builder.build(record, &signatures);
    std::string blank_rules;
    for (size_t rule = 0; rule < 5; ++rule) {
      const std::string& expected = output[1 + 3 * rule];
      if (!signatures.has_signature(rule)) {
        EXPECT_EQ(expected, "<null>") << input[0] << " " << plan.rules[rule].id;
        blank_rules += (blank_rules.empty() ? "" : ",") + plan.rules[rule].id;
        continue;
      }
      const std::string_view signature = signatures.signature(rule);
      EXPECT_EQ(signature, expected) << input[0] << " " << plan.rules[rule].id;
      EXPECT_EQ(sha256_hex(signature), output[2 + 3 * rule]);
      std::string token(kHashTokenLength, ' ');
      char* const place = token.data();
      hasher.hash({&signature, 1}, {&place, 1});
      EXPECT_EQ(token, output[3 + 3 * rule]);
    }
    EXPECT_EQ(invalid_names(signatures.invalid_attributes()), output[16]) << input[0];
    EXPECT_EQ(blank_rules, output[17]) << input[0];
  }
}

INSTANTIATE_TEST_SUITE_P(Profiles, ReferenceRecords, kReferenceProfiles, name_of);

TEST(TokenBuilder, NamesAttributesAndExpressionsThatDoNotExist) {
  EXPECT_TRUE(TokenBuilder("T6").add("last_name", "T|U").add("postal_code", "T|S(0,3)").build().ok());
  const Status attribute = TokenBuilder("T6").add("lastname2").build().status();
  EXPECT_NE(attribute.message().find("'lastname2'"), std::string::npos) << attribute.message();
  const Status expression = TokenBuilder("T6").add("last_name", "T|X").build().status();
  EXPECT_NE(expression.message().find("'X'"), std::string::npos) << expression.message();
  EXPECT_FALSE(TokenBuilder("").add("last_name").build().ok());
  EXPECT_FALSE(TokenBuilder("T6").build().ok());
}

TEST(TokenRules, ErrorsOfAFileNameTheJsonPath) {
  const auto error = [](std::string_view json) {
    return parse_token_rules(json, "rules.json", TokenProfile::kJava113).status().message();
  };
  EXPECT_NE(error(R"({"rules":[{"id":"T6","parts":[{"attribute":"last_nam"}]}]})").find("$.rules[0]"),
            std::string::npos);
  EXPECT_NE(error(R"({"rules":[{"id":"T6","parts":[{"expression":"T"}]}]})").find("$.rules[0].parts[0].attribute"),
            std::string::npos);
  EXPECT_NE(error(R"({"rules":[{"id":"T6","part":[]}]})").find("$.rules[0].part"), std::string::npos);
  EXPECT_NE(error(R"({"rules":[{"id":"T6","part":[]}]})").find("expected 'id', 'parts'"), std::string::npos);
  const std::string rule = R"({"id":"T6","parts":[{"attribute":"sex"}]})";
  EXPECT_NE(error(R"({"rules":[)" + rule + "," + rule + "]}").find("$.rules[1].id"), std::string::npos);
  EXPECT_NE(error("{}").find("$.rules"), std::string::npos);
  EXPECT_NE(error("nonsense").find("not JSON"), std::string::npos);
}

}  // namespace
}  // namespace linkwright
