#include "engine/memory_prediction.h"

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

#include "base/memory_budget.h"
#include "block/blocking_rule.h"
#include "column/agreement_pattern.h"
#include "column/row_numbers.h"
#include "engine/prediction.h"
#include "engine/prediction_table.h"
#include "engine/record_memory.h"
#include "engine/training.h"
#include "io/write_behind.h"
#include "model/match_weights.h"
#include "train/em_session.h"

namespace linkwright {
namespace {

constexpr double kMiB = 1 << 20;

// The program with its libraries, and what each of its threads holds: buffers of comparers and of the allocator.
constexpr double kProgramBytes = 31 * kMiB;
constexpr double kThreadBytes = 4 * kMiB;

// What the allocator holds for what is asked of it: each thread has a heap of its own, with holes of its own. Measured
// with 1 to 7 threads on the jobs of docs/performance.md.
double allocator_share(int threads) { return std::min(1.06 + 0.04 * threads, 1.5); }

// A threshold of some strength keeps less than half of the pairs that blocking makes, usually a quarter.
constexpr double kWeakThreshold = 0.01;
constexpr double kMostKept = 0.5;
constexpr double kUsuallyKept = 0.25;

// A thread's table of the outcomes between the distinct values of a tile, for each comparison (TileComparer).
constexpr double kLargestOutcomeTable = 8 * kMiB;
constexpr double kSampleTileRows = 2048;

// What a pair takes while EM counts pairs that look alike with their term frequencies, where none is like another and
// as usual; and a link until links are clustered.
constexpr double kCountBytes = 96;
constexpr double kUsualCountBytes = 8;
constexpr double kLinkBytes = 48;

constexpr double kRowGroupRows = 1 << 18;
constexpr double kTextBatchRows = 1 << 15;
constexpr double kClusterBatchRows = 1 << 17;

double as_double(uint64_t number) { return static_cast<double>(number); }

// What each part of a run holds, in bytes.
class MemoryModel {
 public:
  MemoryModel(const LinkageJob& job, const InputSurvey& inputs, RecordMemory records, int threads,
              const PairBounds& pairs, MemoryAssumption assumption)
      : job_(job),
        inputs_(inputs),
        records_(std::move(records)),
        threads_(threads),
        pairs_(pairs),
        assumption_(assumption),
        buffers_(static_cast<double>(assumption == MemoryAssumption::kWorst ? MemoryBudget::kLeastBufferBytes
                                                                            : MemoryBudget::kMostBufferBytes)),
        rows_(as_double(inputs.rows)) {}

  Result<MemoryPrediction> predict() const;
  Result<MemoryPrediction> predict_later(LaterUse use, const TableSurvey* predictions) const;

 private:
  void add_records(MemoryPrediction* prediction) const;
  void add(const char* stage, double bytes, bool is_before_pairs, MemoryPrediction* prediction) const;
  Result<double> program() const;
  double share_with_key(const RuleArm& arm) const;
  Result<double> indexes(const std::vector<std::string>& rules, double* while_made) const;
  double scorer(bool with_patterns) const;
  Result<double> outcome_tables(double tile_rows) const;
  Result<double> training() const;
  Result<double> prediction_rows() const;
  double clusters(double* at_the_end) const;

  double kept_share(const Threshold& threshold) const {
    const double weight = threshold.as_match_weight().value_or(-std::numeric_limits<double>::infinity());
    if (match_weight_to_probability(weight) < kWeakThreshold) return 1;
    return assumption_ == MemoryAssumption::kWorst ? kMostKept : kUsuallyKept;
  }
  double width(const std::string& name) const;
  // Parquet is held until a group of rows is whole; of text, a batch.
  double rows_in_writer() const {
    return job_.output.format == OutputFormat::kParquet ? kRowGroupRows : kTextBatchRows;
  }

