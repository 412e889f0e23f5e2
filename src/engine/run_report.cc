#include "engine/run_report.h"

#include <nlohmann/json.hpp>

#include "base/memory_budget.h"

namespace linkwright {

void RunReport::complete(const LinkageJob& ran, const RunContext& context,
                         std::chrono::steady_clock::time_point began) {
  job = ran.name;
  threads = context.pool.threads();
  stages = context.stages;
  seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  peak_memory_bytes = peak_resident_bytes();
}

std::string RunReport::to_json() const {
  nlohmann::ordered_json json;
  json["job"] = job;
  json["engine"] = engine;
  json["records"] = records;
  for (const Input& input : inputs) {
    json["inputs"].push_back({{"name", input.name}, {"rows", input.rows}, {"rejected_lines", input.rejected_lines}});
  }
  json["pairs_compared"] = pairs_compared;
  json["pairs_compared_by_rule"] = compared_by_rule;
  json["predictions"] = predictions;
  json["clusters"] = clusters;
  json["training"]["sessions"] = nlohmann::ordered_json::array();
  for (const TrainingReport::Session& session : training.sessions) {
    json["training"]["sessions"].push_back(
        {{"rule", session.rule},
         {"pairs", session.pairs},
         {"iterations", session.iterations},
         {"converged", session.converged},
         {"probability_two_random_records_match", session.probability_two_random_records_match},
         {"estimated", session.estimated},
         {"not_estimated", session.not_estimated}});
  }
  json["training"]["warnings"] = training.warnings;
  json["notes"] = notes;
  for (const StageReport& stage : stages) {
    json["stages"].push_back(
        {{"stage", stage.stage},
         {"seconds", stage.seconds},
         {"items", stage.items},
         {"unit", stage.unit},
         {"items_per_second", stage.seconds > 0 ? static_cast<double>(stage.items) / stage.seconds : 0},
         {"peak_memory_bytes", stage.peak_memory_bytes}});
  }
  json["files"] = files;
  json["threads"] = threads;
  json["seconds"] = seconds;
  json["peak_memory_bytes"] = peak_memory_bytes;
  return json.dump(2) + "\n";
}

}  // namespace linkwright
