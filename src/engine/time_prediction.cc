#include "engine/time_prediction.h"

#include <arrow/record_batch.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <numeric>
#include <optional>
#include <span>
#include <unordered_set>
#include <utility>

#include "compare/comparison_program.h"
#include "compare/level_counts.h"
#include "engine/cluster_table.h"
#include "engine/job_columns.h"
#include "engine/output_files.h"
#include "engine/pair_sample.h"
#include "engine/pattern_counts.h"
#include "engine/prediction.h"
#include "engine/prediction_table.h"
#include "engine/training.h"
#include "engine/u_sample.h"
#include "io/file_publisher.h"
#include "io/table_writer.h"
#include "train/em_session.h"
#include "train/expectation_maximisation.h"
#include "train/parameter_estimates.h"

namespace linkwright {
namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t kWrittenPairs = size_t{1} << 16;
constexpr size_t kWrittenRecords = size_t{1} << 17;
constexpr size_t kFirstRows = 512;
constexpr double kLongEnoughSeconds = 0.01;  // of a comparison on rows

double seconds_since(Clock::time_point began) { return std::chrono::duration<double>(Clock::now() - began).count(); }

// Distinct combinations of the codes that a comparison reads, among some rows.
double distinct_values(const ComparisonProgram& program, size_t comparison, std::span<const uint32_t> rows) {
  const std::vector<size_t> columns = program.columns_of(comparison);
  std::unordered_set<uint64_t> distinct;
  for (const uint32_t row : rows) {
    uint64_t hash = 0;
    for (const size_t column : columns) hash = (hash ^ program.row_codes(row)[column]) * 0x9E3779B97F4A7C15ULL;
    distinct.insert(hash);
  }
  return static_cast<double>(distinct.size());
}

class TimePredictor {
 public:
  TimePredictor(const LinkageJob& job, const RecordTable& records, RunContext& context)
      : job_(job), model_(job.model), records_(records), context_(context), estimates_(job.model.comparisons) {}

  Result<TimePrediction> predict(const CandidatePairs& pairs);

 private:
  void add(std::string stage, double seconds) { prediction_.stages.push_back({std::move(stage), seconds}); }
  std::string temporary_path(const std::string& name) const {
    const std::string file =
        "linkwright-" + std::to_string(::getpid()) + "-" + name + file_extension(job_.output.format);
    return (std::filesystem::temp_directory_path() / file).string();
  }

  Status add_training();
  Status add_prior(const PriorTraining& training);
  Status add_u(const UTraining& training);
  Status add_em(const EmTraining& training);
  Result<PairWork> add_pass(const std::string& stage, const std::vector<std::string>& rules,
                            const std::function<Result<uint64_t>(const PairUnits&)>& work);
  Result<PatternCounts> add_pattern_pass(const std::string& stage, const std::string& rule,
                                         const ComparisonProgram::Choice& comparisons, const MatchScorer* scorer);
  Status add_prediction(const CandidatePairs& pairs);
  Result<double> seconds_of_writing(const PredictionTable& table, std::span<const ScoredPair> pairs) const;
  Status add_clusters();