  const LinkageJob& job_;
  const InputSurvey& inputs_;
  RecordMemory records_;
  int threads_;
  PairBounds pairs_;
  MemoryAssumption assumption_;
  double buffers_;
  double rows_;
};

// Codes of the compared columns side by side, and tables by value of what conditions compute of one record.
Result<double> MemoryModel::program() const {
  std::set<std::string> compared;
  double bytes = 0;
  for (const Comparison& comparison : job_.model.comparisons) {
    ARROW_ASSIGN_OR_RAISE(const std::vector<std::string> columns, columns_of(comparison));
    for (const std::string& name : columns) {
      const ColumnSurvey* column = inputs_.find(name);
      if (column == nullptr) continue;
      compared.insert(name);
      bytes += 8 * as_double(column->distinct_values);
    }
  }
  return bytes + 4 * rows_ * as_double(RowNumbers<uint32_t>::stride_for(compared.size()));
}

// How many of the rows have all of a rule's keys, as far as single columns tell.
double MemoryModel::share_with_key(const RuleArm& arm) const {
  double share = 1;
  for (const KeyEquality& key : arm.keys) {
    for (const ColumnReference& reference : key.left.columns()) {
      const ColumnSurvey* column = inputs_.find(reference.name);
      if (column != nullptr && rows_ > 0) share = std::min(share, as_double(column->values) / rows_);
    }
  }
  return share;
}

// A rule's rows by block, and where blocks begin; beside all indexes each row's blocks under all rules. While one is
// made, its keys are sorted with their rows.
Result<double> MemoryModel::indexes(const std::vector<std::string>& rules, double* while_made) const {
  double bytes = 0;
  size_t arms = 0;
  for (const std::string& sql : rules) {
    ARROW_ASSIGN_OR_RAISE(const BlockingRule rule, BlockingRule::parse(sql));
    for (const RuleArm& arm : rule.arms) {
      const bool symmetric = std::all_of(arm.keys.begin(), arm.keys.end(), [](const KeyEquality& key) {
        return key.left.columns().size() == key.right.columns().size();
      });
      bytes += (symmetric ? 5 : 10) * rows_ * share_with_key(arm);
      ++arms;
    }
  }
  const double at_once = std::min(as_double(arms), static_cast<double>(threads_));
  const double keys_of_rows = 4 * rows_ * as_double(RowNumbers<uint32_t>::stride_for(arms - std::min<size_t>(arms, 1)));
  *while_made = bytes + 4 * rows_ * as_double(arms) + std::max(24 * rows_ * at_once, keys_of_rows);
  return bytes + keys_of_rows;
}

// Term frequencies by row and by value, and a weight for each pattern.
double MemoryModel::scorer(bool with_patterns) const {
  std::set<std::string> adjusted;
  double patterns = 1;
  double bytes = 0;
  for (const Comparison& comparison : job_.model.comparisons) {
    patterns *= static_cast<double>(comparison.levels.size()) + 1;
    for (const ComparisonLevel& level : comparison.levels) {
      const ColumnSurvey* column = inputs_.find(level.tf_adjustment_column);
      if (column == nullptr || !adjusted.insert(level.tf_adjustment_column).second) continue;
      bytes += 20 * as_double(column->distinct_values);
    }
  }
  bytes += 2 * rows_ * as_double(RowNumbers<uint16_t>::stride_for(adjusted.size()));
  if (with_patterns && patterns <= as_double(PatternSpace::kLargestTable)) bytes += 24 * patterns;
  return bytes;
}

Result<double> MemoryModel::outcome_tables(double tile_rows) const {
  double bytes = 0;
  for (const Comparison& comparison : job_.model.comparisons) {
    ARROW_ASSIGN_OR_RAISE(const std::vector<std::string> columns, columns_of(comparison));
    for (const std::string& name : columns) {
      const ColumnSurvey* column = inputs_.find(name);
      const double side = column == nullptr ? 0 : std::min(tile_rows, as_double(column->distinct_values) + 1);
      bytes += std::min(kLargestOutcomeTable, side * side);
    }
  }
  return threads_ * bytes;
}

Result<double> MemoryModel::training() const {
  const TrainingSpec& training = job_.training;
  ARROW_ASSIGN_OR_RAISE(const double tables, outcome_tables(as_double(pairs_.largest_block)));
  double most = 0;
  double while_made = 0;
  if (training.prior) {
    ARROW_ASSIGN_OR_RAISE(const double held, indexes(training.prior->rules, &while_made));
    most = std::max({most, held, while_made});
  }
  if (training.u) {
    ARROW_ASSIGN_OR_RAISE(const double of_sample, outcome_tables(std::min(rows_, kSampleTileRows)));
    most = std::max(most, of_sample / static_cast<double>(job_.model.comparisons.size()));  // one after the other
  }
  if (training.u && training.u->method == UTraining::Method::kAllPairs) {
    uint64_t distinct = 0;
    for (const ColumnSurvey& column : inputs_.columns) {
      if (records_.is_encoded(column.name)) distinct = std::max(distinct, column.distinct_values);
    }
    most = std::max(most, 4 * rows_ + 64 * as_double(distinct));
  }
  if (training.m_from_pairwise_labels) most = std::max(most, 120 * rows_ + records_.ids());
  if (training.m_from_label_column) {
    const PatternQuestion question = label_column_question(job_.model, *training.m_from_label_column);
    ARROW_ASSIGN_OR_RAISE(const double held, indexes({question.rule}, &while_made));
    most = std::max({most, held, while_made});
  }
  for (const EmTraining& em : training.em) {
    ARROW_ASSIGN_OR_RAISE(const double held, indexes({em.rule}, &while_made));
    const double frequencies = scorer(false);
    const double counts =
        std::min(buffers_, (assumption_ == MemoryAssumption::kWorst ? kCountBytes : kUsualCountBytes) *
                               as_double(pairs_.trained));
    most = std::max({most, while_made, held + tables + (em.without_term_frequencies ? 0 : frequencies + counts)});
  }
  return most;
}

double MemoryModel::width(const std::string& name) const {
  const ColumnSurvey* column = inputs_.find(name);
  return column == nullptr ? 8 : (column->is_text ? 4 + average_text_bytes(*column) : 8);
}

// Bytes of a prediction as the Parquet writer holds them until its row group is full.
Result<double> MemoryModel::prediction_rows() const {
  const LinkageModel& model = job_.model;
  double texts = 2 * width(model.unique_id_column_name);
  double numbers = 3;
  ARROW_ASSIGN_OR_RAISE(const std::vector<std::string> retained, retained_columns(model));
  if (model.retain_matching_columns) {
    for (const std::string& name : retained) texts += 2 * width(name);
    numbers += static_cast<double>(model.comparisons.size()) / 2;
  }
  if (model.retain_intermediate_calculation_columns) {
    for (const Comparison& comparison : model.comparisons) {
      const bool adjusts = std::any_of(comparison.levels.begin(), comparison.levels.end(),
                                       [](const auto& level) { return !level.tf_adjustment_column.empty(); });
      numbers += adjusts ? 4 : 1;
    }
  }
  const double rows = std::min(rows_in_writer(), kept_share(*job_.predict) * as_double(pairs_.predicted));
  return rows * 0.9 * (texts + 4 * numbers);
}

double MemoryModel::clusters(double* at_the_end) const {
  if (!job_.cluster) return *at_the_end = 0;
  double row = 12;
  for (const ColumnSurvey& column : inputs_.columns) row += width(column.name);
  const double written = std::min(rows_, kClusterBatchRows) * row + 0.5 * std::min(rows_, rows_in_writer()) * row;
  if (job_.cluster->method == ClusterSpec::Method::kBestLink) {
    // Held, sorted by component, and given back in parts, for which the buffers are needed again.
    const double links =
        std::min(4 * buffers_, kLinkBytes * kept_share(job_.cluster->thresholds[0]) * as_double(pairs_.predicted));
    *at_the_end = 100 * rows_ + 1.6 * links + written;
    return 4 * rows_ + 1.6 * links;
  }
  const auto thresholds = static_cast<double>(job_.cluster->thresholds.size());
  *at_the_end = 4 * rows_ * (thresholds + 1) + written;
  return 4 * rows_ * thresholds;
}

void MemoryModel::add(const char* stage, double bytes, bool is_before_pairs, MemoryPrediction* prediction) const {
  const double base = kProgramBytes + kThreadBytes * threads_;
  const double taken = base + allocator_share(threads_) * bytes;
  prediction->stages.push_back({stage, static_cast<int64_t>(taken), is_before_pairs});
}

void MemoryModel::add_records(MemoryPrediction* prediction) const {
  add("read", records_.reading(), true, prediction);
  add("prepare", records_.preparing(threads_), true, prediction);
}

// Predictions in Parquet are read in batches, which are held as they are decoded, as values and as links.
Result<MemoryPrediction> MemoryModel::predict_later(LaterUse use, const TableSurvey* predictions) const {
  constexpr double kBatchBytes = 16 * kMiB;
  MemoryPrediction prediction;
  add_records(&prediction);
  double read = kBatchBytes;
  if (predictions != nullptr) {
    read += RecordMemory::table(*predictions) + RecordMemory::beside(*predictions);
  }
  if (use == LaterUse::kCluster) {
    double at_the_end = 0;
    const double clustered = clusters(&at_the_end);
    const double rows_by_id = records_.ids() + 40 * rows_;
    add("cluster", records_.held() + std::max(clustered + rows_by_id + read, at_the_end), false, &prediction);
    return prediction;
  }
  ARROW_ASSIGN_OR_RAISE(const double compared, program());
  const double frequencies = scorer(true);
  add("explain", records_.held() + std::max(buffers_ + read, compared + frequencies), false, &prediction);
  return prediction;
}

Result<MemoryPrediction> MemoryModel::predict() const {
  MemoryPrediction prediction;
  add_records(&prediction);
  const auto add = [&](const char* stage, double bytes, bool is_before_pairs) {
    this->add(stage, bytes, is_before_pairs, &prediction);
  };
  ARROW_ASSIGN_OR_RAISE(const double compared, program());
  const double held = records_.held() + compared;
  add("compile", held, true);
  if (!job_.training.empty()) {
    ARROW_ASSIGN_OR_RAISE(const double trained, training());
    add("train", held + trained, false);
  }
  if (!job_.predict) return prediction;
  std::vector<std::string> rules;
  for (const BlockingRuleSettings& rule : job_.model.blocking_rules) rules.push_back(rule.sql);
  if (rules.empty()) rules.emplace_back("1 = 1");
  double while_made = 0;
  ARROW_ASSIGN_OR_RAISE(const double blocks, indexes(rules, &while_made));
  const double frequencies = scorer(true);
  add("block", held + std::max(while_made, blocks + frequencies), true);
  ARROW_ASSIGN_OR_RAISE(const double written, prediction_rows());
  double at_the_end = 0;
  const double clustered = clusters(&at_the_end);
  const double pairs =
      std::min<double>(kMostWaitingPredictionBytes, 32 * kept_share(*job_.predict) * as_double(pairs_.predicted));
  ARROW_ASSIGN_OR_RAISE(const double tables, outcome_tables(as_double(pairs_.largest_block)));
  // Of a group of rows that the next one follows.
  const bool writes_behind = job_.output.format == OutputFormat::kParquet && threads_ > 1 &&
                             kept_share(*job_.predict) * as_double(pairs_.predicted) > kRowGroupRows;
  const double behind = writes_behind ? std::min<double>(kMostWriteBehindBytes, written) : 0;
  add("predict", held + blocks + frequencies + clustered + pairs + tables + written + behind, false);
  if (job_.cluster) add("cluster", held + blocks + frequencies + at_the_end, false);
  return prediction;
}

}  // namespace

const MemoryPrediction::Stage& MemoryPrediction::largest() const {
  return *std::max_element(stages.begin(), stages.end(),
                           [](const Stage& a, const Stage& b) { return a.bytes < b.bytes; });
}

int64_t MemoryPrediction::peak_bytes_before_pairs() const {
  int64_t peak = 0;
  for (const Stage& stage : stages) {
    if (stage.is_before_pairs) peak = std::max(peak, stage.bytes);
  }
  return peak;
}

Result<MemoryPrediction> predict_memory(const LinkageJob& job, const InputSurvey& inputs, int threads,
                                        const PairBounds& pairs, MemoryAssumption assumption) {
  ARROW_ASSIGN_OR_RAISE(RecordMemory records, RecordMemory::make(job, inputs));
  return MemoryModel(job, inputs, std::move(records), threads, pairs, assumption).predict();
}

Result<MemoryPrediction> predict_memory_of(LaterUse use, const LinkageJob& job, const InputSurvey& inputs, int threads,
                                           const TableSurvey* predictions) {
  ARROW_ASSIGN_OR_RAISE(RecordMemory records, RecordMemory::make(job, inputs));
  const MemoryModel model(job, inputs, std::move(records), threads, PairBounds{}, MemoryAssumption::kWorst);
  return model.predict_later(use, predictions);
}

}  // namespace linkwright
