#include "model/comparison_templates.h"

#include <algorithm>
#include <optional>

#include "base/nearest_name.h"

namespace linkwright {
namespace {

using Json = nlohmann::ordered_json;

// Below this similarity, equal sounds say more than similar letters.
constexpr double kSoundsCount = 0.88;

// How a column of moments is written: as text in a format, or as DATE or TIMESTAMP.
struct MomentColumn {
  ColumnTerm column;
  ColumnTerm moment;  // of type DATE or TIMESTAMP
  ColumnTerm nullable;
  bool is_text;
};

Result<MomentColumn> read_moment_column(ShortFormReader& reader, std::string_view default_format) {
  ARROW_ASSIGN_OR_RAISE(const ColumnTerm column, reader.column());
  ARROW_ASSIGN_OR_RAISE(const bool is_text, reader.object().boolean_or("input_is_string", true));
  ARROW_ASSIGN_OR_RAISE(const std::string format,
                        reader.object().text_or("datetime_format", std::string(default_format)));
  ARROW_ASSIGN_OR_RAISE(const bool invalid_as_null, reader.object().boolean_or("invalid_dates_as_null", true));
  const ColumnTerm moment = is_text ? column.parse_moment(format) : column;
  return MomentColumn{column, moment, invalid_as_null ? moment : column, is_text};
}

struct TimeThreshold {
  Json count;
  std::string metric;
};

Result<std::vector<TimeThreshold>> read_time_thresholds(ShortFormReader& reader, const std::string& counts_key,
                                                        const Json& default_counts, const std::string& metrics_key,
                                                        const std::vector<std::string>& default_metrics) {
  ARROW_ASSIGN_OR_RAISE(const std::vector<Json> counts, reader.numbers(counts_key, kNotNegative, default_counts));
  ARROW_ASSIGN_OR_RAISE(std::vector<std::string> metrics, reader.object().texts_or_empty(metrics_key));
  if (!reader.object().has(metrics_key)) metrics = default_metrics;
  if (metrics.empty()) {
    return reader.error(metrics_key,
                        "is missing; expected second, minute, hour, day, month or year for each threshold");
  }
  if (counts.size() != metrics.size()) {
    return reader.error(counts_key, "has " + std::to_string(counts.size()) + " thresholds, and " + metrics_key +
                                        " has " + std::to_string(metrics.size()) + "; give as many of both");
  }
  std::vector<TimeThreshold> thresholds;
  const std::vector<std::string>& known = levels::time_metrics();
  for (size_t i = 0; i < counts.size(); ++i) {
    if (std::find(known.begin(), known.end(), metrics[i]) == known.end()) {
      return reader.error(metrics_key, "'" + metrics[i] + "' is no unit" + suggestion(metrics[i], known));
    }
    thresholds.push_back({counts[i], metrics[i]});
  }
  return thresholds;
}

// `key` names the thresholds in errors; `label` is that of the level's own where it is empty.
Status add_differences(ShortFormReader& reader, const MomentColumn& column, const std::string& key,
                       const std::vector<TimeThreshold>& thresholds, const std::string& label,
                       WrittenComparison* written) {
  for (const TimeThreshold& threshold : thresholds) {
    auto level = levels::time_difference(column.moment, threshold.count, threshold.metric);
    if (!level.ok()) return reader.error(key, level.status().message());
    if (label.empty()) {
      written->add(level.MoveValueUnsafe());
    } else {
      written->add(level.MoveValueUnsafe(), label + python_text(threshold.count) + " " + threshold.metric);
    }
  }
  return Status::OK();
}

Result<WrittenComparison> difference_at_thresholds(ShortFormReader& reader, std::string_view default_format) {
  ARROW_ASSIGN_OR_RAISE(const MomentColumn column, read_moment_column(reader, default_format));
  ARROW_ASSIGN_OR_RAISE(const std::vector<TimeThreshold> thresholds,
                        read_time_thresholds(reader, "thresholds", nullptr, "metrics", {}));
  WrittenComparison written{column.column.output_name()};
  written.add(levels::null(column.nullable));
  written.add(levels::exact_match(column.column));
  ARROW_RETURN_NOT_OK(add_differences(reader, column, "thresholds", thresholds, "", &written));
  return written;
}

}  // namespace

void WrittenComparison::add(LibraryLevel level, std::string label) {
  level.level.label_for_charts = std::move(label);
  levels.push_back(std::move(level));
}

void WrittenComparison::add_adjusted(LibraryLevel level, const ColumnTerm& column) {
  level.level.tf_adjustment_column = column.bare_text();
  levels.push_back(std::move(level));
}

Result<WrittenComparison> name_comparison(ShortFormReader& reader) {
  ARROW_ASSIGN_OR_RAISE(const ColumnTerm name, reader.column());
  ARROW_ASSIGN_OR_RAISE(const std::vector<Json> thresholds,
                        reader.numbers("jaro_winkler_thresholds", kShares, {0.92, 0.88, 0.7}));
  ARROW_ASSIGN_OR_RAISE(const std::optional<ColumnTerm> sounds, reader.optional_column("dmeta_col_name"));
  WrittenComparison written{name.output_name()};
  const auto add_similar = [&](bool above_sounds) {
    for (const Json& threshold : thresholds) {
      if ((threshold.get<double>() >= kSoundsCount) == above_sounds) {
        written.add(levels::jaro_winkler(name, threshold));
      }
    }
  };
  written.add(levels::null(name));
  if (name.is_plain_column()) {
    written.add_adjusted(levels::exact_match(name), name);
  } else {
    written.add(levels::exact_match(name));
  }
  add_similar(true);
  if (sounds) written.add(levels::array_intersect(*sounds, 1));
  add_similar(false);
  return written;
}

Result<WrittenComparison> forename_surname_comparison(ShortFormReader& reader) {
  ARROW_ASSIGN_OR_RAISE(const ColumnTerm forename, reader.column("forename_col_name"));
  ARROW_ASSIGN_OR_RAISE(const ColumnTerm surname, reader.column("surname_col_name"));
  ARROW_ASSIGN_OR_RAISE(const std::vector<Json> thresholds,
                        reader.numbers("jaro_winkler_thresholds", kShares, {0.92, 0.88}));
  ARROW_ASSIGN_OR_RAISE(const std::optional<ColumnTerm> full_name,
                        reader.optional_column("forename_surname_concat_col_name"));
  WrittenComparison written{forename.output_name() + "_" + surname.output_name()};
  written.add(levels::all_of({levels::null(forename), levels::null(surname)}));
  if (full_name) {
    written.add_adjusted(levels::exact_match(*full_name), *full_name);
  } else {
    written.add(levels::all_of({levels::exact_match(forename), levels::exact_match(surname)}));
  }
  written.add(levels::columns_reversed(forename, surname, true));
  for (const Json& threshold : thresholds) {
    written.add(levels::all_of({levels::jaro_winkler(forename, threshold), levels::jaro_winkler(surname, threshold)}));
  }
  written.add_adjusted(levels::exact_match(surname), surname);
  written.add_adjusted(levels::exact_match(forename), forename);
  return written;
}

Result<WrittenComparison> date_of_birth_comparison(ShortFormReader& reader) {
  ARROW_ASSIGN_OR_RAISE(const MomentColumn column, read_moment_column(reader, ColumnTerm::kDateFormat));
  ARROW_ASSIGN_OR_RAISE(
      const std::vector<TimeThreshold> thresholds,
      read_time_thresholds(reader, "datetime_thresholds", {1, 1, 10}, "datetime_metrics", {"month", "year", "year"}));
  WrittenComparison written{column.column.output_name()};
  written.add(levels::null(column.nullable));
  written.add(levels::exact_match(column.column), "Exact match on date of birth");
  written.add(levels::levenshtein(column.is_text ? column.column : column.column.cast_to_text(), 1),
              "Levenshtein distance <= 1");
  ARROW_RETURN_NOT_OK(
      add_differences(reader, column, "datetime_thresholds", thresholds, "Abs date difference <= ", &written));
  return written;
}

Result<WrittenComparison> date_difference_at_thresholds(ShortFormReader& reader) {
  return difference_at_thresholds(reader, ColumnTerm::kDateFormat);
}

Result<WrittenComparison> time_difference_at_thresholds(ShortFormReader& reader) {
  return difference_at_thresholds(reader, ColumnTerm::kTimestampFormat);
}

Result<WrittenComparison> postcode_comparison(ShortFormReader& reader) {
  ARROW_ASSIGN_OR_RAISE(const ColumnTerm postcode, reader.column());
  ARROW_ASSIGN_OR_RAISE(const bool invalid_as_null, reader.object().boolean_or("invalid_postcodes_as_null", false));
  ARROW_ASSIGN_OR_RAISE(const std::optional<ColumnTerm> latitude, reader.optional_column("lat_col"));
  ARROW_ASSIGN_OR_RAISE(const std::optional<ColumnTerm> longitude, reader.optional_column("long_col"));
  ARROW_ASSIGN_OR_RAISE(const std::vector<Json> distances, reader.numbers("km_thresholds", {}, {1, 10, 100}));
  if (latitude.has_value() != longitude.has_value()) {
    return reader.error(latitude ? "long_col" : "lat_col", "is missing; a place needs a latitude and a longitude");
  }
  const std::string area = "^[A-Za-z]{1,2}";
  const std::string district = area + "[0-9][A-Za-z0-9]?";
  const std::string sector = district + " [0-9]";
  WrittenComparison written{postcode.output_name()};
  written.add(levels::null(invalid_as_null ? postcode.extract(sector + "[A-Za-z]{2}$") : postcode));
  if (latitude && !distances.empty()) {
    written.add(levels::exact_match(postcode));
    written.add(levels::exact_match(postcode.extract(sector)));
    for (const Json& km : distances) {
      written.add(levels::distance_in_km(*latitude, *longitude, km, false), "Distance in km <= " + python_text(km));
    }
    return written;
  }
  written.add(levels::exact_match(postcode), "Exact match on full postcode");
  written.add(levels::exact_match(postcode.extract(sector)), "Exact match on sector");
  written.add(levels::exact_match(postcode.extract(district)), "Exact match on district");
  written.add(levels::exact_match(postcode.extract(area)), "Exact match on area");
  return written;
}

Result<WrittenComparison> email_comparison(ShortFormReader& reader) {
  ARROW_ASSIGN_OR_RAISE(const ColumnTerm email, reader.column());
  const ColumnTerm user = email.extract("^[^@]+");
  WrittenComparison written{email.output_name()};
  written.add(levels::null(email));
  written.add_adjusted(levels::exact_match(email), email);
  written.add(levels::exact_match(user), "Exact match on username");
  written.add(levels::jaro_winkler(email, 0.88));
  written.add(levels::jaro_winkler(user, 0.88), "Jaro-Winkler >0.88 on username");
  return written;
}

Result<WrittenComparison> distance_in_km_at_thresholds(ShortFormReader& reader) {
  ARROW_ASSIGN_OR_RAISE(const ColumnTerm latitude, reader.column("lat_col"));
  ARROW_ASSIGN_OR_RAISE(const ColumnTerm longitude, reader.column("long_col"));
  ARROW_ASSIGN_OR_RAISE(const std::vector<Json> distances, reader.numbers("km_thresholds", {}, nullptr));
  WrittenComparison written{latitude.output_name() + "_" + longitude.output_name()};
  written.add(levels::any_of({levels::null(latitude), levels::null(longitude)}));
  for (const Json& km : distances) written.add(levels::distance_in_km(latitude, longitude, km, false));
  return written;
}

}  // namespace linkwright
