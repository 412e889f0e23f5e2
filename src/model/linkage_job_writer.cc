// A LinkageJob as JSON from which it can be read again.

#include <array>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "model/linkage_job.h"

namespace linkwright {
namespace {

using Json = nlohmann::ordered_json;

Json thresholds_json(const std::vector<Threshold>& thresholds) {
  Json json = Json::object();
  for (const Threshold& threshold : thresholds) {
    if (threshold.match_probability) json["threshold_match_probability"].push_back(*threshold.match_probability);
    if (threshold.match_weight) json["threshold_match_weight"].push_back(*threshold.match_weight);
  }
  for (auto& [key, value] : json.items()) {
    if (value.size() == 1) value = Json(value[0]);
  }
  return json;
}

Json input_json(const InputSpec& input) {
  Json written;
  if (!input.table.empty()) {
    written["table"] = input.table;
  } else {
    written["path"] = input.paths.size() == 1 ? Json(input.paths[0]) : Json(input.paths);
  }
  if (!input.format.empty()) written["format"] = input.format;
  if (input.version) written["version"] = *input.version;
  written["name"] = input.name;
  for (const auto& [column, type] : input.types) written["types"][column] = type;
  return written;
}

Json training_json(const TrainingSpec& training) {
  Json json;
  if (training.prior) json["prior"] = {{"rules", training.prior->rules}, {"recall", training.prior->recall}};
  if (training.u) {
    if (training.u->method == UTraining::Method::kAllPairs) {
      json["u"] = {{"method", "all_pairs"}};
    } else {
      json["u"] = {{"method", "sample"}, {"max_pairs", training.u->max_pairs}, {"seed", training.u->seed}};
    }
  }
  for (const EmTraining& em : training.em) {
    Json session = {{"rule", em.rule}, {"without_term_frequencies", em.without_term_frequencies}};
    if (em.fix_m_probabilities) session["fix_m_probabilities"] = true;
    if (!em.fix_u_probabilities) session["fix_u_probabilities"] = false;
    if (em.fix_probability_two_random_records_match) session["fix_probability_two_random_records_match"] = true;
    if (em.populate_prior_from_trained_values) {
      session["populate_probability_two_random_records_match_from_trained_values"] = true;
    }
    json["em"].push_back(std::move(session));
  }
  if (training.m_from_label_column) json["m_from_label_column"] = training.m_from_label_column->column;
  if (training.m_from_pairwise_labels) {
    json["m_from_pairwise_labels"] = input_json(training.m_from_pairwise_labels->labels);
  }
  return json;
}

}  // namespace

nlohmann::ordered_json LinkageJob::to_json() const {
  static const std::array<const char*, 3> kFormats = {"parquet", "csv", "ndjson"};
  Json json;
  json["name"] = name;
  json["inputs"] = Json::array();
  for (const InputSpec& input : inputs) json["inputs"].push_back(input_json(input));
  for (const DeriveSpec& derived : derive) json["derive"][derived.column] = derived.sql;
  json["settings"] = model.to_json();
  if (!training.empty()) json["training"] = training_json(training);
  if (predict) json["predict"] = thresholds_json({*predict});
  if (cluster) {
    json["cluster"] = thresholds_json(cluster->thresholds);
    if (cluster->method == ClusterSpec::Method::kBestLink) {
      json["cluster"]["method"] = "best_link";
      json["cluster"]["duplicate_free_datasets"] = cluster->duplicate_free_datasets;
      json["cluster"]["ties"] = cluster->ties == ClusterSpec::Ties::kDrop ? "drop" : "lowest_id";
    }
  }
  json["output"] = {{"dir", output.directory}, {"format", kFormats[static_cast<size_t>(output.format)]}};
  json["engine"] = {{"kind", engine.kind}, {"threads", engine.threads}};
  if (!engine.spark_json.empty()) json["engine"]["spark"] = Json::parse(engine.spark_json);
  if (engine.memory_limit_bytes > 0) json["engine"]["memory_limit"] = std::to_string(engine.memory_limit_bytes);
  if (plain_jaro_winkler) json["jaro_winkler"] = "plain";
  return json;
}

}  // namespace linkwright
