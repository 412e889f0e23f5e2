#include <array>
#include <memory>

#include "expr/calendar.h"
#include "expr/date_format.h"
#include "expr/date_part.h"
#include "expr/function_library.h"

namespace linkwright {
namespace {

// --- formats

Result<DateFormat> format_of(const Value& value) {
  if (value.kind != ValueKind::kText) return Status::Invalid("a date format has to be a text such as '%Y-%m-%d'");
  return DateFormat::make(value.text());
}

// The constant format(s): a text, or a list of texts that are tried in order.
Result<std::vector<DateFormat>> constant_formats(const BindContext& context, size_t index) {
  const std::optional<Value>& constant = context.operands[index].constant;
  if (!constant) return Status::Invalid("the format of ", context.function, " has to be a constant text");
  std::vector<DateFormat> formats;
  if (constant->is_null()) return formats;
  if (constant->kind == ValueKind::kList) {
    for (const Value& item : constant->list()) {
      ARROW_ASSIGN_OR_RAISE(DateFormat format, format_of(item));
      formats.push_back(std::move(format));
    }
    return formats;
  }
  ARROW_ASSIGN_OR_RAISE(DateFormat format, format_of(*constant));
  formats.push_back(std::move(format));
  return formats;
}

bool is_moment(const SqlType& type) { return type.kind == SqlKind::kDate || type.kind == SqlKind::kTimestamp; }

// A column that is a date already is taken as it is: models that were made for text columns stay usable.
Binder strptime(bool is_try) {
  return [is_try](const BindContext& context) -> Result<BoundCall> {
    if (is_moment(context.operands[0].type)) {
      const auto same = [](Values values, Frame& /*frame*/) { return values[0]; };
      return BoundCall{{kTimestamp, context.operands[1].type}, kTimestamp, same};
    }
    ARROW_ASSIGN_OR_RAISE(std::vector<DateFormat> read, constant_formats(context, 1));
    const auto formats = std::make_shared<const std::vector<DateFormat>>(std::move(read));
    auto parse = [formats, is_try](Values values, Frame& frame) {
      for (const DateFormat& format : *formats) {
        if (const std::optional<int64_t> micros = format.parse(values[0].text())) return Value::of_timestamp(*micros);
      }
      if (is_try) return Value::null();
      return frame.fail("'" + std::string(values[0].text()) +
                        "' does not fit the date format; try_strptime gives NULL instead");
    };
    return BoundCall{{kVarchar, context.operands[1].type}, kTimestamp, std::move(parse)};
  };
}

// DuckDB takes the moment and the format in either order.
Result<BoundCall> bind_strftime(const BindContext& context) {
  const size_t moment = is_moment(context.operands[1].type) ? 1 : 0;
  if (!is_moment(context.operands[moment].type) && !context.operands[moment].type.is_null()) {
    return Status::Invalid(signature(context.function, context.operands),
                           " does not exist, only strftime(TIMESTAMP, VARCHAR); CAST the date AS DATE or TIMESTAMP");
  }
  ARROW_ASSIGN_OR_RAISE(std::vector<DateFormat> read, constant_formats(context, 1 - moment));
  const auto formats = std::make_shared<const std::vector<DateFormat>>(std::move(read));
  auto format = [formats, moment](Values values, Frame& frame) {
    return frame.text(formats->front().format(values[moment].integer));
  };
  BoundCall call{{kTimestamp, kVarchar}, kVarchar, std::move(format)};
  if (moment == 1) std::swap(call.parameters[0], call.parameters[1]);
  return call;
}

// --- parts

Result<DatePart> part_operand(const BindContext& context) {
  const std::optional<Value>& constant = context.operands[0].constant;
  if (!constant || constant->kind != ValueKind::kText) {
    return Status::Invalid("the part of ", context.function, " has to be a constant text such as 'year'");
  }
  const std::optional<DatePart> part = find_date_part(constant->text());
  if (!part) {
    return Status::Invalid(
        "unknown part '", constant->text(), "' of ", context.function,
        "; known: second, minute, hour, day, week, month, quarter, year, decade, century, dow, doy, ...");
  }
  return *part;
}

Status check_moments(const BindContext& context) {
  for (size_t i = 1; i < context.operands.size(); ++i) {
    const Operand& operand = context.operands[i];
    if (is_moment(operand.type) || operand.type.is_null() || operand.is_text_literal) continue;
    return Status::Invalid(signature(context.function, context.operands),
                           " does not exist: dates are wanted; CAST the text AS DATE, or use try_strptime");
  }
  return Status::OK();
}

double epoch_seconds(int64_t micros) { return static_cast<double>(micros) / static_cast<double>(kMicrosPerSecond); }

Result<BoundCall> bind_date_part(const BindContext& context) {
  ARROW_RETURN_NOT_OK(check_moments(context));
  ARROW_ASSIGN_OR_RAISE(const DatePart part, part_operand(context));
  if (part == DatePart::kEpoch) {
    const auto epoch = [](Values values, Frame& /*frame*/) {
      return Value::of_double(epoch_seconds(values[1].integer));
    };
    return BoundCall{{kVarchar, kTimestamp}, kDouble, epoch};
  }
  auto extract = [part](Values values, Frame& /*frame*/) {
    return Value::of_integer(part_of(part, values[1].integer));
  };
  return BoundCall{{kVarchar, kTimestamp}, kBigint, std::move(extract)};
}

Binder difference(int64_t (*count)(DatePart unit, int64_t start, int64_t end)) {
  return [count](const BindContext& context) -> Result<BoundCall> {
    ARROW_RETURN_NOT_OK(check_moments(context));
    ARROW_ASSIGN_OR_RAISE(const DatePart unit, part_operand(context));
    auto difference_of = [count, unit](Values values, Frame& /*frame*/) {
      return Value::of_integer(count(unit, values[1].integer, values[2].integer));
    };
    auto block = [count, unit](const BlockCall& call) {
      const int64_t* starts = call.arguments[1].integers;
      const int64_t* ends = call.arguments[2].integers;
      for (size_t k = 0; k < call.size; ++k) call.result->integers()[k] = count(unit, starts[k], ends[k]);
    };
    return BoundCall{{kVarchar, kTimestamp, kTimestamp}, kBigint, std::move(difference_of), false, std::move(block)};
  };
}

Result<BoundCall> bind_date_trunc(const BindContext& context) {
  ARROW_RETURN_NOT_OK(check_moments(context));
  ARROW_ASSIGN_OR_RAISE(const DatePart unit, part_operand(context));
  auto truncate = [unit](Values values, Frame& /*frame*/) {
    return Value::of_timestamp(truncate_to(unit, values[1].integer));
  };
  return BoundCall{{kVarchar, kTimestamp}, kTimestamp, std::move(truncate)};
}

// moment + INTERVAL: date_shift(moment, count, unit).
Result<BoundCall> bind_date_shift(const BindContext& context) {
  const Operand& moment = context.operands[0];
  if (!is_moment(moment.type) && !moment.type.is_null() && !moment.is_text_literal) {
    return Status::Invalid("an interval can be added to a DATE or TIMESTAMP, not to ", moment.type.to_string(),
                           "; CAST it, or use try_strptime");
  }
  const std::optional<Value>& name = context.operands[2].constant;
  const std::optional<DatePart> unit =
      name && name->kind == ValueKind::kText ? find_date_part(name->text()) : std::nullopt;
  if (!unit) return Status::Invalid("unknown unit of an interval");
  auto shift = [unit = *unit](Values values, Frame& frame) {
    const std::optional<int64_t> micros = shifted_by(unit, values[1].integer, values[0].integer);
    return micros ? Value::of_timestamp(*micros) : frame.fail("the date is out of range");
  };
  return BoundCall{{kTimestamp, kBigint, kVarchar}, kTimestamp, std::move(shift)};
}

ScalarFunction part_function(DatePart part) {
  return [part](Values values, Frame& /*frame*/) { return Value::of_integer(part_of(part, values[0].integer)); };
}

// --- the rest

Value last_day(Values values, Frame& /*frame*/) {
  const int64_t days = floor_divide(values[0].integer, kMicrosPerDay);
  CivilDate date = civil_from_days(days);
  date.day = days_in_month(date.year, date.month);
  return Value::of_date(days_from_civil(date));
}

Value make_date(Values values, Frame& frame) {
  const CivilDate date{values[0].integer, values[1].integer, values[2].integer};
  if (is_valid(date)) return Value::of_date(days_from_civil(date));
  return frame.fail("there is no date with year " + std::to_string(date.year) + ", month " +
                    std::to_string(date.month) + " and day " + std::to_string(date.day));
}

Value epoch(Values values, Frame& /*frame*/) { return Value::of_double(epoch_seconds(values[0].integer)); }

ScalarFunction epoch_in(int64_t micros_per_unit) {
  return [micros_per_unit](Values values, Frame& /*frame*/) {
    return Value::of_integer(floor_divide(values[0].integer, micros_per_unit));
  };
}

// %A or %B of the moment.
ScalarFunction name_function(std::string_view format) {
  const auto parsed = std::make_shared<const DateFormat>(DateFormat::make(format).ValueOrDie());
  return [parsed](Values values, Frame& frame) { return frame.text(parsed->format(values[0].integer)); };
}

}  // namespace

void add_date_functions(FunctionLibrary& library) {
  constexpr SqlKind kMoment = SqlKind::kTimestamp;
  constexpr SqlKind kNumber = SqlKind::kBigint;
  library.add("strptime", strptime(false));
  library.add("try_strptime", strptime(true));
  library.add("strftime", Binder(bind_strftime));
  library.add("date_part", Binder(bind_date_part));
  library.add("date_diff", difference(count_boundaries));
  library.add("date_sub", difference(count_whole_units));
  library.add("date_trunc", Binder(bind_date_trunc));
  library.add("date_shift", Binder(bind_date_shift));
  constexpr auto kParts = std::to_array<std::pair<std::string_view, DatePart>>({
      {"year", DatePart::kYear},
      {"quarter", DatePart::kQuarter},
      {"month", DatePart::kMonth},
      {"week", DatePart::kWeek},
      {"day", DatePart::kDay},
      {"hour", DatePart::kHour},
      {"minute", DatePart::kMinute},
      {"second", DatePart::kSecond},
      {"dayofweek", DatePart::kDayOfWeek},
      {"dayofyear", DatePart::kDayOfYear},
      {"isodow", DatePart::kIsoDayOfWeek},
      {"isoyear", DatePart::kIsoYear},
  });
  for (const auto& [name, part] : kParts) library.add(name, {{{kMoment}, kNumber, part_function(part)}});
  library.add("epoch", {{{kMoment}, SqlKind::kDouble, epoch}});
  library.add("epoch_ms", {{{kMoment}, kNumber, epoch_in(1000)}});
  library.add("epoch_us", {{{kMoment}, kNumber, epoch_in(1)}});
  library.add("last_day", {{{kMoment}, SqlKind::kDate, last_day}});
  library.add("make_date", {{{kNumber, kNumber, kNumber}, SqlKind::kDate, make_date}});
  library.add("dayname", {{{kMoment}, SqlKind::kVarchar, name_function("%A")}});
  library.add("monthname", {{{kMoment}, SqlKind::kVarchar, name_function("%B")}});
}

}  // namespace linkwright
