#include "model/short_form_values.h"

#include <array>
#include <charconv>
#include <cstdlib>
#include <utility>

#include "base/nearest_name.h"

namespace linkwright {
namespace {

using Json = nlohmann::ordered_json;

// The arguments of one transform, by the names of Splink's parameters, in order.
class TransformArguments {
 public:
  // `json` is one value, a list in the order of `names`, or an object with them as keys.
  static Result<TransformArguments> make(const Json& json, std::vector<std::string> names, std::string place) {
    TransformArguments arguments(std::move(names), std::move(place));
    if (json.is_object()) {
      for (const auto& [key, value] : json.items()) {
        const auto name = std::find(arguments.names_.begin(), arguments.names_.end(), key);
        if (name == arguments.names_.end()) {
          return Status::Invalid(arguments.place_, ": unknown argument '", key, "'", suggestion(key, arguments.names_));
        }
        arguments.values_[static_cast<size_t>(name - arguments.names_.begin())] = value;
      }
      return arguments;
    }
    const Json list = json.is_array() ? json : Json::array({json});
    if (list.size() > arguments.names_.size()) {
      return Status::Invalid(arguments.place_, ": takes ", arguments.names_.size(), " arguments, found ", list.size());
    }
    for (size_t i = 0; i < list.size(); ++i) arguments.values_[i] = list[i];
    return arguments;
  }

  bool has(size_t index) const { return !values_[index].is_null(); }

  Result<std::string> text(size_t index) const {
    if (values_[index].is_string()) return values_[index].get<std::string>();
    return Status::Invalid(place_, ": expected a text for ", names_[index], ", found ", shown(values_[index]));
  }

  Result<int64_t> whole(size_t index) const {
    if (values_[index].is_number_integer()) return values_[index].get<int64_t>();
    return Status::Invalid(place_, ": expected a whole number for ", names_[index], ", found ", shown(values_[index]));
  }

 private:
  TransformArguments(std::vector<std::string> names, std::string place)
      : names_(std::move(names)), values_(names_.size()), place_(std::move(place)) {}

  std::vector<std::string> names_;
  std::vector<Json> values_;
  std::string place_;
};

Result<ColumnTerm> parse_moment(const ColumnTerm& term, const TransformArguments& arguments,
                                std::string_view fallback) {
  if (!arguments.has(0)) return term.parse_moment(std::string(fallback));
  ARROW_ASSIGN_OR_RAISE(const std::string format, arguments.text(0));
  return term.parse_moment(format);
}

struct Transform {
  const char* name;
  std::vector<std::string> parameters;
  Result<ColumnTerm> (*apply)(const ColumnTerm& term, const TransformArguments& arguments);
};

const std::vector<Transform>& transforms() {
  static const std::vector<Transform> kTransforms = {
      {"lower",
       {},
       [](const ColumnTerm& term, const TransformArguments&) -> Result<ColumnTerm> { return term.lower(); }},
      {"substr",
       {"start", "length"},
       [](const ColumnTerm& term, const TransformArguments& arguments) -> Result<ColumnTerm> {
         ARROW_ASSIGN_OR_RAISE(const int64_t start, arguments.whole(0));
         ARROW_ASSIGN_OR_RAISE(const int64_t length, arguments.whole(1));
         return term.substring(start, length);
       }},
      {"cast_to_string",
       {},
       [](const ColumnTerm& term, const TransformArguments&) -> Result<ColumnTerm> { return term.cast_to_text(); }},
      {"regex_extract",
       {"pattern", "capture_group"},
       [](const ColumnTerm& term, const TransformArguments& arguments) -> Result<ColumnTerm> {
         ARROW_ASSIGN_OR_RAISE(const std::string pattern, arguments.text(0));
         ARROW_ASSIGN_OR_RAISE(const int64_t group, arguments.has(1) ? arguments.whole(1) : Result<int64_t>(0));
         return term.extract(pattern, group);
       }},
      {"nullif",
       {"null_value"},
       [](const ColumnTerm& term, const TransformArguments& arguments) -> Result<ColumnTerm> {
         ARROW_ASSIGN_OR_RAISE(const std::string text, arguments.text(0));
         return term.null_if(text);
       }},
      {"try_parse_date",
       {"date_format"},
       [](const ColumnTerm& term, const TransformArguments& arguments) {
         return parse_moment(term, arguments, ColumnTerm::kDateFormat);
       }},
      {"try_parse_timestamp",
       {"timestamp_format"},
       [](const ColumnTerm& term, const TransformArguments& arguments) {
         return parse_moment(term, arguments, ColumnTerm::kTimestampFormat);
       }},
      {"access_extreme_array_element",
       {"first_or_last"},
       [](const ColumnTerm& term, const TransformArguments& arguments) -> Result<ColumnTerm> {
         ARROW_ASSIGN_OR_RAISE(const std::string end, arguments.text(0));
         if (end == "first") return term.element(1);
         if (end == "last") return term.element(-1);
         return Status::Invalid("'", end, "' is no end of a list; use first or last");
       }},
  };
  return kTransforms;
}

// `json` is a name, or an object of one name and its arguments.
Result<ColumnTerm> transformed(const ColumnTerm& term, const Json& json, const std::string& place) {
  const bool is_call = json.is_object() && json.size() == 1;
  if (!json.is_string() && !is_call) {
    return Status::Invalid(place, R"(: expected a transform, as "lower" or {"substr": [1, 3]}, found )", shown(json));
  }
  const std::string name = is_call ? json.begin().key() : json.get<std::string>();
  const Json arguments = is_call ? json.begin().value() : Json::array();
  std::vector<std::string> names;
  for (const Transform& transform : transforms()) {
    names.emplace_back(transform.name);
    if (name != transform.name) continue;
    ARROW_ASSIGN_OR_RAISE(const TransformArguments read,
                          TransformArguments::make(arguments, transform.parameters, place + "." + name));
    auto result = transform.apply(term, read);
    if (result.ok() || result.status().message().starts_with(place)) return result;
    return Status::Invalid(place, ".", name, ": ", result.status().message());
  }
  return Status::Invalid(place, ": '", name, "' is no transform", suggestion(name, names));
}

}  // namespace

Result<ColumnTerm> ColumnTerm::from_json(const Json& json, const std::string& where, const std::string& path) {
  const std::string place = where + ": " + path;
  const auto parsed = [&](const std::string& text, const std::string& at) -> Result<ColumnTerm> {
    auto term = ColumnTerm::parse(text);
    return term.ok() ? term : Status::Invalid(at, ": ", term.status().message());
  };
  if (json.is_string()) return parsed(json.get<std::string>(), place);
  if (!json.is_object()) {
    return Status::Invalid(place, ": expected a column, or {\"column\": ..., \"transforms\": [...]}, found ",
                           shown(json));
  }
  ARROW_ASSIGN_OR_RAISE(JsonObject object, JsonObject::make(json, where, path));
  ARROW_ASSIGN_OR_RAISE(const std::string text, object.text("column"));
  ARROW_ASSIGN_OR_RAISE(ColumnTerm term, parsed(text, place + ".column"));
  ARROW_ASSIGN_OR_RAISE(const auto steps, object.list_or_empty("transforms"));
  for (size_t i = 0; i < steps.size(); ++i) {
    ARROW_ASSIGN_OR_RAISE(term, transformed(term, *steps[i], place + ".transforms[" + std::to_string(i) + "]"));
  }
  ARROW_RETURN_NOT_OK(object.check_unknown_keys());
  return term;
}

std::string python_text(const Json& number) {
  if (!number.is_number_float()) return number.dump();
  std::array<char, 32> buffer;
  const double value = number.get<double>();
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::scientific);
  std::string text(buffer.data(), end.ptr);
  const int exponent = std::atoi(text.c_str() + text.find('e') + 1);
  if (exponent < -4 || exponent >= 16) return text;
  const auto plain = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed);
  text.assign(buffer.data(), plain.ptr);
  return text.find('.') == std::string::npos ? text + ".0" : text;
}

