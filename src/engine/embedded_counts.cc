#include "engine/embedded_counts.h"

#include <optional>
#include <utility>

#include "compare/level_counts.h"
#include "engine/label_patterns.h"
#include "engine/pattern_counts.h"
#include "engine/u_sample.h"
#include "score/match_scorer.h"

namespace linkwright {

Result<CandidatePairs> EmbeddedCounts::candidates(const LinkageModel& model, const std::vector<std::string>& rules) {
  std::vector<BlockingRule> parsed;
  for (const std::string& rule : rules) {
    ARROW_ASSIGN_OR_RAISE(parsed.emplace_back(), BlockingRule::parse(rule));
  }
  return CandidatePairs::make(std::move(parsed), records_, {model.links_only(), evaluation_}, context_.pool,
                              context_.cancellation);
}

Result<double> EmbeddedCounts::possible_pairs(const LinkageModel& model) {
  return cartesian_pairs(records_, model.links_only());
}

Result<uint64_t> EmbeddedCounts::pairs_of(const LinkageModel& model, const std::vector<std::string>& rules) {
  ARROW_ASSIGN_OR_RAISE(const CandidatePairs pairs, candidates(model, rules));
  return count_pairs(pairs, context_);
}

Result<LevelsAmongSample> EmbeddedCounts::levels_among_sample(const LinkageModel& model, const UTraining& training) {
  ARROW_ASSIGN_OR_RAISE(const std::vector<uint32_t> rows,
                        rows_for_u(training, records_, model.links_only(), context_.pool));
  return count_sample_levels(records_, rows, program_, model.links_only(), context_);
}

Result<PatternCounts> EmbeddedCounts::patterns(const LinkageModel& model, const PatternQuestion& question) {
  ARROW_ASSIGN_OR_RAISE(const CandidatePairs pairs, candidates(model, {question.rule}));
  const ComparisonProgram::Choice comparisons = program_.choose(question.comparisons);
  std::optional<MatchScorer> scorer;
  if (question.with_adjustments) {
    std::vector<Comparison> chosen;
    for (const size_t c : question.comparisons) chosen.push_back(model.comparisons[c]);
    ARROW_ASSIGN_OR_RAISE(
        scorer, MatchScorer::make(chosen, model.probability_two_random_records_match, comparisons.patterns, records_));
  }
  return count_patterns(pairs, comparisons, scorer ? &*scorer : nullptr, context_);
}

Result<PatternCounts> EmbeddedCounts::patterns_of_labels(const LinkageModel& model, const InputSpec& labels) {
  ARROW_ASSIGN_OR_RAISE(const LabelledIds ids, read_labelled_ids(labels, model, context_.pool));
  return count_label_patterns(ids, labels, records_, program_);
}

Result<LevelsAmongSample> count_sample_levels(const RecordTable& records, std::span<const uint32_t> rows,
                                              const ComparisonProgram& program, bool links_only, RunContext& context) {
  LevelsAmongSample levels;
  levels.rows = rows.size();
  for (size_t c = 0; c < program.num_comparisons(); ++c) {
    ARROW_ASSIGN_OR_RAISE(
        levels.of_comparison.emplace_back(),
        count_levels_of_all_pairs(program, c, records, rows, links_only, context.pool, context.cancellation));
  }
  return levels;
}

}  // namespace linkwright
