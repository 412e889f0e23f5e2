#include "model/comparison_library.h"

#include <array>
#include <cmath>
#include <functional>
#include <map>
#include <optional>
#include <utility>

#include "base/nearest_name.h"
#include "expr/expression.h"
#include "model/comparison_checks.h"
#include "model/json_reader.h"

namespace linkwright {
namespace {

using Json = nlohmann::ordered_json;

// A column, or an expression over one, on both sides of a pair.
struct Term {
  std::string left;
  std::string right;
  std::string label;
};

// `text` between two of `quote`, which is doubled inside it.
std::string quoted(const std::string& text, char quote) {
  std::string result(1, quote);
  for (const char c : text) {
    if (c == quote) result += quote;
    result += c;
  }
  return result + quote;
}

Term column_term(const std::string& column) { return {quoted(column + "_l", '"'), quoted(column + "_r", '"'), column}; }

Term call(const std::string& function, const Term& term, const std::string& arguments, const std::string& label) {
  return {function + "(" + term.left + arguments + ")", function + "(" + term.right + arguments + ")", label};
}

Term regex_term(const Term& term, const std::string& pattern) {
  const Term extracted =
      call("regexp_extract", term, ", " + quoted(pattern, '\'') + ", 0", "transformed " + term.label);
  return call("NULLIF", extracted, ", ''", extracted.label);
}

Term date_term(const Term& term, const std::string& format) {
  return call("try_strptime", term, ", " + quoted(format, '\''), "transformed " + term.label);
}

// Python's text of a number: 1 stays 1, 0.9 stays 0.9.
std::string number_text(const Json& number) { return number.dump(); }

ComparisonLevel level(std::string sql, std::string label) {
  ComparisonLevel made;
  made.sql_condition = std::move(sql);
  made.label_for_charts = std::move(label);
  return made;
}

ComparisonLevel else_level() { return level("ELSE", "All other comparisons"); }

ComparisonLevel null_level(const Term& term) {
  ComparisonLevel made = level(term.left + " IS NULL OR " + term.right + " IS NULL", term.label + " is NULL");
  made.is_null_level = true;
  return made;
}

ComparisonLevel exact_level(const Term& term, const std::string& tf_column = "") {
  ComparisonLevel made = level(term.left + " = " + term.right, "Exact match on " + term.label);
  made.tf_adjustment_column = tf_column;
  return made;
}

ComparisonLevel distance_level(const std::string& function, const std::string& name, const Term& term,
                               const std::string& relation, const Json& threshold) {
  return level(function + "(" + term.left + ", " + term.right + ") " + relation + " " + number_text(threshold),
               name + " of " + term.label + " " + relation + " " + number_text(threshold));
}

ComparisonLevel jaro_winkler_level(const Term& term, const Json& threshold) {
  return distance_level("jaro_winkler_similarity", "Jaro-Winkler distance", term, ">=", threshold);
}

ComparisonLevel both(const ComparisonLevel& a, const std::string& connective, const ComparisonLevel& b) {
  ComparisonLevel made = level("(" + a.sql_condition + ") " + connective + " (" + b.sql_condition + ")",
                               "(" + a.label_for_charts + ") " + connective + " (" + b.label_for_charts + ")");
  made.is_null_level = a.is_null_level && b.is_null_level;
  return made;
}

ComparisonLevel array_level(const Term& term, const Json& size) {
  return level("array_length(list_intersect(" + term.left + ", " + term.right + ")) >= " + number_text(size),
               "Array intersection size >= " + number_text(size));
}

struct Unit {
  const char* name;
  double seconds;
  bool whole;  // Splink writes a whole number of these as an integer
};
constexpr std::array<Unit, 6> kUnits = {{{"second", 1, true},
                                         {"minute", 60, true},
                                         {"hour", 3600, true},
                                         {"day", 86400, true},
                                         {"month", 2629800, false},
                                         {"year", 31557600, false}}};

// What a template is being written with.
class Template {
 public:
  Template(JsonObject object, std::string path) : object_(std::move(object)), path_(std::move(path)) {}

  Status add_levels(const std::string& name);
  Status configure();
  Result<Comparison> finish(const std::string& name);

 private:
  Result<Term> term(const std::string& key = "column") {
    ARROW_ASSIGN_OR_RAISE(const std::string column, object_.text(key));
    if (column_.empty()) column_ = column;
    return column_term(column);
  }
  void add(ComparisonLevel level) { comparison_.levels.push_back(std::move(level)); }
  Result<std::vector<Json>> numbers(std::initializer_list<const char*> keys, const Json& fallback);
  Status add_dates(const Term& term, const std::string& label_prefix, const std::string& label_suffix,
                   const std::vector<Json>& thresholds, const std::vector<std::string>& metrics);

