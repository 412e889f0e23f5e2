#include <optional>

#include "expr/date_part.h"
#include "expr/spark_date_pattern.h"
#include "expr/spark_printer.h"

namespace linkwright {
namespace {

Result<std::string> read_date(std::string_view function, const std::vector<Expression>& arguments) {
  ARROW_ASSIGN_OR_RAISE(const std::string value, print_spark(arguments[0]));
  const std::string name = function == "strptime" ? "to_timestamp(" : "try_to_timestamp(";
  const auto with_format = [&](const Expression& format) -> Result<std::string> {
    const std::optional<std::string_view> constant = constant_text(format);
    if (!constant) return no_spark_equal(std::string(function) + " with a format that is no constant text");
    ARROW_ASSIGN_OR_RAISE(const std::string pattern, spark_date_pattern(*constant, true));
    return name + "trim(" + value + "), " + spark_text(pattern) + ")";  // DuckDB passes over blanks around it
  };
  if (!arguments[1].is_call("list_value")) return with_format(arguments[1]);
  if (function == "strptime") return no_spark_equal("strptime with several formats");
  std::string tries;
  for (const Expression& format : arguments[1].arguments()) {
    ARROW_ASSIGN_OR_RAISE(const std::string one, with_format(format));
    tries += (tries.empty() ? "" : ", ") + one;
  }
  return "coalesce(" + tries + ")";
}

Result<std::string> write_date(const std::vector<Expression>& arguments) {
  const size_t format = constant_text(arguments[1]) ? 1 : 0;
  const std::optional<std::string_view> constant = constant_text(arguments[format]);
  if (!constant) return no_spark_equal("strftime with a format that is no constant text");
  ARROW_ASSIGN_OR_RAISE(const std::string value, print_spark(arguments[1 - format]));
  ARROW_ASSIGN_OR_RAISE(const std::string pattern, spark_date_pattern(*constant, false));
  return "date_format(" + value + ", " + spark_text(pattern) + ")";
}

Result<DatePart> constant_part(const Expression& expression, std::string_view function) {
  const std::optional<std::string_view> name = constant_text(expression);
  const std::optional<DatePart> part = name ? find_date_part(*name) : std::nullopt;
  if (!part) return no_spark_equal(std::string(function) + " with a part that is no constant such as 'year'");
  return *part;
}

Result<std::string> date_part(const std::vector<Expression>& arguments) {
  ARROW_ASSIGN_OR_RAISE(const DatePart part, constant_part(arguments[0], "date_part"));
  const std::vector<Expression> date = {arguments[1]};
  switch (part) {
    case DatePart::kYear:
      return fill_spark_template("year($1)", date);
    case DatePart::kQuarter:
      return fill_spark_template("quarter($1)", date);
    case DatePart::kMonth:
      return fill_spark_template("month($1)", date);
    case DatePart::kWeek:
      return fill_spark_template("weekofyear($1)", date);
    case DatePart::kDay:
      return fill_spark_template("day($1)", date);
    case DatePart::kHour:
      return fill_spark_template("hour($1)", date);
    case DatePart::kMinute:
      return fill_spark_template("minute($1)", date);
    case DatePart::kSecond:
      return fill_spark_template("second($1)", date);
    case DatePart::kDayOfWeek:
      return fill_spark_template("(dayofweek($1) - 1)", date);
    case DatePart::kIsoDayOfWeek:
      return fill_spark_template("(weekday($1) + 1)", date);
    case DatePart::kDayOfYear:
      return fill_spark_template("dayofyear($1)", date);
    case DatePart::kEpoch:
      return fill_spark_template("(unix_micros(CAST($1 AS TIMESTAMP)) / 1000000D)", date);
    default:
      return no_spark_equal("date_part('" + std::string(*constant_text(arguments[0])) + "', ...)");
  }
}

Result<std::string> date_diff(const std::vector<Expression>& arguments) {
  ARROW_ASSIGN_OR_RAISE(const DatePart part, constant_part(arguments[0], "date_diff"));
  const auto boundaries = [&](std::string_view micros) {
    const auto count = [&](std::string_view argument) {
      return "floor(unix_micros(CAST(" + std::string(argument) + " AS TIMESTAMP)) / " + std::string(micros) + ")";
    };
    return fill_spark_template("(" + count("$3") + " - " + count("$2") + ")", arguments);
  };
  switch (part) {
    case DatePart::kDay:
      return fill_spark_template("datediff(CAST($3 AS DATE), CAST($2 AS DATE))", arguments);
    case DatePart::kWeek:
      return fill_spark_template("(datediff(CAST($3 AS DATE), CAST($2 AS DATE)) DIV 7)", arguments);
    case DatePart::kMonth:
      return fill_spark_template("((year($3) - year($2)) * 12 + month($3) - month($2))", arguments);
    case DatePart::kQuarter:
      return fill_spark_template("((year($3) - year($2)) * 4 + quarter($3) - quarter($2))", arguments);
    case DatePart::kYear:
      return fill_spark_template("(year($3) - year($2))", arguments);
    case DatePart::kHour:
      return boundaries("3600000000");
    case DatePart::kMinute:
      return boundaries("60000000");
    case DatePart::kSecond:
      return boundaries("1000000");
    default:
      return no_spark_equal("date_diff('" + std::string(*constant_text(arguments[0])) + "', ...)");
  }
}

Result<std::string> date_trunc(const std::vector<Expression>& arguments) {
  ARROW_ASSIGN_OR_RAISE(const DatePart part, constant_part(arguments[0], "date_trunc"));
  const auto text = [&](std::string_view unit) {
    return fill_spark_template("date_trunc('" + std::string(unit) + "', $2)", arguments);
  };
  switch (part) {
    case DatePart::kYear:
      return text("YEAR");
    case DatePart::kQuarter:
      return text("QUARTER");
    case DatePart::kMonth:
      return text("MONTH");
    case DatePart::kWeek:
      return text("WEEK");
    case DatePart::kDay:
      return text("DAY");
    case DatePart::kHour:
      return text("HOUR");
    case DatePart::kMinute:
      return text("MINUTE");
    case DatePart::kSecond:
      return text("SECOND");
    default:
      return no_spark_equal("date_trunc('" + std::string(*constant_text(arguments[0])) + "', ...)");
  }
}

Result<std::string> date_shift(const std::vector<Expression>& arguments) {
  ARROW_ASSIGN_OR_RAISE(const DatePart part, constant_part(arguments[2], "an interval"));
  if (part >= DatePart::kDecade) return no_spark_equal("an interval of decades");
  std::string unit(unit_name(part));
  for (char& c : unit) c = static_cast<char>(c - 'a' + 'A');
  return fill_spark_template("timestampadd(" + unit + ", $2, $1)", arguments);
}

}  // namespace

Result<std::string> spark_date_call(const Expression& call) {
  const std::string& function = call.function();
  if (function == "strftime") return write_date(call.arguments());
  if (function == "date_part") return date_part(call.arguments());
  if (function == "date_diff") return date_diff(call.arguments());
  if (function == "date_trunc") return date_trunc(call.arguments());
  if (function == "date_shift") return date_shift(call.arguments());
  return read_date(function, call.arguments());
}

}  // namespace linkwright
