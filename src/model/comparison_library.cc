#include "model/comparison_library.h"

#include <optional>
#include <utility>

#include "base/nearest_name.h"
#include "model/comparison_checks.h"
#include "model/comparison_levels.h"
#include "model/comparison_templates.h"
#include "model/json_reader.h"
#include "model/short_form_values.h"

namespace linkwright {
namespace {

using Json = nlohmann::ordered_json;

WrittenComparison started(const ColumnTerm& column, bool with_exact_match) {
  WrittenComparison written{column.output_name()};
  written.add(levels::null(column));
  if (with_exact_match) written.add(levels::exact_match(column));
  return written;
}

std::string joined(const std::vector<Json>& numbers) {
  std::string text;
  for (const Json& number : numbers) text += (text.empty() ? "" : ", ") + python_text(number);
  return text;
}

Result<WrittenComparison> exact_match(ShortFormReader& reader) {
  ARROW_ASSIGN_OR_RAISE(const ColumnTerm column, reader.column());
  return started(column, true);
}

// What the templates with one level a number differ in.
struct Thresholds {
  const char* key;
  NumberRange range;
  Json fallback;
  bool with_exact_match = true;
};

template <LibraryLevel (*kLevel)(const ColumnTerm&, const Json&)>
Result<WrittenComparison> at_thresholds(ShortFormReader& reader, const Thresholds& thresholds) {
  ARROW_ASSIGN_OR_RAISE(const ColumnTerm column, reader.column());
  ARROW_ASSIGN_OR_RAISE(const std::vector<Json> values,
                        reader.numbers(thresholds.key, thresholds.range, thresholds.fallback, true));
  WrittenComparison written = started(column, thresholds.with_exact_match);
  for (const Json& value : values) written.add(kLevel(column, value));
  return written;
}

template <LibraryLevel (*kLevel)(const ColumnTerm&, const Json&)>
Result<WrittenComparison> at_distances(ShortFormReader& reader) {
  return at_thresholds<kLevel>(reader, {"distance_threshold_or_thresholds", {}, {1, 2}});
}

template <LibraryLevel (*kLevel)(const ColumnTerm&, const Json&)>
Result<WrittenComparison> at_scores(ShortFormReader& reader) {
  return at_thresholds<kLevel>(reader, {"score_threshold_or_thresholds", kShares, {0.9, 0.7}});
}

Result<WrittenComparison> cosine_similarity(ShortFormReader& reader) {
  return at_thresholds<levels::cosine_similarity>(reader,
                                                  {"score_threshold_or_thresholds", kShares, {0.9, 0.8, 0.7}, false});
}

Result<WrittenComparison> array_intersect(ShortFormReader& reader) {
  return at_thresholds<levels::array_intersect>(
      reader, {"size_threshold_or_thresholds", kNotNegative, Json::array({1}), false});
}

Result<WrittenComparison> damerau_levenshtein(ShortFormReader& reader) {
  ARROW_ASSIGN_OR_RAISE(WrittenComparison written, at_distances<levels::damerau_levenshtein>(reader));
  ARROW_ASSIGN_OR_RAISE(const ColumnTerm column, reader.column());
  ARROW_ASSIGN_OR_RAISE(const std::vector<Json> thresholds,
                        reader.numbers("distance_threshold_or_thresholds", {}, {1, 2}, true));
  written.description = "Exact match '" + column.label() + "' vs. Damerau-Levenshtein distance at thresholds " +
                        joined(thresholds) + " vs. anything else";
  return written;
}

Result<WrittenComparison> distance_function(ShortFormReader& reader) {
  ARROW_ASSIGN_OR_RAISE(const ColumnTerm column, reader.column());
  ARROW_ASSIGN_OR_RAISE(const std::string function, reader.object().text("distance_function_name"));
  ARROW_ASSIGN_OR_RAISE(const std::vector<Json> thresholds,
                        reader.numbers("distance_threshold_or_thresholds", {}, nullptr, true));
  ARROW_ASSIGN_OR_RAISE(const bool higher, reader.object().boolean_or("higher_is_more_similar", true));
  WrittenComparison written = started(column, true);
  for (const Json& threshold : thresholds) {
    written.add(levels::distance_function(column, function, threshold, higher));
  }
  return written;
}

Result<WrittenComparison> pairwise_distance(ShortFormReader& reader) {
  ARROW_ASSIGN_OR_RAISE(const ColumnTerm column, reader.column());
  ARROW_ASSIGN_OR_RAISE(const std::string distance,
                        reader.choice("distance_function_name", levels::pairwise_distances()));
  ARROW_ASSIGN_OR_RAISE(const std::vector<Json> thresholds,
                        reader.numbers("distance_threshold_or_thresholds", kNotNegative, nullptr, true));
  WrittenComparison written = started(column, false);
  written.add(levels::array_intersect(column, 1));
  for (const Json& threshold : thresholds) written.add(levels::pairwise_distance(column, distance, threshold));
  written.description = "Pairwise " + distance + " distance at threshold" + (thresholds.size() > 1 ? "s " : " ") +
                        joined(thresholds) + " vs. anything else";
  return written;
}

struct ComparisonTemplate {
  const char* name;
  Result<WrittenComparison> (*write)(ShortFormReader& reader);
};

constexpr const char* kCustomComparison = "CustomComparison";

const std::vector<ComparisonTemplate>& templates() {
  static const std::vector<ComparisonTemplate> kTemplates = {
      {"ExactMatch", exact_match},
      {"LevenshteinAtThresholds", at_distances<levels::levenshtein>},
      {"DamerauLevenshteinAtThresholds", damerau_levenshtein},
      {"JaroAtThresholds", at_scores<levels::jaro>},
      {"JaroWinklerAtThresholds", at_scores<levels::jaro_winkler>},
      {"JaccardAtThresholds", at_scores<levels::jaccard>},
      {"DistanceFunctionAtThresholds", distance_function},
      {"PairwiseStringDistanceFunctionAtThresholds", pairwise_distance},
      {"CosineSimilarityAtThresholds", cosine_similarity},
      {"ArrayIntersectAtSizes", array_intersect},
      {"AbsoluteTimeDifferenceAtThresholds", time_difference_at_thresholds},
      {"AbsoluteDateDifferenceAtThresholds", date_difference_at_thresholds},
      {"DistanceInKMAtThresholds", distance_in_km_at_thresholds},
      {"NameComparison", name_comparison},
      {"ForenameSurnameComparison", forename_surname_comparison},
      {"DateOfBirthComparison", date_of_birth_comparison},
      {"PostcodeComparison", postcode_comparison},
      {"EmailComparison", email_comparison},
  };
  return kTemplates;
}

// Levels as they are given, ELSE too.
Result<WrittenComparison> custom_comparison(ShortFormReader& reader) {
  WrittenComparison written{""};
  ARROW_ASSIGN_OR_RAISE(written.description, reader.object().text_or("comparison_description", ""));
  ARROW_ASSIGN_OR_RAISE(written.levels, read_levels(reader.object()));
  return written;
}

Result<WrittenComparison> write_template(ShortFormReader& reader, const std::string& name) {
  if (name == kCustomComparison) return custom_comparison(reader);
  for (const ComparisonTemplate& known : templates()) {
    if (name != known.name) continue;
    ARROW_ASSIGN_OR_RAISE(WrittenComparison written, known.write(reader));
    written.add(levels::otherwise());
    return written;
  }
  return reader.error("comparison", "'" + name + "' is no comparison" + suggestion(name, comparison_templates()));
}

// m or u from the top level down, ELSE last, for all levels but those of missing values.
Status set_probabilities(ShortFormReader& reader, const char* key, std::optional<double> ComparisonLevel::*probability,
                         Comparison* comparison) {
  ARROW_ASSIGN_OR_RAISE(const std::vector<Json> values, reader.numbers(key, {}, Json::array()));
  for (size_t i = 0; i < values.size(); ++i) {
    const JsonObject& object = reader.object();
    const std::string place = object.where() + ": " + object.path_of(key) + "[" + std::to_string(i) + "]";
    ARROW_RETURN_NOT_OK(check_probability(values[i].get<double>(), place));
  }
  if (values.empty()) return Status::OK();
  const auto expected = static_cast<size_t>(comparison->num_non_null_levels());
  if (values.size() != expected) {
    return reader.error(key, "expected " + std::to_string(expected) +
                                 " probabilities, one for each level that is not a null level, found " +
                                 std::to_string(values.size()));
  }
  size_t next = 0;
  for (ComparisonLevel& level : comparison->levels) {
    if (!level.is_null_level) level.*probability = values[next++].get<double>();
  }
  return Status::OK();
}

// What Splink's configure() does. False changes nothing: a template may adjust without being told.
Result<Comparison> configured(ShortFormReader& reader, std::vector<LibraryLevel> levels) {
  ARROW_ASSIGN_OR_RAISE(const bool adjust, reader.object().boolean_or("term_frequency_adjustments", false));
  Comparison comparison;
  for (LibraryLevel& level : levels) {
    if (adjust && level.exact_match_column) {
      level.level.tf_adjustment_column = *level.exact_match_column;
      level.level.tf_adjustment_weight = 1;
    }
    comparison.levels.push_back(std::move(level.level));
  }
  ARROW_RETURN_NOT_OK(set_probabilities(reader, "m_probabilities", &ComparisonLevel::m_probability, &comparison));
  ARROW_RETURN_NOT_OK(set_probabilities(reader, "u_probabilities", &ComparisonLevel::u_probability, &comparison));
  return comparison;
}

}  // namespace

std::vector<std::string> comparison_templates() {
  std::vector<std::string> names = {kCustomComparison};
  for (const ComparisonTemplate& known : templates()) names.emplace_back(known.name);
  return names;
}

Result<Comparison> read_comparison(const Json& json, const std::string& where, const std::string& path) {
  ARROW_ASSIGN_OR_RAISE(JsonObject object, JsonObject::make(json, where, path));
  const bool is_short = object.has("comparison");
  std::string name = kCustomComparison;
  if (is_short) {
    ARROW_ASSIGN_OR_RAISE(name, object.text("comparison"));
  }
  ShortFormReader reader(std::move(object));
  ARROW_ASSIGN_OR_RAISE(WrittenComparison written, write_template(reader, name));
  ARROW_ASSIGN_OR_RAISE(Comparison comparison, configured(reader, std::move(written.levels)));
  const std::string place = where + ": " + path + (path.empty() ? "" : is_short ? ": written out, " : ".");
  ARROW_RETURN_NOT_OK(check_comparison(comparison, place));
  std::string output_name = std::move(written.output_name);
  if (output_name.empty()) {
    ARROW_ASSIGN_OR_RAISE(output_name, default_output_name(comparison));
  }
  ARROW_ASSIGN_OR_RAISE(comparison.output_column_name, reader.object().name_or("output_column_name", output_name));
  comparison.comparison_description = written.description.empty() && is_short ? name : written.description;
  ARROW_RETURN_NOT_OK(reader.object().check_unknown_keys());
  return comparison;
}

}  // namespace linkwright
