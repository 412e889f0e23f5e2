#include "token/attribute.h"

#include <algorithm>

#include "base/nearest_name.h"
#include "token/number_attribute.h"
#include "token/postal_code.h"
#include "token/social_security_number.h"
#include "token/unicode_text.h"

namespace linkwright {
namespace {

struct Header {
  std::string_view name;
  Attribute attribute;
};

constexpr std::array<std::string_view, kAttributeCount> kNames = {
    "RecordId",     "FirstName",         "LastName", "BirthDate", "Sex",     "PostalCode", "SocialSecurityNumber",
    "Age",          "BirthYear",         "Year",     "Date",      "Integer", "Decimal",    "String",
    "USPostalCode", "CanadianPostalCode"};

constexpr std::array<Header, 12> kAliases = {{{"Id", Attribute::kRecordId},
                                              {"GivenName", Attribute::kFirstName},
                                              {"Surname", Attribute::kLastName},
                                              {"Gender", Attribute::kSex},
                                              {"ZipCode", Attribute::kPostalCode},
                                              {"ZIP3", Attribute::kPostalCode},
                                              {"ZIP4", Attribute::kPostalCode},
                                              {"ZIP5", Attribute::kPostalCode},
                                              {"NationalIdentificationNumber", Attribute::kSocialSecurityNumber},
                                              {"YearOfBirth", Attribute::kBirthYear},
                                              {"Text", Attribute::kString},
                                              {"USZipCode", Attribute::kUsPostalCode}}};
constexpr Header kCanadianZip = {"CanadianZipCode", Attribute::kCanadianPostalCode};
constexpr Header kDateOfBirth = {"DateOfBirth", Attribute::kBirthDate};
constexpr Header kSsn = {"SSN", Attribute::kSocialSecurityNumber};

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return ascii_lower(x) == ascii_lower(y); });
}

/// "birth_date" to "birthdate": rules may be written either way.
std::string without_underscores(std::string_view name) {
  std::string out(name);
  out.erase(std::remove(out.begin(), out.end(), '_'), out.end());
  return out;
}

std::vector<Header> all_headers() {
  std::vector<Header> headers;
  for (size_t i = 0; i < kAttributeCount; ++i) headers.push_back({kNames[i], static_cast<Attribute>(i)});
  headers.insert(headers.end(), kAliases.begin(), kAliases.end());
  for (const Header& header : {kCanadianZip, kDateOfBirth, kSsn}) headers.push_back(header);
  return headers;
}

AttributeValue evaluate_sex(TextDialect dialect, std::string_view raw) {
  std::string_view word = raw;
  std::u32string wide;
  std::string narrow;
  if (dialect == TextDialect::kPython) {
    decode_utf8(raw, &wide);
    append_utf8(without_outer_spaces(dialect, std::u32string_view(wide)), &narrow);
    word = narrow;
  }
  if (word.empty()) return AttributeValue::failed();
  const char first = ascii_lower(word.front());
  const std::string_view rest = word.substr(1);
  const std::string_view normalized = first == 'm' ? "Male" : first == 'f' ? "Female" : "";
  if (normalized.empty()) return AttributeValue::failed();
  return AttributeValue::of(rest.empty() || rest == normalized.substr(1), normalized);
}

/// String and RecordId: any text that is not blank, trimmed.
AttributeValue evaluate_string(TextDialect dialect, std::string_view raw, std::string* buffer) {
  if (is_ascii(raw)) return AttributeValue::of(!all_blank(dialect, raw), trim(dialect, raw));
  std::u32string wide;
  decode_utf8(raw, &wide);
  buffer->clear();
  append_utf8(trim(dialect, std::u32string_view(wide)), buffer);
  return AttributeValue::of(!all_blank(dialect, std::u32string_view(wide)), *buffer);
}

}  // namespace

std::string_view attribute_name(Attribute attribute) { return kNames[index_of(attribute)]; }

std::optional<Attribute> attribute_of_header(const ProfileTraits& traits, std::string_view header) {
  for (const Header& known : all_headers()) {
    if (!equals_ignoring_case(known.name, header)) continue;
    if (known.name == kDateOfBirth.name && !traits.knows_date_of_birth) return std::nullopt;
    if (known.name == kSsn.name && !traits.knows_ssn) return std::nullopt;
    return known.attribute;
  }
  return std::nullopt;
}

Result<Attribute> parse_attribute(std::string_view name) {
  const std::string plain = without_underscores(name);
  std::vector<std::string> known;
  for (const Header& header : all_headers()) {
    if (equals_ignoring_case(header.name, plain)) return header.attribute;
    known.emplace_back(header.name);
  }
  return Status::Invalid("unknown attribute '", name, "'", suggestion(name, known),
                         " (rules use first_name, last_name, birth_date, sex, postal_code, ssn, record_id and the ",
                         "other attributes of docs/tokens.md)");
}

AttributeValue AttributeEvaluator::evaluate(Attribute attribute, std::string_view raw) {
  Scratch& scratch = scratch_[index_of(attribute)];
  switch (attribute) {
    case Attribute::kFirstName:
      return evaluate_first_name(traits_, raw, &scratch.name);
    case Attribute::kLastName:
      return evaluate_last_name(traits_, raw, &scratch.name);
    case Attribute::kBirthDate:
      return evaluate_birth_date(traits_, dates_, raw, &scratch.text);
    case Attribute::kSex:
      return evaluate_sex(traits_.dialect, raw);
    case Attribute::kPostalCode:
      return evaluate_postal_code(traits_, raw, &scratch.text);
    case Attribute::kSocialSecurityNumber:
      return evaluate_social_security_number(traits_, raw, &scratch.text);
    case Attribute::kAge:
      return evaluate_age(traits_, raw, &scratch.text);
    case Attribute::kBirthYear:
      return evaluate_birth_year(traits_, std::stoi(format_iso_date(dates_.today)), raw, &scratch.text);
    case Attribute::kYear:
      return evaluate_year(traits_, raw, &scratch.text);
    case Attribute::kDate:
      return evaluate_date(traits_, dates_, raw, &scratch.text);
    case Attribute::kInteger:
      return evaluate_integer(traits_, raw, &scratch.text);
    case Attribute::kDecimal:
      return evaluate_decimal(traits_, raw, &scratch.text);
    case Attribute::kUsPostalCode:
      return evaluate_us_postal_code(traits_, 5, raw, &scratch.text);
    case Attribute::kCanadianPostalCode:
      return evaluate_canadian_postal_code(traits_, 6, raw, &scratch.text);
    case Attribute::kRecordId:
    case Attribute::kString:
      break;
  }
  return evaluate_string(traits_.dialect, raw, &scratch.text);
}

}  // namespace linkwright
