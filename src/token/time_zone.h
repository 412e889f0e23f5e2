#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/status.h"
#include "token/gregorian_calendar.h"

namespace linkwright {

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

}  // namespace linkwright
