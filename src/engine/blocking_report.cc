#include "engine/blocking_report.h"

#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "base/memory_budget.h"
#include "base/with_commas.h"
#include "block/candidate_pairs.h"
#include "engine/job_columns.h"
#include "engine/large_blocks.h"
#include "engine/pair_sample.h"
#include "engine/pattern_counts.h"

namespace linkwright {
namespace {

struct NewPairs {
  std::vector<uint64_t> by_rule;
  bool estimated = false;
};

// Pairs that no earlier rule makes and that filters leave. Counting them takes next to nothing without filters; where
// asking them would take long, a sample has to do.
Result<NewPairs> count_new_pairs(const CandidatePairs& pairs, RunContext& context) {
  constexpr double kLongestSeconds = 5;
  struct Found {
    double sampled = 0;
    double kept = 0;
  };
  std::vector<Found> found(pairs.num_rules());
  const auto count = [&](const PairUnits& units) -> Result<uint64_t> {
    ARROW_ASSIGN_OR_RAISE(const std::vector<uint64_t> counts, count_pairs_by_rule(units, context));
    for (size_t rule = 0; rule < counts.size(); ++rule) found[rule].kept += static_cast<double>(counts[rule]);
    for (size_t u = 0; u < units.size(); ++u) {
      const PairUnit unit = units[u];
      found[pairs.match_key(unit)].sampled += static_cast<double>(unit.num_pairs);
    }
    return 0;
  };
  ARROW_ASSIGN_OR_RAISE(const PairWork all, measure_pair_work(pairs, count));
  NewPairs made;
  if (all.seconds <= kLongestSeconds) {
    context.progress.begin("count", "pairs", pairs.num_pairs_before_exclusion());
    ARROW_ASSIGN_OR_RAISE(made.by_rule, count_pairs_by_rule(pairs, context));
    context.progress.end();
    return made;
  }
  made.estimated = true;
  for (size_t rule = 0; rule < found.size(); ++rule) {
    const double share = found[rule].sampled > 0 ? found[rule].kept / found[rule].sampled : 1;
    made.by_rule.push_back(static_cast<uint64_t>(share * static_cast<double>(pairs.num_pairs_before_exclusion(rule))));
  }
  return made;
}

}  // namespace

Result<BlockingReport> report_blocking(const LinkageJob& job, const RecordTable& records, size_t blocks_per_rule,
                                       RunContext& context) {
  const EvaluationOptions evaluation = evaluation_options(job);
  StageTimer blocking(context, "block", "rules");
  ARROW_ASSIGN_OR_RAISE(std::vector<BlockingRule> rules, blocking_rules(job.model));
  ARROW_ASSIGN_OR_RAISE(const CandidatePairs pairs,
                        CandidatePairs::make(std::move(rules), records, {job.model.links_only(), evaluation},
                                             context.pool, context.cancellation));
  blocking.finish(pairs.num_rules());
  ARROW_ASSIGN_OR_RAISE(const NewPairs marginal, count_new_pairs(pairs, context));
  BlockingReport report;
  report.threads = context.pool.threads();
  report.pairs_are_estimated = marginal.estimated;
  report.rules.resize(pairs.num_rules());
  for (size_t rule = 0; rule < report.rules.size(); ++rule) {
    BlockingReport::Rule& entry = report.rules[rule];
    entry.sql = pairs.rule(rule).sql;
    entry.pairs = pairs.num_pairs_before_exclusion(rule);
    entry.marginal_pairs = marginal.by_rule[rule];
    report.pairs_to_compare += marginal.by_rule[rule];
    for (const CandidatePairs::BlockSize& block : pairs.largest_blocks(rule, blocks_per_rule)) {
      entry.largest_blocks.push_back(
          {records.id_text(block.example_row), block.left_rows, block.right_rows, block.num_pairs});
    }
  }
  ARROW_ASSIGN_OR_RAISE(const std::vector<LargeBlock> large, find_large_blocks(pairs, records, evaluation));
  for (const LargeBlock& block : large) report.notes.push_back(block.to_text());
  context.progress.begin("sample", "pairs");
  ARROW_ASSIGN_OR_RAISE(report.time, predict_time(job, records, pairs, context));
  context.progress.end();
  return report;
}

std::string BlockingReport::to_text() const {
  std::string text = "rule          pairs   new pairs  condition\n";
  std::array<char, 96> line;
  for (size_t r = 0; r < rules.size(); ++r) {
    std::snprintf(line.data(), line.size(), "%4zu %14s %11s  ", r, with_commas(rules[r].pairs).c_str(),
                  with_commas(rules[r].marginal_pairs).c_str());
    text += line.data() + rules[r].sql + "\n";
    for (const Block& block : rules[r].largest_blocks) {
      text += "                  block of record " + block.example_id + ": " + with_commas(block.left_rows) +
              (block.left_rows == block.right_rows ? "" : " x " + with_commas(block.right_rows)) + " records, " +
              with_commas(block.pairs) + " pairs\n";
    }
  }
  if (pairs_are_estimated) text += "about ";
  std::snprintf(line.data(), line.size(), " pairs to compare; a run takes about %.1f s on %d threads, ", time.seconds(),
                threads);
  text += with_commas(pairs_to_compare) + line.data() + format_bytes(memory.expected_bytes) +
          " of memory; runs with --memory-limit " + std::to_string(memory.least_limit_mebibytes()) + "MiB or more\n";
  for (const TimePrediction::Stage& stage : time.stages) {
    std::snprintf(line.data(), line.size(), "  %-14s %9.3f s\n", stage.stage.c_str(), stage.seconds);
    text += line.data();
  }
  for (const std::string& note : notes) text += "note: " + note + "\n";
  return text;
}

std::string BlockingReport::to_json() const {
  nlohmann::ordered_json json;
  for (const Rule& rule : rules) {
    nlohmann::ordered_json entry = {{"rule", rule.sql}, {"pairs", rule.pairs}, {"marginal_pairs", rule.marginal_pairs}};
    for (const Block& block : rule.largest_blocks) {
      entry["largest_blocks"].push_back({{"example_id", block.example_id},
                                         {"left_rows", block.left_rows},
                                         {"right_rows", block.right_rows},
                                         {"pairs", block.pairs}});
    }
    json["rules"].push_back(std::move(entry));
  }
  json["pairs_to_compare"] = pairs_to_compare;
  json["pairs_are_estimated"] = pairs_are_estimated;
  json["predicted_seconds"] = time.seconds();
  for (const TimePrediction::Stage& stage : time.stages) {
    json["predicted_stages"].push_back({{"stage", stage.stage}, {"seconds", stage.seconds}});
  }
  json["sampled_pairs"] = time.sampled_pairs;
  json["predicted_memory_bytes"] = memory.expected_bytes;
  for (const MemoryPrediction::Stage& stage : memory.stages) {
    json["predicted_memory_bytes_by_stage"][stage.stage] = stage.bytes;
  }
  json["least_memory_limit_bytes"] = memory.least_limit_mebibytes() << 20;
  json["threads"] = threads;
  json["notes"] = notes;
  return json.dump(2) + "\n";
}

}  // namespace linkwright
