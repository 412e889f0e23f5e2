#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace linkwright {

/// One way in which two values can agree. Levels are tried in order; the first whose condition is true is the pair's
/// level. Field names are those of Splink's settings JSON.
struct ComparisonLevel {
  std::string sql_condition;  // DuckDB SQL over `column_l` and `column_r`, or "ELSE"
  std::string label_for_charts;
  bool is_null_level = false;
  std::optional<double> m_probability;  // none: not trained
  std::optional<double> u_probability;
  bool fix_m_probability = false;
  bool fix_u_probability = false;
  std::string tf_adjustment_column;  // "": no term frequency adjustment
  double tf_adjustment_weight = 1.0;
  double tf_minimum_u_value = 0.0;
  bool disable_tf_exact_match_detection = false;

  bool is_else() const;
};

/// How one feature of two records is compared.
struct Comparison {
  std::string output_column_name;  // see LinkageModel::gamma_column
  std::string comparison_description;
  std::vector<ComparisonLevel> levels;

  /// Levels that are not null levels: Splink's "number of levels".
  int num_non_null_levels() const;

  /// Gamma of a level by its place in `levels`: -1 for a null level, else counting down to 0.
  int gamma(size_t level) const;
};

/// The output column name of a comparison without one: its only column, or custom_<columns> in the order of their first
/// use (to Splink, the order is that of a hash table). Errors: a condition that does not parse.
Result<std::string> default_output_name(const Comparison& comparison);

struct BlockingRuleSettings {
  std::string sql;  // over `l.column` and `r.column`
  std::string sql_dialect = "duckdb";
  std::vector<std::string> arrays_to_explode;
};

enum class LinkType { kDedupeOnly, kLinkOnly, kLinkAndDedupe };
std::string_view to_string(LinkType link_type);

/// Splink's settings and model are one structure: a model is settings whose m and u are known.
///
/// Source: Splink 4.0.17 and 5.0.0 settings JSON (both are read; what is written loads in both).
struct LinkageModel {
  LinkType link_type = LinkType::kDedupeOnly;
  double probability_two_random_records_match = 0.0001;
  std::vector<Comparison> comparisons;
  std::vector<BlockingRuleSettings> blocking_rules;

  bool retain_matching_columns = true;
  bool retain_intermediate_calculation_columns = false;
  std::vector<std::string> additional_columns_to_retain;

  std::string sql_dialect = "duckdb";
  std::string linker_uid;
  double em_convergence = 0.0001;
  int max_iterations = 25;
  std::string unique_id_column_name = "unique_id";
  std::string source_dataset_column_name = "source_dataset";
  std::string match_weight_column_prefix = "mw_";
  std::string term_frequency_adjustment_column_prefix = "tf_";
  std::string comparison_vector_value_column_prefix = "gamma_";

  /// Whether records belong to named datasets, so that an id is unique within its dataset only.
  bool has_sources() const { return link_type != LinkType::kDedupeOnly; }
  /// Whether records of one dataset are never paired.
  bool links_only() const { return link_type == LinkType::kLinkOnly; }

  /// Reads Splink 4 or 5 settings or model JSON, and comparisons in short form. `where` names the document in messages
  /// ("model.json"); errors give the JSON path, what was expected, and the nearest known key.
  static Result<LinkageModel> from_json(const nlohmann::ordered_json& json, const std::string& where);
  /// The same of a file, which messages name. Errors: it cannot be read.
  static Result<LinkageModel> from_file(const std::string& path);

  /// Columns of predictions for a comparison: its gamma, its match weight, and what term frequencies add to that.
  /// Blanks in names become _. Source: Splink 5.0.0.
  std::string gamma_column(const Comparison& comparison) const;
  std::string match_weight_column(const Comparison& comparison) const;
  std::string term_frequency_adjustment_column(const Comparison& comparison) const;

  /// JSON that Splink 5 loads. Doubles are written so that they read back exactly.
  nlohmann::ordered_json to_json() const;
};

/// Splink's starting values for levels that were not trained (settings of n non-null levels; k counts gamma 0..n-1):
/// m_k = 0.05/(n-1) and m_{n-1} = 0.95; u_k = m_k / 2^w_k with w linear from -5 to 3, and 10 for the last.
/// Source: reference section 5.8.
double default_m_probability(int gamma, int num_non_null_levels);
double default_u_probability(int gamma, int num_non_null_levels);

}  // namespace linkwright
