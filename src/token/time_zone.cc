#include "token/time_zone.h"

#include <unicode/timezone.h>
#include <unicode/unistr.h>

#include <chrono>

namespace linkwright {
namespace {

constexpr int64_t kMsPerDay = 86'400'000;

}  // namespace

struct TimeZone::Rules {
  std::unique_ptr<icu::TimeZone> zone;
};

TimeZone::TimeZone(std::string name) : name_(std::move(name)), rules_(std::make_unique<Rules>()) {
  rules_->zone.reset(icu::TimeZone::createTimeZone(icu::UnicodeString::fromUTF8(name_)));
}

TimeZone::~TimeZone() = default;

Result<std::shared_ptr<const TimeZone>> TimeZone::make(std::string_view name) {
  auto zone = std::make_shared<const TimeZone>(std::string(name));
  if (*zone->rules_->zone == icu::TimeZone::getUnknown()) {
    return Status::Invalid("unknown time zone '", name, "'; give a name of the IANA database such as UTC or ",
                           "America/New_York");
  }
  return zone;
}

EpochDay TimeZone::day_of(int64_t epoch_ms) const {
  int32_t raw_offset = 0;
  int32_t daylight_offset = 0;
  UErrorCode error = U_ZERO_ERROR;
  rules_->zone->getOffset(static_cast<UDate>(epoch_ms), false, raw_offset, daylight_offset, error);
  const int64_t local = epoch_ms + raw_offset + daylight_offset;
  return (local >= 0 ? local : local - (kMsPerDay - 1)) / kMsPerDay;
}

EpochDay TimeZone::today() const {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return day_of(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

}  // namespace linkwright
