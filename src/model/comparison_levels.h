#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/status.h"
#include "model/column_term.h"
#include "model/json_reader.h"
#include "model/linkage_model.h"

namespace linkwright {

/// A level of Splink 5's comparison level library, with the one thing about it that its SQL no longer shows.
struct LibraryLevel {
  ComparisonLevel level;
  /// The name of the column of an exact match on a column as it stands: what `term_frequency_adjustments` applies to.
  std::optional<std::string> exact_match_column = std::nullopt;
};

/// The levels' SQL and labels for charts, as Splink 5.0.0 writes them for DuckDB. Numbers are JSON, as 1 and 1.0 are
/// written differently.
namespace levels {

using Json = nlohmann::ordered_json;

LibraryLevel custom(std::string sql, std::string label);
LibraryLevel otherwise();  // ELSE
LibraryLevel null(const ColumnTerm& term);
LibraryLevel exact_match(const ColumnTerm& term);
LibraryLevel columns_reversed(const ColumnTerm& one, const ColumnTerm& other, bool symmetrical);
LibraryLevel levenshtein(const ColumnTerm& term, const Json& threshold);
LibraryLevel damerau_levenshtein(const ColumnTerm& term, const Json& threshold);
LibraryLevel jaro(const ColumnTerm& term, const Json& threshold);
LibraryLevel jaro_winkler(const ColumnTerm& term, const Json& threshold);
LibraryLevel jaccard(const ColumnTerm& term, const Json& threshold);
LibraryLevel cosine_similarity(const ColumnTerm& term, const Json& threshold);
LibraryLevel distance_function(const ColumnTerm& term, const std::string& function, const Json& threshold,
                               bool higher_is_more_similar);

/// `distance`: one of pairwise_distances().
LibraryLevel pairwise_distance(const ColumnTerm& term, const std::string& distance, const Json& threshold);
const std::vector<std::string>& pairwise_distances();

LibraryLevel absolute_difference(const ColumnTerm& term, const Json& threshold);
LibraryLevel percentage_difference(const ColumnTerm& term, const Json& threshold);
/// `metric`: one of time_metrics(). Errors: a whole number of units that is too many to count in seconds.
Result<LibraryLevel> time_difference(const ColumnTerm& moment, const Json& threshold, const std::string& metric);
const std::vector<std::string>& time_metrics();
LibraryLevel array_intersect(const ColumnTerm& term, const Json& size);
LibraryLevel array_subset(const ColumnTerm& term, bool empty_is_subset);
LibraryLevel distance_in_km(const ColumnTerm& latitude, const ColumnTerm& longitude, const Json& km, bool not_null);

LibraryLevel all_of(const std::vector<LibraryLevel>& parts);
LibraryLevel any_of(const std::vector<LibraryLevel>& parts);
LibraryLevel not_of(const LibraryLevel& part);

}  // namespace levels

/// Reads a level: in long form, with an "sql_condition", or in short form, with Splink's class as "level"
/// ({"level": "LevenshteinLevel", "column": "name", "distance_threshold": 1}) and the parameters of its constructor,
/// "column" for col_name. And and Or take "comparison_levels", Not takes "comparison_level": levels in either form.
/// Either form may have what Splink's `configure` sets (m_probability, tf_adjustment_column, label_for_charts, ...).
/// Errors: an unknown level or key, with the nearest known one and the JSON path. SQL is not looked at.
Result<LibraryLevel> read_level(const nlohmann::ordered_json& json, const std::string& where, const std::string& path);

/// The levels under "comparison_levels" of a comparison, of which there must be some.
Result<std::vector<LibraryLevel>> read_levels(JsonObject& object);

/// Names of all levels that have a short form.
std::vector<std::string> level_names();

}  // namespace linkwright