  const LinkageJob& job_;
  LinkageModel model_;  // trained on the samples: which pairs reach the threshold depends on it
  const RecordTable& records_;
  RunContext& context_;
  ParameterEstimates estimates_;
  std::unique_ptr<ComparisonProgram> program_;
  TimePrediction prediction_;
};

Result<TimePrediction> TimePredictor::predict(const CandidatePairs& pairs) {
  std::vector<TimePrediction::Stage> blocking;
  for (const StageReport& done : context_.stages) {
    (done.stage == "block" ? blocking : prediction_.stages).push_back({done.stage, done.seconds});
  }
  const auto began = Clock::now();
  ARROW_ASSIGN_OR_RAISE(program_,
                        ComparisonProgram::compile(job_.model.comparisons, records_, evaluation_options(job_)));
  add("compile", seconds_since(began));
  ARROW_RETURN_NOT_OK(add_training());
  if (job_.predict) {
    prediction_.stages.insert(prediction_.stages.end(), blocking.begin(), blocking.end());
    ARROW_RETURN_NOT_OK(add_prediction(pairs));
    if (job_.cluster) ARROW_RETURN_NOT_OK(add_clusters());
  }
  return std::move(prediction_);
}

// A pass over the pairs of some rules: making them, which is done here, and the work on them, which is sampled.
Result<PairWork> TimePredictor::add_pass(const std::string& stage, const std::vector<std::string>& rules,
                                         const std::function<Result<uint64_t>(const PairUnits&)>& work) {
  const auto began = Clock::now();
  std::vector<BlockingRule> parsed;
  for (const std::string& rule : rules) {
    ARROW_ASSIGN_OR_RAISE(parsed.emplace_back(), BlockingRule::parse(rule));
  }
  ARROW_ASSIGN_OR_RAISE(
      const CandidatePairs pairs,
      CandidatePairs::make(std::move(parsed), records_, {job_.model.links_only(), evaluation_options(job_)},
                           context_.pool, context_.cancellation));
  const double making = seconds_since(began);
  ARROW_ASSIGN_OR_RAISE(const PairWork all, measure_pair_work(pairs, work));
  prediction_.sampled_pairs += all.sampled_pairs;
  add(stage, making + all.seconds);
  return all;
}

// A pass that counts agreement patterns; gives those of its largest sample.
Result<PatternCounts> TimePredictor::add_pattern_pass(const std::string& stage, const std::string& rule,
                                                      const ComparisonProgram::Choice& comparisons,
                                                      const MatchScorer* scorer) {
  PatternCounts most;
  ARROW_RETURN_NOT_OK(add_pass(stage, {rule}, [&](const PairUnits& units) -> Result<uint64_t> {
    ARROW_ASSIGN_OR_RAISE(PatternCounts counts, count_patterns(units, comparisons, scorer, context_));
    const uint64_t pairs = counts.num_pairs();
    if (pairs > most.num_pairs()) most = std::move(counts);
    return pairs;
  }));
  return most;
}

Status TimePredictor::add_prior(const PriorTraining& training) {
  ARROW_ASSIGN_OR_RAISE(const PairWork all,
                        add_pass("prior", training.rules, [&](const PairUnits& units) -> Result<uint64_t> {
                          ARROW_ASSIGN_OR_RAISE(const auto counts, count_pairs_by_rule(units, context_));
                          return std::accumulate(counts.begin(), counts.end(), uint64_t{0});
                        }));
  const double share = all.results / training.recall / cartesian_pairs(records_, job_.model.links_only());
  if (share > 0 && share < 1) model_.probability_two_random_records_match = share;
  return Status::OK();
}

Status TimePredictor::add_em(const EmTraining& training) {
  ARROW_ASSIGN_OR_RAISE(const BlockingRule rule, BlockingRule::parse(training.rule));
  ARROW_ASSIGN_OR_RAISE(const EmSessionPlan plan, plan_em_session(model_, rule.columns()));
  std::vector<Comparison> active;
  for (const size_t c : plan.active) active.push_back(model_.comparisons[c]);
  const ComparisonProgram::Choice chosen = program_->choose(plan.active);
  std::optional<MatchScorer> scorer;
  if (!training.without_term_frequencies) {
    ARROW_ASSIGN_OR_RAISE(scorer, MatchScorer::make(active, plan.starting_prior, chosen.patterns, records_));
  }
  ARROW_ASSIGN_OR_RAISE(const PatternCounts counts,
                        add_pattern_pass("em", training.rule, chosen, scorer ? &*scorer : nullptr));
  if (counts.num_pairs() == 0) return Status::OK();
  EmOptions options;
  options.convergence = model_.em_convergence;
  options.max_iterations = model_.max_iterations;
  options.cancellation = context_.cancellation;
  ARROW_ASSIGN_OR_RAISE(const EmResult result, expectation_maximisation(active, plan.starting_prior, chosen.patterns,
                                                                        counts.source(), options));
  for (size_t a = 0; a < active.size(); ++a) {
    for (size_t level = 0; level < active[a].levels.size(); ++level) {
      const EmResult::LevelParameters& found = result.levels[a][level];
      if (!active[a].levels[level].is_null_level && found.m_observed) estimates_.add_m(plan.active[a], level, found.m);
    }
  }
  estimates_.populate(&model_.comparisons);
  return Status::OK();
}

Status TimePredictor::add_training() {
  const TrainingSpec& training = job_.training;
  if (training.prior) ARROW_RETURN_NOT_OK(add_prior(*training.prior));
  if (training.u) ARROW_RETURN_NOT_OK(add_u(*training.u));
  if (training.m_from_label_column) {
    const PatternQuestion question = label_column_question(model_, *training.m_from_label_column);
    ARROW_RETURN_NOT_OK(add_pattern_pass("m from labels", question.rule, program_->all(), nullptr));
  }
  for (const EmTraining& session : training.em) ARROW_RETURN_NOT_OK(add_em(session));
  return Status::OK();
}

// Among more and more of the rows, until it takes a while; from there on by the distinct values of the rest, since
// every two of them meet.
Status TimePredictor::add_u(const UTraining& training) {
  const auto began = Clock::now();
  ARROW_ASSIGN_OR_RAISE(const std::vector<uint32_t> rows,
                        rows_for_u(training, records_, job_.model.links_only(), context_.pool));
  double seconds = seconds_since(began);
  for (size_t c = 0; c < job_.model.comparisons.size(); ++c) {
    std::vector<uint32_t> some;
    std::vector<uint64_t> counts;
    double taken = 0;
    for (size_t wanted = kFirstRows; some.size() < rows.size() && taken < kLongEnoughSeconds; wanted *= 2) {
      const size_t step = std::max<size_t>(1, rows.size() / wanted);
      some.clear();
      for (size_t i = 0; i < rows.size(); i += step) some.push_back(rows[i]);
      const auto counting = Clock::now();
      ARROW_ASSIGN_OR_RAISE(counts, count_levels_of_all_pairs(*program_, c, records_, some, job_.model.links_only(),
                                                              context_.pool, context_.cancellation));
      taken = seconds_since(counting);
    }
    const auto proportions =
        level_proportions(model_.comparisons[c], std::vector<double>(counts.begin(), counts.end()));
    for (size_t level = 0; level < proportions.size(); ++level) {
      if (proportions[level]) estimates_.add_u(c, level, *proportions[level]);
    }
    const double growth = some.size() == rows.size() ? 1
                                                     : distinct_values(*program_, c, rows) /
                                                           std::max(1.0, distinct_values(*program_, c, some));
    seconds += taken * growth * growth;
  }
  estimates_.populate(&model_.comparisons);
  add("u", seconds);
  return Status::OK();
}

Status TimePredictor::add_prediction(const CandidatePairs& pairs) {
  const ComparisonProgram::Choice comparisons = program_->all();
  ARROW_ASSIGN_OR_RAISE(const MatchScorer scorer,
                        MatchScorer::make(model_.comparisons, model_.probability_two_random_records_match,
                                          comparisons.patterns, records_));
  std::vector<ScoredPair> some;  // of those at or above the threshold
  const auto keep_some = [&](std::span<const ScoredPair> scored) {
    some.insert(some.end(), scored.begin(),
                scored.begin() + static_cast<std::ptrdiff_t>(std::min(scored.size(), kWrittenPairs - some.size())));
    return Status::OK();
  };
  const auto score = [&](const PairUnits& units) -> Result<uint64_t> {
    ARROW_ASSIGN_OR_RAISE(
        const PredictionCounts counts,
        predict_pairs(units, comparisons, scorer, job_.predict->as_match_weight(), keep_some, context_));
    return counts.kept;
  };
  ARROW_ASSIGN_OR_RAISE(const PairWork all, measure_pair_work(pairs, score));
  prediction_.sampled_pairs += all.sampled_pairs;
  double writing = 0;
  if (!some.empty()) {
    ARROW_ASSIGN_OR_RAISE(const PredictionTable table,
                          PredictionTable::make(model_, records_, scorer, *comparisons.program));
    ARROW_ASSIGN_OR_RAISE(writing, seconds_of_writing(table, some));
    writing *= all.results / static_cast<double>(some.size());
  }
  add("predict", all.seconds + writing);
  return Status::OK();
}

// Batches are made by one thread while the others score, and encoded by all.
Result<double> TimePredictor::seconds_of_writing(const PredictionTable& table,
                                                 std::span<const ScoredPair> pairs) const {
  const int threads = context_.pool.threads();
  FilePublisher publisher;  // which drops the file
  ARROW_ASSIGN_OR_RAISE(
      const std::unique_ptr<TableWriter> writer,
      TableWriter::open(temporary_path("predictions"), file_format(job_.output.format), table.schema(),
                        {.threads = threads, .text_repeats = false, .publisher = &publisher}));
  const auto making = Clock::now();
  ARROW_ASSIGN_OR_RAISE(const std::shared_ptr<arrow::RecordBatch> batch, table.batch(pairs));
  const double made = seconds_since(making) / threads;
  const auto writing = Clock::now();
  ARROW_RETURN_NOT_OK(writer->write(*batch));
  ARROW_RETURN_NOT_OK(writer->finish());
  return made + seconds_since(writing);
}

Status TimePredictor::add_clusters() {
  const size_t written = std::min(kWrittenRecords, records_.num_rows());
  if (written == 0) return Status::OK();
  ClusterColumn own{"cluster_id", std::vector<uint32_t>(records_.num_rows())};
  std::iota(own.representative_of_row.begin(), own.representative_of_row.end(), 0U);
  FilePublisher publisher;  // which drops the file
  const auto began = Clock::now();
  ARROW_RETURN_NOT_OK(write_clusters({own}, records_, job_.model, temporary_path("clusters"),
                                     file_format(job_.output.format), context_.pool, publisher,
                                     {.cancellation = context_.cancellation, .most_records = written}));
  add("cluster", seconds_since(began) * static_cast<double>(records_.num_rows()) / static_cast<double>(written));
  return Status::OK();
}

}  // namespace

double TimePrediction::seconds() const {
  double total = 0;
  for (const Stage& stage : stages) total += stage.seconds;
  return total;
}

Result<TimePrediction> predict_time(const LinkageJob& job, const RecordTable& records, const CandidatePairs& pairs,
                                    RunContext& context) {
  return TimePredictor(job, records, context).predict(pairs);
}

}  // namespace linkwright
