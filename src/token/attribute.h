#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "token/attribute_value.h"
#include "token/calendar_date.h"
#include "token/person_name.h"
#include "token/profile.h"

namespace linkwright {

/// The attributes the references register. T1 to T5 use the first six after the record id.
enum class Attribute : uint8_t {
  kRecordId,
  kFirstName,
  kLastName,
  kBirthDate,
  kSex,
  kPostalCode,
  kSocialSecurityNumber,
  kAge,
  kBirthYear,
  kYear,
  kDate,
  kInteger,
  kDecimal,
  kString,
  kUsPostalCode,
  kCanadianPostalCode,
};
constexpr size_t kAttributeCount = 16;

constexpr size_t index_of(Attribute attribute) { return static_cast<size_t>(attribute); }

/// "FirstName", as the metadata counts it.
std::string_view attribute_name(Attribute attribute);

/// The attribute that a column header stands for, without regard to case; headers are not trimmed. Nothing for others.
std::optional<Attribute> attribute_of_header(const ProfileTraits& traits, std::string_view header);

/// The attribute that a rule names: "last_name", "LastName", "ssn" or a header alias. The error lists near names.
Result<Attribute> parse_attribute(std::string_view name);

/// Checks and normalises raw texts of one run. Holds buffers, so one a thread; a value stays good until the next call
/// for the same attribute, or until its raw text goes.
class AttributeEvaluator {
 public:
  AttributeEvaluator(const ProfileTraits& traits, DateContext dates) : traits_(traits), dates_(std::move(dates)) {}

  AttributeValue evaluate(Attribute attribute, std::string_view raw);

 private:
  struct Scratch {
    NameScratch name;
    std::string text;
  };

  const ProfileTraits& traits_;
  DateContext dates_;
  std::array<Scratch, kAttributeCount> scratch_;
};

}  // namespace linkwright
