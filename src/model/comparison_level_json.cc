// Reads levels from JSON.

#include <array>
#include <utility>

#include "base/nearest_name.h"
#include "model/comparison_levels.h"
#include "model/short_form_values.h"
#include "model/sqlglot_text.h"

namespace linkwright {
namespace {

using Json = nlohmann::ordered_json;

struct LevelReader {
  const char* name;
  Result<LibraryLevel> (*read)(ShortFormReader& reader);
};

// A level of one column and one number.
template <LibraryLevel (*kLevel)(const ColumnTerm&, const Json&)>
Result<LibraryLevel> at_threshold(ShortFormReader& reader, const char* key, NumberRange range) {
  ARROW_ASSIGN_OR_RAISE(const ColumnTerm column, reader.column());
  ARROW_ASSIGN_OR_RAISE(const Json threshold, reader.number(key, range));
  return kLevel(column, threshold);
}

Result<LibraryLevel> read_null(ShortFormReader& reader) {
  ARROW_ASSIGN_OR_RAISE(const ColumnTerm column, reader.column());
  if (!reader.object().has("valid_string_pattern")) return levels::null(column);
  ARROW_ASSIGN_OR_RAISE(const std::string pattern, reader.object().text("valid_string_pattern"));
  return levels::null(column.extract(pattern));
}

Result<LibraryLevel> read_custom(ShortFormReader& reader) {
  ARROW_ASSIGN_OR_RAISE(const std::string sql, reader.object().text("sql_condition"));
  ARROW_ASSIGN_OR_RAISE(std::string label, reader.object().text_or("label_for_charts", sql));
  static const std::array<std::string, 1> kDialects = {"duckdb"};
  ARROW_RETURN_NOT_OK(reader.object().choice("base_dialect_str", kDialects, 0));
  return levels::custom(sql, std::move(label));
}

Result<LibraryLevel> read_exact_match(ShortFormReader& reader) {
  ARROW_ASSIGN_OR_RAISE(const ColumnTerm column, reader.column());
  ARROW_ASSIGN_OR_RAISE(const bool adjust, reader.object().boolean_or("term_frequency_adjustments", false));
  LibraryLevel level = levels::exact_match(column);
  if (!adjust) return level;
  if (!level.exact_match_column) {
    return reader.error("term_frequency_adjustments",
                        "needs a column as it stands, without expression or transform; derive a column from it first");
  }
  level.level.tf_adjustment_column = *level.exact_match_column;
  return level;
}

Result<LibraryLevel> read_literal_match(ShortFormReader& reader) {
  static const std::array<std::string, 4> kTypes = {"string", "int", "float", "date"};
  static const std::array<std::string, 3> kSides = {"left", "right", "both"};
  ARROW_ASSIGN_OR_RAISE(const ColumnTerm column, reader.column());
  ARROW_ASSIGN_OR_RAISE(const std::string type, reader.choice("literal_datatype", kTypes));
  ARROW_ASSIGN_OR_RAISE(const size_t side, reader.object().choice("side_of_comparison", kSides, 2));
  const Json* value = reader.object().find("literal_value");
  const bool is_number = type == "int" || type == "float";
  std::string text;
  if (is_number && value != nullptr && value->is_number()) {
    text = python_text(*value);
  } else {
    ARROW_ASSIGN_OR_RAISE(text, reader.object().text("literal_value"));
  }
  std::string literal = in_quotes(text, '\'');
  if (is_number) {
    if (text.find_first_not_of("0123456789+-.eE") != std::string::npos) {
      return reader.error("literal_value", "expected a number, found '" + text + "'");
    }
    auto cast = sqlglot_text("cast(" + text + " as " + type + ")", [](std::string_view, bool) { return ""; });
    if (!cast.ok()) return reader.error("literal_value", "expected a number, found '" + text + "'");
    literal = *cast;
  } else if (type == "date") {
    literal = "CAST(" + literal + " AS DATE)";
  }
  const std::string left = column.left() + " = " + literal;
  const std::string right = column.right() + " = " + literal;
  return levels::custom(side == 0   ? left
                        : side == 1 ? right
                                    : left + " AND " + right,
                        column.label() + " = " + text + " on " + kSides[side]);
}

Result<LibraryLevel> read_columns_reversed(ShortFormReader& reader) {
  ARROW_ASSIGN_OR_RAISE(const ColumnTerm one, reader.column("col_name_1"));
  ARROW_ASSIGN_OR_RAISE(const ColumnTerm other, reader.column("col_name_2"));
  ARROW_ASSIGN_OR_RAISE(const bool symmetrical, reader.object().boolean_or("symmetrical", false));
  return levels::columns_reversed(one, other, symmetrical);
}

Result<LibraryLevel> read_distance_function(ShortFormReader& reader) {
  ARROW_ASSIGN_OR_RAISE(const ColumnTerm column, reader.column());
  ARROW_ASSIGN_OR_RAISE(const std::string function, reader.object().text("distance_function_name"));
  ARROW_ASSIGN_OR_RAISE(const Json threshold, reader.number("distance_threshold"));
  ARROW_ASSIGN_OR_RAISE(const bool higher, reader.object().boolean_or("higher_is_more_similar", true));
  return levels::distance_function(column, function, threshold, higher);
}

Result<LibraryLevel> read_pairwise_distance(ShortFormReader& reader) {
  ARROW_ASSIGN_OR_RAISE(const ColumnTerm column, reader.column());
  ARROW_ASSIGN_OR_RAISE(const std::string distance,
                        reader.choice("distance_function_name", levels::pairwise_distances()));
  ARROW_ASSIGN_OR_RAISE(const Json threshold, reader.number("distance_threshold", kNotNegative));
  return levels::pairwise_distance(column, distance, threshold);
}

Result<LibraryLevel> read_difference(ShortFormReader& reader, std::string_view default_format) {
  ARROW_ASSIGN_OR_RAISE(ColumnTerm moment, reader.column());
  ARROW_ASSIGN_OR_RAISE(const bool is_text, reader.object().boolean_or("input_is_string", true));
  ARROW_ASSIGN_OR_RAISE(const Json threshold, reader.number("threshold", kNotNegative));
  ARROW_ASSIGN_OR_RAISE(const std::string metric, reader.choice("metric", levels::time_metrics()));
  ARROW_ASSIGN_OR_RAISE(const std::string format,
                        reader.object().text_or("datetime_format", std::string(default_format)));
  if (is_text) moment = moment.parse_moment(format);
  auto level = levels::time_difference(moment, threshold, metric);
  return level.ok() ? level : reader.error("threshold", level.status().message());
}

Result<LibraryLevel> read_distance_in_km(ShortFormReader& reader) {
  ARROW_ASSIGN_OR_RAISE(const ColumnTerm latitude, reader.column("lat_col"));
  ARROW_ASSIGN_OR_RAISE(const ColumnTerm longitude, reader.column("long_col"));
  ARROW_ASSIGN_OR_RAISE(const Json km, reader.number("km_threshold"));
  ARROW_ASSIGN_OR_RAISE(const bool not_null, reader.object().boolean_or("not_null", false));
  return levels::distance_in_km(latitude, longitude, km, not_null);
}

Result<LibraryLevel> read_array_subset(ShortFormReader& reader) {
  ARROW_ASSIGN_OR_RAISE(const ColumnTerm column, reader.column());
  ARROW_ASSIGN_OR_RAISE(const bool empty_is_subset, reader.object().boolean_or("empty_is_subset", false));
  return levels::array_subset(column, empty_is_subset);
}

// A level inside of And, Or or Not, which has no options of its own.
Result<LibraryLevel> read_part(const Json& json, const std::string& where, const std::string& path);

Result<std::vector<LibraryLevel>> read_parts(ShortFormReader& reader) {
  JsonObject& object = reader.object();
  ARROW_ASSIGN_OR_RAISE(const auto parts, object.list_or_empty("comparison_levels"));
  if (parts.empty()) return reader.error("comparison_levels", "is missing or empty; expected at least one level");
  std::vector<LibraryLevel> read;
  for (size_t i = 0; i < parts.size(); ++i) {
    ARROW_ASSIGN_OR_RAISE(
        read.emplace_back(),
        read_part(*parts[i], object.where(), object.path_of("comparison_levels[" + std::to_string(i) + "]")));
  }
  return read;
}

Result<LibraryLevel> read_not(ShortFormReader& reader) {
  const Json* part = reader.object().find("comparison_level");
  if (part == nullptr) return reader.error("comparison_level", "is missing; expected a level");
  ARROW_ASSIGN_OR_RAISE(const LibraryLevel read,
                        read_part(*part, reader.object().where(), reader.object().path_of("comparison_level")));
  return levels::not_of(read);
}

const std::vector<LevelReader>& readers() {
  using Reader = ShortFormReader;
  static const std::vector<LevelReader> kReaders = {
      {"NullLevel", read_null},
      {"ElseLevel", [](Reader&) -> Result<LibraryLevel> { return levels::otherwise(); }},
      {"CustomLevel", read_custom},
      {"ExactMatchLevel", read_exact_match},
      {"LiteralMatchLevel", read_literal_match},
      {"ColumnsReversedLevel", read_columns_reversed},
      {"LevenshteinLevel", [](Reader& r) { return at_threshold<levels::levenshtein>(r, "distance_threshold", {}); }},
      {"DamerauLevenshteinLevel",
       [](Reader& r) { return at_threshold<levels::damerau_levenshtein>(r, "distance_threshold", {}); }},
      {"JaroWinklerLevel",
       [](Reader& r) { return at_threshold<levels::jaro_winkler>(r, "distance_threshold", kShares); }},
      {"JaroLevel", [](Reader& r) { return at_threshold<levels::jaro>(r, "distance_threshold", kShares); }},
      {"JaccardLevel", [](Reader& r) { return at_threshold<levels::jaccard>(r, "distance_threshold", kShares); }},
      {"DistanceFunctionLevel", read_distance_function},
      {"PairwiseStringDistanceFunctionLevel", read_pairwise_distance},
      {"AbsoluteTimeDifferenceLevel", [](Reader& r) { return read_difference(r, ColumnTerm::kTimestampFormat); }},
      {"AbsoluteDateDifferenceLevel", [](Reader& r) { return read_difference(r, ColumnTerm::kDateFormat); }},
      {"DistanceInKMLevel", read_distance_in_km},
      {"CosineSimilarityLevel",
       [](Reader& r) { return at_threshold<levels::cosine_similarity>(r, "similarity_threshold", kShares); }},
      {"ArrayIntersectLevel",
       [](Reader& r) -> Result<LibraryLevel> {
         ARROW_ASSIGN_OR_RAISE(const ColumnTerm column, r.column());
         ARROW_ASSIGN_OR_RAISE(const Json size, r.number("min_intersection", kNotNegative, 1));
         return levels::array_intersect(column, size);
       }},
      {"ArraySubsetLevel", read_array_subset},
      {"PercentageDifferenceLevel",
       [](Reader& r) { return at_threshold<levels::percentage_difference>(r, "percentage_threshold", kShares); }},
      {"AbsoluteDifferenceLevel",
       [](Reader& r) { return at_threshold<levels::absolute_difference>(r, "difference_threshold", kNotNegative); }},
      {"And",
       [](Reader& r) -> Result<LibraryLevel> {
         ARROW_ASSIGN_OR_RAISE(const std::vector<LibraryLevel> parts, read_parts(r));
         return levels::all_of(parts);
       }},
      {"Or",
       [](Reader& r) -> Result<LibraryLevel> {
         ARROW_ASSIGN_OR_RAISE(const std::vector<LibraryLevel> parts, read_parts(r));
         return levels::any_of(parts);
       }},
      {"Not", read_not},
  };
  return kReaders;
}

Result<LibraryLevel> read_named(ShortFormReader& reader) {
  ARROW_ASSIGN_OR_RAISE(const std::string name, reader.object().text("level"));
  for (const LevelReader& known : readers()) {
    if (name == known.name) return known.read(reader);
  }
  return reader.error("level", "'" + name + "' is no comparison level" + suggestion(name, level_names()));
}

Result<LibraryLevel> read_condition(ShortFormReader& reader) {
  return reader.object().has("level") ? read_named(reader) : read_custom(reader);
}

Result<LibraryLevel> read_part(const Json& json, const std::string& where, const std::string& path) {
  ARROW_ASSIGN_OR_RAISE(JsonObject object, JsonObject::make(json, where, path));
  ShortFormReader reader(std::move(object));
  ARROW_ASSIGN_OR_RAISE(LibraryLevel level, read_condition(reader));
  ARROW_RETURN_NOT_OK(reader.object().check_unknown_keys());
  return level;
}

// What a level may have beside its condition. What is not given stays as the level has it.
Status read_options(JsonObject& object, ComparisonLevel* level) {
  ARROW_ASSIGN_OR_RAISE(level->label_for_charts, object.text_or("label_for_charts", level->label_for_charts));
  ARROW_ASSIGN_OR_RAISE(level->is_null_level, object.boolean_or("is_null_level", level->is_null_level));
  ARROW_ASSIGN_OR_RAISE(level->m_probability, object.optional_number("m_probability"));
  ARROW_ASSIGN_OR_RAISE(level->u_probability, object.optional_number("u_probability"));
  ARROW_ASSIGN_OR_RAISE(level->fix_m_probability, object.boolean_or("fix_m_probability", false));
  ARROW_ASSIGN_OR_RAISE(level->fix_u_probability, object.boolean_or("fix_u_probability", false));
  ARROW_ASSIGN_OR_RAISE(level->tf_adjustment_column,
                        object.text_or("tf_adjustment_column", level->tf_adjustment_column));
  level->tf_adjustment_column = name_in_quotes(level->tf_adjustment_column).value_or(level->tf_adjustment_column);
  ARROW_ASSIGN_OR_RAISE(level->tf_adjustment_weight, object.number_or("tf_adjustment_weight", 1.0));
  // Splink drops a weight of 0 when it copies its settings, and then takes the default.
  if (level->tf_adjustment_weight == 0) level->tf_adjustment_weight = 1.0;
  ARROW_ASSIGN_OR_RAISE(level->tf_minimum_u_value, object.number_or("tf_minimum_u_value", 0.0));
  ARROW_ASSIGN_OR_RAISE(level->disable_tf_exact_match_detection,
                        object.boolean_or("disable_tf_exact_match_detection", false));
  return Status::OK();
}

}  // namespace

std::vector<std::string> level_names() {
  std::vector<std::string> names;
  for (const LevelReader& reader : readers()) names.emplace_back(reader.name);
  return names;
}

Result<LibraryLevel> read_level(const Json& json, const std::string& where, const std::string& path) {
  ARROW_ASSIGN_OR_RAISE(JsonObject object, JsonObject::make(json, where, path));
  ShortFormReader reader(std::move(object));
  ARROW_ASSIGN_OR_RAISE(LibraryLevel level, read_condition(reader));
  ARROW_RETURN_NOT_OK(read_options(reader.object(), &level.level));
  ARROW_RETURN_NOT_OK(reader.object().check_unknown_keys());
  return level;
}

Result<std::vector<LibraryLevel>> read_levels(JsonObject& object) {
  ARROW_ASSIGN_OR_RAISE(const auto levels, object.list_or_empty("comparison_levels"));
  if (levels.empty()) return object.error("comparison_levels", "is missing or empty; a comparison needs levels");
  std::vector<LibraryLevel> read;
  for (size_t i = 0; i < levels.size(); ++i) {
    const std::string path = object.path_of("comparison_levels[" + std::to_string(i) + "]");
    ARROW_ASSIGN_OR_RAISE(read.emplace_back(), read_level(*levels[i], object.where(), path));
  }
  return read;
}

}  // namespace linkwright
