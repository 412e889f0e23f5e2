#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/status.h"
#include "token/attribute_value.h"
#include "token/profile.h"

namespace linkwright {

/// A day by the proleptic Gregorian calendar, as days since 1970-01-01.
using EpochDay = int64_t;

/// "2026-11-20" to a day; the error names what was expected.
Result<EpochDay> parse_iso_date(std::string_view text);
std::string format_iso_date(EpochDay day);

/// A named time zone ("UTC", "Europe/Berlin"): timestamps become days in it. Java asks the machine; linkwright is told.
class TimeZone {
 public:
  static Result<std::shared_ptr<const TimeZone>> make(std::string_view name);

  const std::string& name() const { return name_; }
  /// The day an instant falls on here. Thread-safe.
  EpochDay day_of(int64_t epoch_ms) const;
  EpochDay today() const;

  explicit TimeZone(std::string name);
  ~TimeZone();

 private:
  struct Rules;
  std::string name_;
  std::unique_ptr<Rules> rules_;
};

/// The calendar a run works with.
struct DateContext {
  EpochDay today;
  std::shared_ptr<const TimeZone> time_zone;
};

/// Date: five written forms and ISO timestamps with an offset to yyyy-MM-dd; mixed separators, impossible days and
/// other orders are invalid. `buffer` holds the result where it is not the raw text itself.
AttributeValue evaluate_date(const ProfileTraits& traits, const DateContext& context, std::string_view raw,
                             std::string* buffer);

/// BirthDate: a Date from 1910-01-01 to today.
AttributeValue evaluate_birth_date(const ProfileTraits& traits, const DateContext& context, std::string_view raw,
                                   std::string* buffer);

/// The expression D: re-emits yyyy-MM-dd. Java reads it leniently ("2000-02-30" is March 1), Python strictly. False for
/// text it does not accept.
bool reformat_date(TextDialect dialect, std::string_view text, std::string* out);

}  // namespace linkwright