Result<ColumnTerm> ShortFormReader::column() {
  const bool has_column = object_.has("column");
  if (has_column && object_.has("col_name")) return error("col_name", "is given beside \"column\"; keep one");
  return column(has_column || !object_.has("col_name") ? "column" : "col_name");
}

Result<ColumnTerm> ShortFormReader::column(const std::string& key) {
  const Json* value = object_.find(key);
  if (value == nullptr) return error(key, "is missing; expected a column");
  return ColumnTerm::from_json(*value, object_.where(), object_.path_of(key));
}

Result<std::optional<ColumnTerm>> ShortFormReader::optional_column(const std::string& key) {
  if (!object_.has(key)) return std::nullopt;
  ARROW_ASSIGN_OR_RAISE(ColumnTerm term, column(key));
  return term;
}

Result<Json> ShortFormReader::checked(const std::string& key, const Json& value, NumberRange range) const {
  if (!value.is_number()) return error(key, "expected a number, found " + shown(value));
  const auto number = value.get<double>();
  if (number >= range.lowest && number <= range.highest) return value;
  const bool is_share = range.highest == 1;
  return error(key, std::string("expected a number ") + (is_share ? "between 0 and 1" : "of 0 or more") + ", found " +
                        shown(value));
}

Result<Json> ShortFormReader::number(const std::string& key, NumberRange range, const Json& fallback) {
  const Json* value = object_.find(key);
  if (value == nullptr) {
    return fallback.is_null() ? Result<Json>(error(key, "is missing; expected a number")) : Result<Json>(fallback);
  }
  return checked(key, *value, range);
}

Result<std::vector<Json>> ShortFormReader::numbers(const std::string& key, NumberRange range, const Json& fallback,
                                                   bool or_thresholds) {
  std::string used = key;
  const Json* value = object_.find(key);
  if (or_thresholds && object_.has("thresholds")) {
    if (value != nullptr) return error("thresholds", "is given beside \"" + key + "\"; keep one");
    used = "thresholds";
    value = object_.find(used);
  }
  if (value == nullptr && fallback.is_null()) return error(key, "is missing; expected a number or a list of numbers");
  if (value == nullptr) value = &fallback;
  std::vector<Json> numbers;
  if (!value->is_array()) {
    ARROW_ASSIGN_OR_RAISE(numbers.emplace_back(), checked(used, *value, range));
    return numbers;
  }
  for (size_t i = 0; i < value->size(); ++i) {
    ARROW_ASSIGN_OR_RAISE(numbers.emplace_back(), checked(used + "[" + std::to_string(i) + "]", (*value)[i], range));
  }
  return numbers;
}

Result<std::string> ShortFormReader::choice(const std::string& key, std::span<const std::string> choices) {
  ARROW_RETURN_NOT_OK(object_.text(key).status());
  ARROW_ASSIGN_OR_RAISE(const size_t index, object_.choice(key, choices, 0));
  return choices[index];
}

}  // namespace linkwright
