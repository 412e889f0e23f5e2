#include "engine/blocking_report.h"

#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "base/memory_budget.h"
#include "block/candidate_pairs.h"
#include "engine/job_records.h"
#include "engine/pattern_counts.h"

namespace linkwright {
namespace {

// Seconds a pair and thread takes from blocking to score, measured on people 1M and 5M (docs/performance.md).
constexpr double kSecondsPerPair = 150e-9;

std::string with_commas(uint64_t number) {
  std::string digits = std::to_string(number);
  for (int at = static_cast<int>(digits.size()) - 3; at > 0; at -= 3) digits.insert(static_cast<size_t>(at), ",");
  return digits;
}

}  // namespace

Result<BlockingReport> report_blocking(const LinkageModel& model, const RecordTable& records,
                                       const EvaluationOptions& evaluation, size_t blocks_per_rule,
                                       RunContext& context) {
  ARROW_ASSIGN_OR_RAISE(std::vector<BlockingRule> rules, blocking_rules(model));
  const bool links_only = model.link_type == LinkType::kLinkOnly;
  ARROW_ASSIGN_OR_RAISE(
      const CandidatePairs pairs,
      CandidatePairs::make(std::move(rules), records, {links_only, evaluation}, context.pool, context.cancellation));
  ARROW_ASSIGN_OR_RAISE(const std::vector<uint64_t> marginal, count_pairs_by_rule(pairs, context));
  BlockingReport report;
  report.threads = context.pool.threads();
  report.rules.resize(pairs.num_rules());
  for (size_t rule = 0; rule < report.rules.size(); ++rule) {
    BlockingReport::Rule& entry = report.rules[rule];
    entry.sql = pairs.rule(rule).sql;
    entry.pairs = pairs.num_pairs_before_exclusion(rule);
    entry.marginal_pairs = marginal[rule];
    report.pairs_to_compare += marginal[rule];
    for (const CandidatePairs::BlockSize& block : pairs.largest_blocks(rule, blocks_per_rule)) {
      entry.largest_blocks.push_back(
          {records.id_text(block.example_row), block.left_rows, block.right_rows, block.num_pairs});
    }
  }
  report.seconds = static_cast<double>(report.pairs_to_compare) * kSecondsPerPair / report.threads;
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
  std::snprintf(line.data(), line.size(), " pairs to compare; about %.1f s on %d threads, ", seconds, threads);
  return text + with_commas(pairs_to_compare) + line.data() + format_bytes(memory.expected_bytes) +
         " of memory; runs with --memory-limit " + std::to_string(memory.least_limit_mebibytes()) + "MiB or more\n";
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
  json["predicted_seconds"] = seconds;
  json["predicted_memory_bytes"] = memory.expected_bytes;
  json["least_memory_limit_bytes"] = memory.least_limit_mebibytes() << 20;
  json["threads"] = threads;
  return json.dump(2) + "\n";
}

}  // namespace linkwright
