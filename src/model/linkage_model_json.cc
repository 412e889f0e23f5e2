#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "model/comparison_checks.h"
#include "model/comparison_library.h"
#include "model/json_reader.h"
#include "model/linkage_model.h"

namespace linkwright {
namespace {

using Json = nlohmann::ordered_json;

// Splink's. SQL is read as DuckDB's whatever it says, as Splink on DuckDB does.
Result<std::string> read_dialect(JsonObject& object) {
  static const std::array<std::string, 5> kDialects = {"duckdb", "spark", "postgres", "sqlite", "athena"};
  ARROW_ASSIGN_OR_RAISE(const size_t dialect, object.choice("sql_dialect", kDialects, 0));
  return kDialects[dialect];
}

Result<BlockingRuleSettings> read_blocking_rule(const Json& json, const std::string& where, const std::string& path) {
  BlockingRuleSettings rule;
  if (json.is_string()) {
    rule.sql = json.get<std::string>();
    ARROW_RETURN_NOT_OK(check_sql(rule.sql, where + ": " + path));
    return rule;
  }
  ARROW_ASSIGN_OR_RAISE(JsonObject object, JsonObject::make(json, where, path));
  ARROW_ASSIGN_OR_RAISE(rule.sql_dialect, read_dialect(object));
  ARROW_ASSIGN_OR_RAISE(rule.arrays_to_explode, object.names_or_empty("arrays_to_explode"));
  object.ignore({"salting_partitions"});  // Splink 4: changes how Spark spreads the work, not the result
  const Json* keys = object.find("block_on");
  const bool has_sql = object.has("blocking_rule");
  ARROW_RETURN_NOT_OK(object.check_unknown_keys());  // a misspelt key before the rule that it leaves missing
  if (keys != nullptr && has_sql) return object.error("block_on", "stands beside blocking_rule; leave one of them out");
  if (keys != nullptr) {
    ARROW_ASSIGN_OR_RAISE(rule.sql, block_on_sql(*keys, where, object.path_of("block_on")));
    return rule;
  }
  ARROW_ASSIGN_OR_RAISE(rule.sql, object.text("blocking_rule"));
  ARROW_RETURN_NOT_OK(check_sql(rule.sql, where + ": " + object.path_of("blocking_rule")));
  return rule;
}

}  // namespace

Result<LinkageModel> LinkageModel::from_json(const nlohmann::ordered_json& json, const std::string& where) {
  ARROW_ASSIGN_OR_RAISE(JsonObject object, JsonObject::make(json, where, ""));
  LinkageModel model;
  static const std::array<std::string, 3> kLinkTypes = {"dedupe_only", "link_only", "link_and_dedupe"};
  ARROW_RETURN_NOT_OK(object.text("link_type").status());
  ARROW_ASSIGN_OR_RAISE(const size_t link_type, object.choice("link_type", kLinkTypes, 0));
  model.link_type = static_cast<LinkType>(link_type);
  ARROW_ASSIGN_OR_RAISE(model.probability_two_random_records_match,
                        object.number_or("probability_two_random_records_match", 0.0001));
  ARROW_RETURN_NOT_OK(
      check_probability(model.probability_two_random_records_match, where + ": probability_two_random_records_match"));

  ARROW_ASSIGN_OR_RAISE(const auto comparisons, object.list_or_empty("comparisons"));
  if (comparisons.empty()) return object.error("comparisons", "is missing or empty; a model needs comparisons");
  std::set<std::string> names;
  for (size_t i = 0; i < comparisons.size(); ++i) {
    const std::string path = "comparisons[" + std::to_string(i) + "]";
    ARROW_ASSIGN_OR_RAISE(model.comparisons.emplace_back(), read_comparison(*comparisons[i], where, path));
    const std::string& name = model.comparisons.back().output_column_name;
    if (!names.insert(model.gamma_column(model.comparisons.back())).second) {
      return Status::Invalid(where, ": ", path, ".output_column_name: '", name,
                             "' names the columns of another comparison already; give each its own");
    }
  }
  ARROW_ASSIGN_OR_RAISE(const auto rules, object.list_or_empty("blocking_rules_to_generate_predictions"));
  for (size_t i = 0; i < rules.size(); ++i) {
    ARROW_ASSIGN_OR_RAISE(
        model.blocking_rules.emplace_back(),
        read_blocking_rule(*rules[i], where, "blocking_rules_to_generate_predictions[" + std::to_string(i) + "]"));
  }

  ARROW_ASSIGN_OR_RAISE(model.retain_matching_columns, object.boolean_or("retain_matching_columns", true));
  ARROW_ASSIGN_OR_RAISE(model.retain_intermediate_calculation_columns,
                        object.boolean_or("retain_intermediate_calculation_columns", false));
  ARROW_ASSIGN_OR_RAISE(model.additional_columns_to_retain, object.names_or_empty("additional_columns_to_retain"));
  ARROW_ASSIGN_OR_RAISE(model.sql_dialect, read_dialect(object));
  ARROW_ASSIGN_OR_RAISE(model.linker_uid, object.text_or("linker_uid", ""));
  ARROW_ASSIGN_OR_RAISE(model.em_convergence, object.number_or("em_convergence", 0.0001));
  if (!(model.em_convergence >= 0)) return object.error("em_convergence", "expected a number of 0 or more");
  constexpr int64_t kMostIterations = 1'000'000;
  ARROW_ASSIGN_OR_RAISE(const int64_t max_iterations, object.whole_or("max_iterations", 25, 1, kMostIterations));
  model.max_iterations = static_cast<int>(max_iterations);
  ARROW_ASSIGN_OR_RAISE(model.unique_id_column_name, object.name_or("unique_id_column_name", "unique_id"));
  ARROW_ASSIGN_OR_RAISE(model.source_dataset_column_name,
                        object.name_or("source_dataset_column_name", "source_dataset"));
  ARROW_ASSIGN_OR_RAISE(model.match_weight_column_prefix, object.text_or("match_weight_column_prefix", "mw_"));
  ARROW_ASSIGN_OR_RAISE(model.term_frequency_adjustment_column_prefix,
                        object.text_or("term_frequency_adjustment_column_prefix", "tf_"));
  ARROW_ASSIGN_OR_RAISE(model.comparison_vector_value_column_prefix,
                        object.text_or("comparison_vector_value_column_prefix", "gamma_"));
  object.ignore({"bayes_factor_column_prefix"});  // Splink 4; outputs carry Splink 5's names
  ARROW_RETURN_NOT_OK(object.check_unknown_keys());
  return model;
}

Result<LinkageModel> LinkageModel::from_file(const std::string& path) {
  ARROW_ASSIGN_OR_RAISE(const Json json, read_json_file(path));
  return from_json(json, path);
}

nlohmann::ordered_json LinkageModel::to_json() const {
  Json json;
  json["link_type"] = to_string(link_type);
  json["probability_two_random_records_match"] = probability_two_random_records_match;
  json["retain_matching_columns"] = retain_matching_columns;
  json["retain_intermediate_calculation_columns"] = retain_intermediate_calculation_columns;
  json["additional_columns_to_retain"] = additional_columns_to_retain;
  json["sql_dialect"] = sql_dialect;
  json["linker_uid"] = linker_uid.empty() ? Json() : Json(linker_uid);
  json["em_convergence"] = em_convergence;
  json["max_iterations"] = max_iterations;
  json["match_weight_column_prefix"] = match_weight_column_prefix;
  json["term_frequency_adjustment_column_prefix"] = term_frequency_adjustment_column_prefix;
  json["comparison_vector_value_column_prefix"] = comparison_vector_value_column_prefix;
  json["unique_id_column_name"] = unique_id_column_name;
  json["source_dataset_column_name"] = source_dataset_column_name;
  json["blocking_rules_to_generate_predictions"] = Json::array();
  for (const BlockingRuleSettings& rule : blocking_rules) {
    Json written = {{"blocking_rule", rule.sql}, {"sql_dialect", rule.sql_dialect}};
    if (!rule.arrays_to_explode.empty()) written["arrays_to_explode"] = rule.arrays_to_explode;
    json["blocking_rules_to_generate_predictions"].push_back(std::move(written));
  }
  json["comparisons"] = Json::array();
  for (const Comparison& comparison : comparisons) {
    Json levels = Json::array();
    for (const ComparisonLevel& level : comparison.levels) {
      Json written = {{"sql_condition", level.sql_condition}, {"label_for_charts", level.label_for_charts}};
      if (level.m_probability) written["m_probability"] = *level.m_probability;
      if (level.u_probability) written["u_probability"] = *level.u_probability;
      written["fix_m_probability"] = level.fix_m_probability;
      written["fix_u_probability"] = level.fix_u_probability;
      if (!level.tf_adjustment_column.empty()) {
        written["tf_adjustment_column"] = level.tf_adjustment_column;
        if (level.tf_minimum_u_value != 0) written["tf_minimum_u_value"] = level.tf_minimum_u_value;
        written["tf_adjustment_weight"] = level.tf_adjustment_weight;
        if (level.disable_tf_exact_match_detection) written["disable_tf_exact_match_detection"] = true;
      }
      if (level.is_null_level) written["is_null_level"] = true;
      levels.push_back(std::move(written));
    }
    Json written = {{"output_column_name", comparison.output_column_name}, {"comparison_levels", std::move(levels)}};
    if (!comparison.comparison_description.empty())
      written["comparison_description"] = comparison.comparison_description;
    json["comparisons"].push_back(std::move(written));
  }
  return json;
}

}  // namespace linkwright
