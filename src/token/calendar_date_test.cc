#include "token/calendar_date.h"

#include <gtest/gtest.h>

namespace linkwright {
namespace {

std::string birth_date(TokenProfile profile, const char* zone, std::string_view raw, const char* today = "2026-11-20") {
  const DateContext dates{parse_iso_date(today).ValueOrDie(), TimeZone::make(zone).ValueOrDie()};
  std::string buffer;
  const AttributeValue value = evaluate_birth_date(profile_traits(profile), dates, raw, &buffer);
  return value.valid ? std::string(value.normalized) : "invalid";
}

TEST(BirthDate, TurnsTimestampsIntoDaysOfTheZoneInJavaOnly) {
  EXPECT_EQ(birth_date(TokenProfile::kJava113, "UTC", "2000-01-01T23:30:00-05:00"), "2000-01-02");
  EXPECT_EQ(birth_date(TokenProfile::kPython113, "UTC", "2000-01-01T23:30:00-05:00"), "2000-01-01");
  EXPECT_EQ(birth_date(TokenProfile::kJava113, "America/New_York", "2000-01-01T00:00:00Z"), "1999-12-31");
  EXPECT_EQ(birth_date(TokenProfile::kPython113, "America/New_York", "2000-01-01T00:00:00Z"), "2000-01-01");
}

TEST(BirthDate, LiesBetween1910AndToday) {
  EXPECT_EQ(birth_date(TokenProfile::kJava113, "UTC", "1909-12-31"), "invalid");
  EXPECT_EQ(birth_date(TokenProfile::kJava113, "UTC", "1910-01-01"), "1910-01-01");
  EXPECT_EQ(birth_date(TokenProfile::kJava113, "UTC", "2026-11-20"), "2026-11-20");
  EXPECT_EQ(birth_date(TokenProfile::kJava113, "UTC", "2026-11-21"), "invalid");
  EXPECT_EQ(birth_date(TokenProfile::kJava113, "UTC", "2026-11-21", "2026-11-21"), "2026-11-21");
}

TEST(BirthDate, ReadsFiveWrittenForms) {
  for (const char* raw : {"1980-05-17", "1980/05/17", "05/17/1980", "05-17-1980", "17.05.1980"}) {
    for (TokenProfile profile : {TokenProfile::kJava113, TokenProfile::kPython22}) {
      EXPECT_EQ(birth_date(profile, "UTC", raw), "1980-05-17") << raw;
    }
  }
}

TEST(BirthDate, RefusesWhatOnlyLooksLikeADate) {
  for (const char* raw : {"1980-05/17", "17/05/1980", "05.17.1980", "1980-02-30", "1980-5-17", " 1980-05-17",
                          "1980-05-17T10:00:00", "1980-05-17T24:00:00Z", "1980-05-17T10:00:00+24:00", "19800517", ""}) {
    for (TokenProfile profile : {TokenProfile::kJava113, TokenProfile::kPython22}) {
      EXPECT_EQ(birth_date(profile, "UTC", raw), "invalid") << raw;
    }
  }
}

// Every day of four centuries survives being written and read.
TEST(IsoDate, RoundTripsEveryDayOfTheCalendarCycle) {
  const EpochDay first = parse_iso_date("1800-01-01").ValueOrDie();
  for (EpochDay day = first; day < first + 146097; ++day) {
    ASSERT_EQ(parse_iso_date(format_iso_date(day)).ValueOrDie(), day);
  }
  EXPECT_EQ(format_iso_date(0), "1970-01-01");
}

TEST(TimeZone, NamesAnUnknownZone) {
  const Status status = TimeZone::make("Mars/Olympus").status();
  EXPECT_NE(status.message().find("Mars/Olympus"), std::string::npos);
}

}  // namespace
}  // namespace linkwright