  Status string_distance(const std::string& function, const std::string& label, const std::string& relation,
                         const Json& fallback);
  Status name_comparison();
  Status forename_surname();
  Status date_of_birth();
  Status postcode();
  Status email();
  Status date_difference(bool is_date);
  Status distance_in_km();
  ComparisonLevel km_level(const Term& latitude, const Term& longitude, const Json& km, const std::string& label) const;

  JsonObject object_;
  std::string path_;
  std::string column_;
  Comparison comparison_;
};

Result<std::vector<Json>> Template::numbers(std::initializer_list<const char*> keys, const Json& fallback) {
  const Json* value = &fallback;
  std::string used = *keys.begin();
  for (const char* key : keys) {
    if (const Json* given = object_.find(key); given != nullptr) {
      value = given;
      used = key;
    }
  }
  std::vector<Json> numbers;
  for (const Json& number : value->is_array() ? *value : Json::array({*value})) {
    if (!number.is_number())
      return object_.error(used, "expected a number or a list of numbers, found " + value->dump());
    numbers.push_back(number);
  }
  return numbers;
}

Status Template::string_distance(const std::string& function, const std::string& label, const std::string& relation,
                                 const Json& fallback) {
  ARROW_ASSIGN_OR_RAISE(const Term column, term());
  ARROW_ASSIGN_OR_RAISE(
      const std::vector<Json> thresholds,
      numbers({relation == "<=" ? "distance_threshold_or_thresholds" : "score_threshold_or_thresholds", "thresholds"},
              fallback));
  add(null_level(column));
  if (function != "array_cosine_similarity") add(exact_level(column));
  for (const Json& threshold : thresholds) {
    add(distance_level(function, label, column, relation, threshold));
    if (function == "jaccard") {
      comparison_.levels.back().label_for_charts =
          "Jaccard distance of '" + column.label + " >= " + number_text(threshold) + "'";
    }
  }
  return Status::OK();
}

Status Template::name_comparison() {
  ARROW_ASSIGN_OR_RAISE(const Term name, term());
  ARROW_ASSIGN_OR_RAISE(const std::vector<Json> thresholds, numbers({"jaro_winkler_thresholds"}, {0.92, 0.88, 0.7}));
  ARROW_ASSIGN_OR_RAISE(const std::string dmeta, object_.text_or("dmeta_col_name", ""));
  add(null_level(name));
  add(exact_level(name, column_));
  bool dmeta_added = dmeta.empty();
  for (const Json& threshold : thresholds) {
    // Equal sounds say more than a similarity below 0.88.
    if (!dmeta_added && threshold.get<double>() < 0.88) {
      add(array_level(column_term(dmeta), 1));
      dmeta_added = true;
    }
    add(jaro_winkler_level(name, threshold));
  }
  if (!dmeta_added) add(array_level(column_term(dmeta), 1));
  return Status::OK();
}

Status Template::forename_surname() {
  ARROW_ASSIGN_OR_RAISE(const std::string forename_column, object_.text("forename_col_name"));
  ARROW_ASSIGN_OR_RAISE(const std::string surname_column, object_.text("surname_col_name"));
  ARROW_ASSIGN_OR_RAISE(const std::string concatenated, object_.text_or("forename_surname_concat_col_name", ""));
  ARROW_ASSIGN_OR_RAISE(const std::vector<Json> thresholds, numbers({"jaro_winkler_thresholds"}, {0.92, 0.88}));
  const Term forename = column_term(forename_column);
  const Term surname = column_term(surname_column);
  column_ = forename_column + "_" + surname_column;
  add(both(null_level(forename), "AND", null_level(surname)));
  add(concatenated.empty() ? both(exact_level(forename), "AND", exact_level(surname))
                           : exact_level(column_term(concatenated), concatenated));
  add(level(forename.left + " = " + surname.right + " AND " + forename.right + " = " + surname.left,
            "Match on reversed cols: " + forename_column + " and " + surname_column + " (both directions)"));
  for (const Json& threshold : thresholds) {
    add(both(jaro_winkler_level(forename, threshold), "AND", jaro_winkler_level(surname, threshold)));
  }
  add(exact_level(surname, surname_column));
  add(exact_level(forename, forename_column));
  return Status::OK();
}

Status Template::add_dates(const Term& date, const std::string& prefix, const std::string& suffix,
                           const std::vector<Json>& thresholds, const std::vector<std::string>& metrics) {
  if (thresholds.size() != metrics.size()) {
    return object_.error("thresholds", "there must be as many thresholds as metrics");
  }
  for (size_t i = 0; i < thresholds.size(); ++i) {
    const Unit* unit = nullptr;
    for (const Unit& known : kUnits) {
      if (metrics[i] == known.name) unit = &known;
    }
    if (unit == nullptr) {
      return object_.error("metrics", "'" + metrics[i] + "' is no unit; use second, minute, hour, day, month or year");
    }
    const double seconds = thresholds[i].get<double>() * unit->seconds;
    const bool as_integer = unit->whole && thresholds[i].is_number_integer();
    const std::string bound = as_integer ? std::to_string(static_cast<int64_t>(seconds)) : Json(seconds).dump();
    add(level("ABS(EPOCH(" + date.left + ") - EPOCH(" + date.right + ")) <= " + bound,
              prefix + number_text(thresholds[i]) + " " + metrics[i] + suffix));
  }
  return Status::OK();
}

Status Template::date_of_birth() {
  ARROW_ASSIGN_OR_RAISE(const Term column, term());
  ARROW_ASSIGN_OR_RAISE(const bool is_text, object_.boolean_or("input_is_string", true));
  ARROW_ASSIGN_OR_RAISE(const std::string format, object_.text_or("datetime_format", "%Y-%m-%d"));
  ARROW_ASSIGN_OR_RAISE(const bool invalid_as_null, object_.boolean_or("invalid_dates_as_null", true));
  ARROW_ASSIGN_OR_RAISE(const std::vector<Json> thresholds, numbers({"datetime_thresholds"}, {1, 1, 10}));
  ARROW_ASSIGN_OR_RAISE(std::vector<std::string> metrics, object_.texts_or_empty("datetime_metrics"));
  if (metrics.empty()) metrics = {"month", "year", "year"};
  const Term date = is_text ? date_term(column, format) : column;
  add(null_level(is_text && invalid_as_null ? date : column));
  add(exact_level(column));
  comparison_.levels.back().label_for_charts = "Exact match on date of birth";
  const Term text =
      is_text ? column : Term{"CAST(" + column.left + " AS TEXT)", "CAST(" + column.right + " AS TEXT)", ""};
  add(level("levenshtein(" + text.left + ", " + text.right + ") <= 1", "Levenshtein distance <= 1"));
  return add_dates(date, "Abs date difference <= ", "", thresholds, metrics);
}

Status Template::date_difference(bool is_date) {
  ARROW_ASSIGN_OR_RAISE(const Term column, term());
  ARROW_ASSIGN_OR_RAISE(const bool is_text, object_.boolean_or("input_is_string", true));
  ARROW_ASSIGN_OR_RAISE(const std::string format,
                        object_.text_or("datetime_format", is_date ? "%Y-%m-%d" : "%Y-%m-%dT%H:%M:%SZ"));
  ARROW_ASSIGN_OR_RAISE(const bool invalid_as_null, object_.boolean_or("invalid_dates_as_null", true));
  ARROW_ASSIGN_OR_RAISE(const std::vector<std::string> metrics, object_.texts_or_empty("metrics"));
  ARROW_ASSIGN_OR_RAISE(const std::vector<Json> thresholds, numbers({"thresholds"}, Json::array()));
  if (thresholds.empty()) return object_.error("thresholds", "is missing; expected a number for each metric");
  const Term date = is_text ? date_term(column, format) : column;
  add(null_level(is_text && invalid_as_null ? date : column));
  add(exact_level(column));
  return add_dates(date, "Abs difference of '" + date.label + " <= ", "'", thresholds, metrics);
}

ComparisonLevel Template::km_level(const Term& latitude, const Term& longitude, const Json& km,
                                   const std::string& label) const {
  const std::string cosine = "sin(radians(" + latitude.left + ")) * sin(radians(" + latitude.right +
                             ")) + cos(radians(" + latitude.left + ")) * cos(radians(" + latitude.right +
                             ")) * cos(radians(" + longitude.right + " - " + longitude.left + "))";
  return level("cast(acos(case when (" + cosine + ") > 1 then 1 when (" + cosine + ") < -1 then -1 else (" + cosine +
                   ") end) * 6371 as float) <= " + number_text(km),
               label);
}

Status Template::postcode() {
  ARROW_ASSIGN_OR_RAISE(const Term code, term());
  ARROW_ASSIGN_OR_RAISE(const bool invalid_as_null, object_.boolean_or("invalid_postcodes_as_null", false));
  ARROW_ASSIGN_OR_RAISE(const std::string latitude, object_.text_or("lat_col", ""));
  ARROW_ASSIGN_OR_RAISE(const std::string longitude, object_.text_or("long_col", ""));
  ARROW_ASSIGN_OR_RAISE(const std::vector<Json> km, numbers({"km_thresholds"}, {1, 10, 100}));
  const std::string district = "^[A-Za-z]{1,2}[0-9][A-Za-z0-9]?";
  add(null_level(invalid_as_null ? regex_term(code, district + " [0-9][A-Za-z]{2}$") : code));
  if (invalid_as_null) comparison_.levels.back().label_for_charts = "transformed " + code.label + " is NULL";
  add(exact_level(code));
  comparison_.levels.back().label_for_charts = "Exact match on full postcode";
  const std::array<std::pair<std::string, const char*>, 3> parts = {
      {{district + " [0-9]", "sector"}, {district, "district"}, {"^[A-Za-z]{1,2}", "area"}}};
  if (!latitude.empty() && !longitude.empty()) {
    comparison_.levels.back().label_for_charts = "Exact match on " + code.label;
    add(exact_level(regex_term(code, parts[0].first)));
    for (const Json& distance : km) {
      add(km_level(column_term(latitude), column_term(longitude), distance,
                   "Distance in km <= " + number_text(distance)));
    }
    return Status::OK();
  }
  for (const auto& [pattern, name] : parts) {
    add(exact_level(regex_term(code, pattern)));
    comparison_.levels.back().label_for_charts = std::string("Exact match on ") + name;
  }
  return Status::OK();
}

Status Template::email() {
  ARROW_ASSIGN_OR_RAISE(const Term email, term());
  const Term user = regex_term(email, "^[^@]+");
  add(null_level(email));
  add(exact_level(email, column_));
  add(exact_level(user));
  comparison_.levels.back().label_for_charts = "Exact match on username";
  add(jaro_winkler_level(email, 0.88));
  add(jaro_winkler_level(user, 0.88));
  comparison_.levels.back().label_for_charts = "Jaro-Winkler >0.88 on username";
  return Status::OK();
}

Status Template::distance_in_km() {
  ARROW_ASSIGN_OR_RAISE(const std::string latitude, object_.text("lat_col"));
  ARROW_ASSIGN_OR_RAISE(const std::string longitude, object_.text("long_col"));
  ARROW_ASSIGN_OR_RAISE(const std::vector<Json> km, numbers({"km_thresholds"}, Json::array()));
  if (km.empty()) return object_.error("km_thresholds", "is missing; expected a distance or several");
  column_ = latitude + "_" + longitude;
  ComparisonLevel nulls = both(null_level(column_term(latitude)), "OR", null_level(column_term(longitude)));
  add(std::move(nulls));
  for (const Json& distance : km) {
    add(km_level(column_term(latitude), column_term(longitude), distance,
                 "Distance less than " + number_text(distance) + "km"));
  }
  return Status::OK();
}

const std::vector<std::string> kTemplates = {"ExactMatch",
                                             "LevenshteinAtThresholds",
                                             "DamerauLevenshteinAtThresholds",
                                             "JaroAtThresholds",
                                             "JaroWinklerAtThresholds",
                                             "JaccardAtThresholds",
                                             "CosineSimilarityAtThresholds",
                                             "ArrayIntersectAtSizes",
                                             "AbsoluteTimeDifferenceAtThresholds",
                                             "AbsoluteDateDifferenceAtThresholds",
                                             "DistanceInKMAtThresholds",
                                             "NameComparison",
                                             "ForenameSurnameComparison",
                                             "DateOfBirthComparison",
                                             "PostcodeComparison",
                                             "EmailComparison"};

Status Template::add_levels(const std::string& name) {
  if (name == "ExactMatch") {
    ARROW_ASSIGN_OR_RAISE(const Term column, term());
    add(null_level(column));
    add(exact_level(column));
    return Status::OK();
  }
  if (name == "LevenshteinAtThresholds") return string_distance("levenshtein", "Levenshtein distance", "<=", {1, 2});
  if (name == "DamerauLevenshteinAtThresholds") {
    return string_distance("damerau_levenshtein", "Damerau-Levenshtein distance", "<=", {1, 2});
  }
  if (name == "JaroAtThresholds") return string_distance("jaro_similarity", "Jaro distance", ">=", {0.9, 0.7});
  if (name == "JaroWinklerAtThresholds") {
    return string_distance("jaro_winkler_similarity", "Jaro-Winkler distance", ">=", {0.9, 0.7});
  }
  if (name == "JaccardAtThresholds") return string_distance("jaccard", "Jaccard distance", ">=", {0.9, 0.7});
  if (name == "CosineSimilarityAtThresholds") {
    return string_distance("array_cosine_similarity", "Cosine similarity", ">=", {0.9, 0.8, 0.7});
  }
  if (name == "ArrayIntersectAtSizes") {
    ARROW_ASSIGN_OR_RAISE(const Term column, term());
    ARROW_ASSIGN_OR_RAISE(const std::vector<Json> sizes, numbers({"size_threshold_or_thresholds", "thresholds"}, {1}));
    add(null_level(column));
    for (const Json& size : sizes) add(array_level(column, size));
    return Status::OK();
  }
  if (name == "AbsoluteTimeDifferenceAtThresholds") return date_difference(false);
  if (name == "AbsoluteDateDifferenceAtThresholds") return date_difference(true);
  if (name == "DistanceInKMAtThresholds") return distance_in_km();
  if (name == "NameComparison") return name_comparison();
  if (name == "ForenameSurnameComparison") return forename_surname();
  if (name == "DateOfBirthComparison") return date_of_birth();
  if (name == "PostcodeComparison") return postcode();
  if (name == "EmailComparison") return email();
  return object_.error("comparison", "'" + name + "' is no comparison" + suggestion(name, kTemplates));
}

// Splink's configure(): term frequencies on exact matches, and m and u from the top level down (ELSE last).
Status Template::configure() {
  if (object_.has("term_frequency_adjustments")) {
    ARROW_ASSIGN_OR_RAISE(const bool adjust, object_.boolean_or("term_frequency_adjustments", false));
    for (ComparisonLevel& level : comparison_.levels) {
      if (level.is_else()) continue;
      const auto condition = Expression::parse(level.sql_condition);
      const bool exact = condition.ok() && condition->is_call("=") &&
                         condition->arguments()[0].kind() == Expression::Kind::kColumn &&
                         condition->arguments()[1].kind() == Expression::Kind::kColumn;
      if (!exact) continue;
      const std::string name = condition->arguments()[0].column().name;
      level.tf_adjustment_column = adjust ? name.substr(0, name.size() - 2) : "";
    }
  }
  for (const char* key : {"m_probabilities", "u_probabilities"}) {
    ARROW_ASSIGN_OR_RAISE(const std::vector<Json> values, numbers({key}, Json::array()));
    if (values.empty()) continue;
    if (values.size() != static_cast<size_t>(comparison_.num_non_null_levels())) {
      return object_.error(key, "expected " + std::to_string(comparison_.num_non_null_levels()) +
                                    " probabilities, one for each level that is not a null level");
    }
    for (size_t i = 0; i < values.size(); ++i) {
      ARROW_RETURN_NOT_OK(check_probability(
          values[i].get<double>(), object_.where() + ": " + object_.path_of(key) + "[" + std::to_string(i) + "]"));
    }
    size_t next = 0;
    for (ComparisonLevel& level : comparison_.levels) {
      if (level.is_null_level) continue;
      (key[0] == 'm' ? level.m_probability : level.u_probability) = values[next++].get<double>();
    }
  }
  return Status::OK();
}

Result<Comparison> Template::finish(const std::string& name) {
  add(else_level());
  ARROW_RETURN_NOT_OK(configure());
  comparison_.comparison_description = name;
  ARROW_ASSIGN_OR_RAISE(comparison_.output_column_name, object_.text_or("output_column_name", column_));
  ARROW_RETURN_NOT_OK(object_.check_unknown_keys());
  const std::string place = object_.where() + ": " + (path_.empty() ? "" : path_ + ": ");
  ARROW_RETURN_NOT_OK(check_comparison(comparison_, place + "written out, "));
  return std::move(comparison_);
}

}  // namespace

bool is_short_form(const Json& json) { return json.is_object() && json.contains("comparison"); }

std::span<const std::string> comparison_templates() { return kTemplates; }

Result<Comparison> expand_comparison(const Json& json, const std::string& where, const std::string& path) {
  ARROW_ASSIGN_OR_RAISE(JsonObject object, JsonObject::make(json, where, path));
  ARROW_ASSIGN_OR_RAISE(const std::string name, object.text("comparison"));
  Template written(std::move(object), path);
  ARROW_RETURN_NOT_OK(written.add_levels(name));
  return written.finish(name);
}

}  // namespace linkwright
