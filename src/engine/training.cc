#include "engine/training.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "block/blocking_rule.h"
#include "column/agreement_pattern.h"
#include "expr/number_text.h"
#include "expr/printer.h"
#include "model/match_weights.h"
#include "train/em_session.h"
#include "train/parameter_estimates.h"

namespace linkwright {
namespace {

Result<PatternSpace> pattern_space(const std::vector<Comparison>& comparisons) {
  std::vector<size_t> levels;
  for (const Comparison& comparison : comparisons) levels.push_back(comparison.levels.size());
  return PatternSpace::make(levels);
}

class Training {
 public:
  Training(TrainingCounts& counts, LinkageModel* model, RunContext& context)
      : counts_(counts), model_(*model), context_(context), estimates_(model->comparisons) {}

  Status prior(const PriorTraining& training);
  Status u(const UTraining& training);
  Status m_from_label_column(const MFromLabelColumn& training);
  Status m_from_pairwise_labels(const MFromPairwiseLabels& training);
  Status em(const EmTraining& training);
  TrainingReport finish();

 private:
  Status add_m_of_counts(const PatternCounts& counts);
  EmOptions em_options(const EmTraining& training) const;
  void report_session(const EmTraining& training, const EmSessionPlan& plan, const EmResult& result, uint64_t pairs);
  void add_em_estimates(const EmTraining& training, const EmSessionPlan& plan, const EmResult& result);
  Status populate_prior();

  struct FinishedSession {
    EmSessionPlan plan;
    double prior;
  };

