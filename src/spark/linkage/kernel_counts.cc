#include "spark/linkage/kernel_counts.h"

#include <nlohmann/json.hpp>
#include <utility>

namespace linkwright::spark {

using Options = nlohmann::ordered_json;

Result<uint64_t> KernelCounts::pairs_of(const LinkageModel& model, const std::vector<std::string>& rules) {
  const LinkageJob job = job_for(model, rules);
  ARROW_ASSIGN_OR_RAISE(const SpreadRows spread, meetings_.of(job));
  ARROW_ASSIGN_OR_RAISE(const Rows counted, kernel_.run("count_pairs", spread.options, job, spread.packed.parcels));
  return read_total(counted.frame.agg({expr("coalesce(sum(lw_pairs), 0L) AS lw_pairs")}));
}

Result<PatternCounts> KernelCounts::patterns(const LinkageModel& model, const PatternQuestion& question) {
  LinkageJob job = job_for(model, {question.rule});
  job.model.comparisons.clear();
  for (const size_t c : question.comparisons) job.model.comparisons.push_back(model.comparisons[c]);
  ARROW_ASSIGN_OR_RAISE(const SpreadRows spread, meetings_.of(job));
  Options options = spread.options;
  options["adjustments"] = question.with_adjustments;
  ARROW_ASSIGN_OR_RAISE(const Rows counted, kernel_.run("count_patterns", options, job, spread.packed.parcels));
  return read_patterns(counted.frame.group_by({col("lw_pattern"), col("lw_adjusted"), col("lw_adjustment")})
                           .agg({expr("sum(lw_pairs) AS lw_pairs")}));
}

Result<DataFrame> KernelCounts::sample(const LinkageJob& job, double proportion, uint64_t seed) {
  Options options;
  options["proportion"] = proportion;
  options["seed"] = seed;
  const PackedRows& packed = rows().surveyed.packed;
  ARROW_ASSIGN_OR_RAISE(options, packed.with_options(std::move(options)));
  ARROW_ASSIGN_OR_RAISE(Rows chosen, kernel_.run("sample", options, job, packed.parcels));
  return std::move(chosen.frame);
}

}  // namespace linkwright::spark