  TrainingCounts& counts_;
  LinkageModel& model_;
  RunContext& context_;
  ParameterEstimates estimates_;
  std::vector<FinishedSession> finished_;
  TrainingReport report_;
};

Status Training::prior(const PriorTraining& training) {
  StageTimer timer(context_, "prior", "pairs");
  ARROW_ASSIGN_OR_RAISE(const uint64_t matches, counts_.pairs_of(model_, training.rules));
  ARROW_ASSIGN_OR_RAISE(const double possible, counts_.possible_pairs(model_));
  const auto found = static_cast<double>(matches);
  if (found > possible * training.recall) {
    return Status::Invalid("training.prior: the deterministic rules make ", matches, " pairs, more than recall ",
                           format_double(training.recall), " of all ", std::llround(possible),
                           " pairs allows; raise the recall or use stricter rules");
  }
  if (matches == 0) {
    report_.warnings.push_back("training.prior: the deterministic rules make no pair; the prior stays as it was");
  } else {
    model_.probability_two_random_records_match = found / training.recall / possible;
  }
  timer.finish(matches);
  return Status::OK();
}

Status Training::u(const UTraining& training) {
  StageTimer timer(context_, "u", "rows");
  ARROW_ASSIGN_OR_RAISE(const LevelsAmongSample levels, counts_.levels_among_sample(model_, training));
  for (size_t c = 0; c < model_.comparisons.size(); ++c) {
    const Comparison& comparison = model_.comparisons[c];
    const std::vector<uint64_t>& counts = levels.of_comparison[c];
    const std::vector<std::optional<double>> proportions =
        level_proportions(comparison, std::vector<double>(counts.begin(), counts.end()));
    for (size_t level = 0; level < proportions.size(); ++level) {
      if (proportions[level]) {
        estimates_.add_u(c, level, *proportions[level]);
      } else if (!comparison.levels[level].is_null_level) {
        report_.warnings.push_back("u of " + comparison.output_column_name + " - " +
                                   comparison.levels[level].label_for_charts + " was never seen; it keeps its value");
      }
    }
  }
  estimates_.populate(&model_.comparisons);
  timer.finish(levels.rows);
  return Status::OK();
}

Status Training::add_m_of_counts(const PatternCounts& counts) {
  ARROW_ASSIGN_OR_RAISE(const PatternSpace patterns, pattern_space(model_.comparisons));
  std::vector<std::vector<double>> of_levels;
  for (const Comparison& comparison : model_.comparisons) of_levels.emplace_back(comparison.levels.size() + 1);
  ARROW_RETURN_NOT_OK(counts.for_each([&](std::span<const PatternCount> piece) {
    for (const PatternCount& count : piece) {
      for (size_t c = 0; c < of_levels.size(); ++c) {
        of_levels[c][patterns.level(count.pattern, c)] += static_cast<double>(count.pairs);
      }
    }
  }));
  for (size_t c = 0; c < model_.comparisons.size(); ++c) {
    const std::vector<std::optional<double>> proportions = level_proportions(model_.comparisons[c], of_levels[c]);
    for (size_t level = 0; level < proportions.size(); ++level) {
      if (proportions[level]) estimates_.add_m(c, level, *proportions[level]);
    }
  }
  estimates_.populate(&model_.comparisons);
  return Status::OK();
}

Status Training::m_from_label_column(const MFromLabelColumn& training) {
  StageTimer timer(context_, "m from labels", "pairs");
  ARROW_ASSIGN_OR_RAISE(const PatternCounts counts, counts_.patterns(model_, label_column_question(model_, training)));
  ARROW_RETURN_NOT_OK(add_m_of_counts(counts));
  const uint64_t total = counts.num_pairs();
  if (total == 0) {
    return Status::Invalid("training.m_from_label_column: no two records share a value of '", training.column, "'");
  }
  timer.finish(total);
  return Status::OK();
}

Status Training::m_from_pairwise_labels(const MFromPairwiseLabels& training) {
  StageTimer timer(context_, "m from labels", "pairs");
  ARROW_ASSIGN_OR_RAISE(const PatternCounts counts, counts_.patterns_of_labels(model_, training.labels));
  ARROW_RETURN_NOT_OK(add_m_of_counts(counts));
  timer.finish(counts.num_pairs());
  return Status::OK();
}

EmOptions Training::em_options(const EmTraining& training) const {
  EmOptions options;
  options.convergence = model_.em_convergence;
  options.max_iterations = model_.max_iterations;
  options.fix_m = training.fix_m_probabilities;
  options.fix_u = training.fix_u_probabilities;
  options.fix_prior = training.fix_probability_two_random_records_match;
  options.cancellation = context_.cancellation;
  return options;
}

// Where a session saw no pair of a level, the level keeps its value.
void Training::add_em_estimates(const EmTraining& training, const EmSessionPlan& plan, const EmResult& result) {
  for (size_t a = 0; a < plan.active.size(); ++a) {
    const Comparison& comparison = model_.comparisons[plan.active[a]];
    for (size_t level = 0; level < comparison.levels.size(); ++level) {
      if (comparison.levels[level].is_null_level) continue;
      const EmResult::LevelParameters& found = result.levels[a][level];
      if (!training.fix_m_probabilities && found.m_observed) estimates_.add_m(plan.active[a], level, found.m);
      if (!training.fix_u_probabilities && found.u_observed) estimates_.add_u(plan.active[a], level, found.u);
      if (!training.fix_m_probabilities && !found.m_observed) {
        report_.warnings.push_back("m of " + comparison.output_column_name + " - " +
                                   comparison.levels[level].label_for_charts + " was never seen by EM on " +
                                   training.rule);
      }
    }
  }
}

void Training::report_session(const EmTraining& training, const EmSessionPlan& plan, const EmResult& result,
                              uint64_t pairs) {
  TrainingReport::Session session{training.rule,
                                  pairs,
                                  static_cast<int>(result.iterations.size()),
                                  result.converged,
                                  result.probability_two_random_records_match,
                                  {},
                                  {}};
  for (size_t c = 0; c < model_.comparisons.size(); ++c) {
    const bool estimated = std::find(plan.active.begin(), plan.active.end(), c) != plan.active.end();
    (estimated ? session.estimated : session.not_estimated).push_back(model_.comparisons[c].output_column_name);
  }
  if (!result.converged) {
    report_.warnings.push_back("EM on " + training.rule + " had not converged after " +
                               std::to_string(session.iterations) + " iterations; raise max_iterations");
  }
  report_.sessions.push_back(std::move(session));
}

Status Training::em(const EmTraining& training) {
  StageTimer timer(context_, "em", "pairs");
  ARROW_ASSIGN_OR_RAISE(const BlockingRule rule, BlockingRule::parse(training.rule));
  auto planned = plan_em_session(model_, rule.columns());
  if (!planned.ok()) {
    return planned.status().WithMessage("EM training rule '", training.rule, "': ", planned.status().message());
  }
  const EmSessionPlan plan = std::move(*planned);
  std::vector<Comparison> active;
  for (const size_t c : plan.active) active.push_back(model_.comparisons[c]);

  ARROW_ASSIGN_OR_RAISE(const PatternSpace patterns, pattern_space(active));
  ARROW_ASSIGN_OR_RAISE(
      const PatternCounts counts,
      counts_.patterns(model_, {training.rule, plan.active, /*with_adjustments=*/!training.without_term_frequencies}));
  const uint64_t total = counts.num_pairs();
  if (total == 0) {
    return Status::Invalid("EM training rule '", training.rule,
                           "' makes no pair: no two records agree on it. EM needs ",
                           "a few thousand pairs; use a rule that more records share");
  }
  ARROW_ASSIGN_OR_RAISE(const EmResult result, expectation_maximisation(active, plan.starting_prior, patterns,
                                                                        counts.source(), em_options(training)));
  add_em_estimates(training, plan, result);
  report_session(training, plan, result, total);
  finished_.push_back({plan, result.probability_two_random_records_match});
  estimates_.populate(&model_.comparisons);
  if (training.populate_prior_from_trained_values) ARROW_RETURN_NOT_OK(populate_prior());
  timer.finish(total);
  return Status::OK();
}

// Source: Splink's _populate_probability_two_random_records_match_from_trained_values: each session's prior, taken back
// through the weights of the levels its rule implies; the median of the reciprocals.
Status Training::populate_prior() {
  std::vector<double> reciprocals;
  for (const FinishedSession& session : finished_) {
    double odds = session.prior / (1 - session.prior);
    for (const EmSessionPlan::ImpliedLevel& implied : session.plan.implied) {
      const auto m = estimates_.median_m(implied.comparison, implied.level);
      const auto u = estimates_.median_u(implied.comparison, implied.level);
      const Comparison& comparison = model_.comparisons[implied.comparison];
      odds /= m && u ? *m / *u : m_probability(comparison, implied.level) / u_probability(comparison, implied.level);
    }
    reciprocals.push_back((1 + odds) / odds);
  }
  std::sort(reciprocals.begin(), reciprocals.end());
  const size_t middle = reciprocals.size() / 2;
  const double median =
      reciprocals.size() % 2 == 1 ? reciprocals[middle] : (reciprocals[middle - 1] + reciprocals[middle]) / 2;
  model_.probability_two_random_records_match = 1 / median;
  return Status::OK();
}

TrainingReport Training::finish() { return std::move(report_); }

}  // namespace

PatternQuestion label_column_question(const LinkageModel& model, const MFromLabelColumn& training) {
  const std::string label = quoted_name(training.column, '"');
  PatternQuestion question{"l." + label + " = r." + label, {}, false};
  for (size_t c = 0; c < model.comparisons.size(); ++c) question.comparisons.push_back(c);
  return question;
}

Result<TrainingReport> train_model(const TrainingSpec& training, TrainingCounts& counts, LinkageModel* model,
                                   RunContext& context) {
  Training trainer(counts, model, context);
  if (training.prior) ARROW_RETURN_NOT_OK(trainer.prior(*training.prior));
  if (training.u) ARROW_RETURN_NOT_OK(trainer.u(*training.u));
  if (training.m_from_label_column) ARROW_RETURN_NOT_OK(trainer.m_from_label_column(*training.m_from_label_column));
  if (training.m_from_pairwise_labels) {
    ARROW_RETURN_NOT_OK(trainer.m_from_pairwise_labels(*training.m_from_pairwise_labels));
  }
  for (const EmTraining& session : training.em) ARROW_RETURN_NOT_OK(trainer.em(session));
  return trainer.finish();
}

}  // namespace linkwright
