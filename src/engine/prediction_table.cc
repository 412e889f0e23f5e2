#include "engine/prediction_table.h"

#include <arrow/array.h>
#include <arrow/buffer.h>
#include <arrow/builder.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "base/add_once.h"
#include "block/blocking_rule.h"
#include "model/match_weights.h"
#include "train/em_session.h"

namespace linkwright {
namespace {

using ArrayPtr = std::shared_ptr<arrow::Array>;
using BufferPtr = std::shared_ptr<arrow::Buffer>;

std::string sided(const std::string& name, bool left) { return name + (left ? "_l" : "_r"); }

template <typename Builder, typename Value>
Result<ArrayPtr> array_of(const std::vector<Value>& values) {
  Builder builder;
  ARROW_RETURN_NOT_OK(builder.AppendValues(values));
  return builder.Finish();
}

// Codes of another dictionary: `code_of` has that of null and then that of each code, -1 for null.
Result<RowCodes> looked_up(const RowCodes& codes, const std::vector<int32_t>& code_of) {
  ARROW_ASSIGN_OR_RAISE(const BufferPtr buffer, int32_buffer(static_cast<size_t>(codes.size)));
  auto* out = reinterpret_cast<int32_t*>(buffer->mutable_data());
  for (const int32_t code : codes.view()) *out++ = code_of[static_cast<size_t>(code + 1)];
  return RowCodes::make(buffer);
}

// Gives each number a code, equal ones the same; NaN is null.
struct DistinctNumbers {
  std::vector<double> numbers;
  std::map<double, int32_t> codes;

  int32_t code(double number) {
    if (std::isnan(number)) return -1;
    const auto [place, is_new] = codes.try_emplace(number, static_cast<int32_t>(numbers.size()));
    if (is_new) numbers.push_back(number);
    return place->second;
  }
};

// A table of levels by pattern and comparison is of use while it stays in the second-level cache.
constexpr uint64_t kLargestLevelTable = uint64_t{1} << 17;

// The level as a code of RowCodes.
int32_t level_code(const PatternSpace& patterns, AgreementPattern pattern, size_t comparison) {
  const size_t level = patterns.level(pattern, comparison);
  return level == patterns.no_level(comparison) ? -1 : static_cast<int32_t>(level);
}

}  // namespace

// Levels are taken out of a pattern by divisions, two a comparison and pair, unless patterns are few.
PredictionTable::PredictionTable(const ComparisonProgram& program)
    : program_(&program), patterns_(program.all().patterns) {
  if (!patterns_.fits_table() || patterns_.size() * patterns_.num_comparisons() > kLargestLevelTable) return;
  levels_of_pattern_.reserve(patterns_.size() * patterns_.num_comparisons());
  for (AgreementPattern pattern = 0; pattern < patterns_.size(); ++pattern) {
    for (size_t c = 0; c < patterns_.num_comparisons(); ++c) {
      levels_of_pattern_.push_back(level_code(patterns_, pattern, c));
    }
  }
}

Result<std::vector<std::string>> additional_columns(const LinkageModel& model) {
  std::vector<std::string> compared = {model.unique_id_column_name};
  if (model.has_sources()) compared.push_back(model.source_dataset_column_name);
  for (const Comparison& comparison : model.comparisons) {
    ARROW_ASSIGN_OR_RAISE(const std::vector<std::string> columns, columns_of(comparison));
    for (const std::string& column : columns) add_once(column, &compared);
  }
  std::vector<std::string> names;
  if (model.retain_matching_columns) {
    for (const BlockingRuleSettings& settings : model.blocking_rules) {
      ARROW_ASSIGN_OR_RAISE(const BlockingRule rule, BlockingRule::parse(settings.sql));
      for (const std::string& column : rule.columns()) {
        if (std::find(compared.begin(), compared.end(), column) == compared.end()) add_once(column, &names);
      }
    }
  }
  for (const std::string& column : model.additional_columns_to_retain) add_once(column, &names);
  return names;
}

Result<std::vector<std::string>> retained_columns(const LinkageModel& model) {
  ARROW_ASSIGN_OR_RAISE(std::vector<std::string> names, additional_columns(model));
  for (const Comparison& comparison : model.comparisons) {
    ARROW_ASSIGN_OR_RAISE(const std::vector<std::string> columns, columns_of(comparison));
    for (const std::string& column : columns) add_once(column, &names);
    for (const ComparisonLevel& level : comparison.levels) {
      if (!level.tf_adjustment_column.empty()) add_once(level.tf_adjustment_column, &names);
    }
  }
  return names;
}

bool PredictionTable::has_column(const std::string& name) const {
  const auto has_name = [&](const Column& column) { return column.field->name() == name; };
  return std::any_of(columns_.begin(), columns_.end(), has_name);
}

void PredictionTable::add(const std::string& name, std::shared_ptr<arrow::DataType> type, MakeArray make) {
  if (has_column(name)) return;
  columns_.push_back({arrow::field(name, std::move(type)), std::move(make)});
}

void PredictionTable::add_coded(const std::string& name, ArrayPtr dictionary, MakeCodes make) {
  if (values_ == Values::kPlain) {
    add(name, entry_type(*dictionary), [dictionary, make = std::move(make)](const Batch& batch) -> Result<ArrayPtr> {
      ARROW_ASSIGN_OR_RAISE(const RowCodes codes, make(batch));
      return gather_entries(dictionary, codes);
    });
    return;
  }
  const auto type = coded_type(*dictionary);
  add(name, type, [dictionary = std::move(dictionary), make = std::move(make)](const Batch& batch) -> Result<ArrayPtr> {
    ARROW_ASSIGN_OR_RAISE(const RowCodes codes, make(batch));
    return coded_array(codes, dictionary);
  });
}

size_t PredictionTable::side(const EncodedColumn* column, bool left) {
  return add_once({column, left, program_->place_of(*column)}, &sides_);
}

// A pair without a level in some comparison has no weight: NaN, which is null.
void PredictionTable::add_weights(const std::string& name, double (*of_weight)(double)) {
  add(name, arrow::float64(), [of_weight](const Batch& batch) -> Result<ArrayPtr> {
    arrow::DoubleBuilder builder;
    ARROW_RETURN_NOT_OK(builder.Reserve(static_cast<int64_t>(batch.pairs.size())));
    for (const ScoredPair& pair : batch.pairs) {
      if (std::isnan(pair.match_weight)) {
        builder.UnsafeAppendNull();
      } else {
        builder.UnsafeAppend(of_weight(pair.match_weight));
      }
    }
    return builder.Finish();
  });
}

Status PredictionTable::add_ids(const LinkageModel& model, const RecordTable& records) {
  if (records.has_sources()) {
    ARROW_ASSIGN_OR_RAISE(const ArrayPtr names, source_dictionary(records));
    for (const bool left : {true, false}) {
      add_coded(sided(model.source_dataset_column_name, left), names,
                [left, &records](const Batch& batch) { return gather_sources(records, batch.rows(left)); });
    }
  }
  // Text is copied once a row group, not once a pair, where each id is of one record: dictionaries must be distinct.
  const bool is_dictionary = records.ids()->type_id() != arrow::Type::INT64 && !records.has_sources();
  for (const bool left : {true, false}) {
    const std::string name = sided(model.unique_id_column_name, left);
    if (is_dictionary) {
      add_coded(name, records.ids(), [left](const Batch& batch) { return rows_as_codes(batch.rows(left)); });
    } else {
      add(name, gathered_id_type(records),
          [left, &records](const Batch& batch) { return gather_ids(records, batch.rows(left)); });
    }
  }
  return Status::OK();
}

Status PredictionTable::add_values(const std::string& name, const RecordTable& records) {
  ARROW_ASSIGN_OR_RAISE(const EncodedColumn* column, records.column(name));
  for (const bool left : {true, false}) {
    if (has_codes(*column)) {
      add_coded(sided(name, left), column->values,
                [s = side(column, left)](const Batch& batch) { return batch.values[s]; });
    } else {
      add(sided(name, left), gathered_type(*column),
          [column, left](const Batch& batch) { return gather_values(*column, batch.rows(left)); });
    }
  }
  return Status::OK();
}

Status PredictionTable::add_frequencies(const std::string& name, const TermFrequencyRanks* known,
                                        const LinkageModel& model, const RecordTable& records) {
  ARROW_ASSIGN_OR_RAISE(const EncodedColumn* column, records.column(name));
  TermFrequencyRanks own;
  if (known == nullptr) {
    ARROW_ASSIGN_OR_RAISE(own, rank_term_frequencies(*column));
  }
  const TermFrequencyRanks& ranks = known == nullptr ? own : *known;
  const std::vector<double> frequencies(ranks.frequencies.begin() + 1, ranks.frequencies.end());
  ARROW_ASSIGN_OR_RAISE(const ArrayPtr dictionary, array_of<arrow::DoubleBuilder>(frequencies));
  std::vector<int32_t> code_of(ranks.rank_of_code.begin(), ranks.rank_of_code.end());
  for (int32_t& code : code_of) --code;  // rank 0 is null
  for (const bool left : {true, false}) {
    add_coded(model.term_frequency_adjustment_column_prefix + sided(name, left), dictionary,
              [s = side(column, left), code_of](const Batch& batch) { return looked_up(batch.values[s], code_of); });
  }
  return Status::OK();
}

Status PredictionTable::add_gamma(size_t c, const LinkageModel& model) {
  const Comparison& comparison = model.comparisons[c];
  std::vector<int32_t> gammas;
  for (size_t level = 0; level < comparison.levels.size(); ++level) gammas.push_back(comparison.gamma(level));
  ARROW_ASSIGN_OR_RAISE(const ArrayPtr dictionary, array_of<arrow::Int32Builder>(gammas));
  add_coded(model.gamma_column(comparison), dictionary, [c](const Batch& batch) { return batch.levels[c]; });
  return Status::OK();
}

Status PredictionTable::add_level_weights(size_t c, const LinkageModel& model, const MatchScorer& scorer) {
  const Comparison& comparison = model.comparisons[c];
  DistinctNumbers weights;
  std::vector<int32_t> code_of = {-1};
  for (size_t level = 0; level < comparison.levels.size(); ++level) {
    code_of.push_back(weights.code(scorer.level_weight(c, level)));
  }
  ARROW_ASSIGN_OR_RAISE(const ArrayPtr dictionary, array_of<arrow::DoubleBuilder>(weights.numbers));
  const bool is_one_a_level = weights.numbers.size() == comparison.levels.size();
  add_coded(model.match_weight_column(comparison), dictionary,
            [c, is_one_a_level, code_of](const Batch& batch) -> Result<RowCodes> {
              if (is_one_a_level) return batch.levels[c];  // which are written once, for gamma as well
              return looked_up(batch.levels[c], code_of);
            });
  return Status::OK();
}

// The adjustment of a level depends on the rank of the larger frequency alone.
Status PredictionTable::add_adjustments(size_t c, const LinkageModel& model, const RecordTable& records,
                                        const MatchScorer& scorer) {
  struct Level {
    size_t left_side = 0;
    size_t right_side = 0;
    const TermFrequencyRanks* ranks = nullptr;
    std::vector<int32_t> code_of_rank;  // empty: not adjusted
  };
  const Comparison& comparison = model.comparisons[c];
  DistinctNumbers adjustments;
  const int32_t none = adjustments.code(0);
  std::vector<Level> levels(comparison.levels.size() + 1);  // "no level" in front
  for (size_t l = 0; l < comparison.levels.size(); ++l) {
    const std::span<const double> of_rank = scorer.term_frequency_adjustments(c, l);
    if (of_rank.empty()) continue;
    ARROW_ASSIGN_OR_RAISE(const EncodedColumn* column, records.column(comparison.levels[l].tf_adjustment_column));
    levels[l + 1] = {side(column, true), side(column, false), scorer.frequency_ranks(c, l), {}};
    for (const double adjustment : of_rank) levels[l + 1].code_of_rank.push_back(adjustments.code(adjustment));
  }
  ARROW_ASSIGN_OR_RAISE(const ArrayPtr dictionary, array_of<arrow::DoubleBuilder>(adjustments.numbers));
  add_coded(model.term_frequency_adjustment_column(comparison), dictionary,
            [c, none, levels = std::move(levels)](const Batch& batch) -> Result<RowCodes> {
              ARROW_ASSIGN_OR_RAISE(const BufferPtr buffer, int32_buffer(batch.pairs.size()));
              auto* codes = reinterpret_cast<int32_t*>(buffer->mutable_data());
              const std::span<const int32_t> level_of_pair = batch.levels[c].view();
              for (size_t k = 0; k < level_of_pair.size(); ++k) {
                const Level& level = levels[static_cast<size_t>(level_of_pair[k] + 1)];
                codes[k] = none;
                if (level.code_of_rank.empty()) continue;
                const auto rank = [&](size_t side) {
                  return level.ranks->rank_of_code[static_cast<size_t>(batch.values[side].view()[k] + 1)];
                };
                codes[k] = level.code_of_rank[std::max(rank(level.left_side), rank(level.right_side))];
              }
              return RowCodes::make(buffer);
            });
  return Status::OK();
}

Status PredictionTable::add_comparison(size_t c, const LinkageModel& model, const RecordTable& records,
                                       const MatchScorer& scorer) {
  const Comparison& comparison = model.comparisons[c];
  if (model.retain_matching_columns) {
    ARROW_ASSIGN_OR_RAISE(const std::vector<std::string> columns, columns_of(comparison));
    for (const std::string& column : columns) ARROW_RETURN_NOT_OK(add_values(column, records));
    ARROW_RETURN_NOT_OK(add_gamma(c, model));
  }
  if (!model.retain_intermediate_calculation_columns) return Status::OK();
  for (size_t level = 0; level < comparison.levels.size(); ++level) {
    const std::string& column = comparison.levels[level].tf_adjustment_column;
    if (column.empty() || has_column(model.term_frequency_adjustment_column_prefix + sided(column, true))) continue;
    ARROW_RETURN_NOT_OK(add_frequencies(column, scorer.frequency_ranks(c, level), model, records));
  }
  ARROW_RETURN_NOT_OK(add_level_weights(c, model, scorer));
  return scorer.has_term_frequency_adjustments(c) ? add_adjustments(c, model, records, scorer) : Status::OK();
}

Status PredictionTable::add_match_key(const LinkageModel& model) {
  std::vector<std::string> names;
  for (size_t rule = 0; rule < std::max<size_t>(model.blocking_rules.size(), 1); ++rule) {
    names.push_back(std::to_string(rule));
  }
  ARROW_ASSIGN_OR_RAISE(const ArrayPtr dictionary, array_of<arrow::StringBuilder>(names));
  add_coded("match_key", dictionary, [](const Batch& batch) -> Result<RowCodes> {
    ARROW_ASSIGN_OR_RAISE(const BufferPtr buffer, int32_buffer(batch.pairs.size()));
    auto* codes = reinterpret_cast<int32_t*>(buffer->mutable_data());
    for (const ScoredPair& pair : batch.pairs) *codes++ = static_cast<int32_t>(pair.match_key);
    return RowCodes::make(buffer);
  });
  return Status::OK();
}

Result<PredictionTable> PredictionTable::make(const LinkageModel& model, const RecordTable& records,
                                              const MatchScorer& scorer, const ComparisonProgram& program,
                                              Values values) {
  PredictionTable table(program);
  table.values_ = values;
  table.add_weights("match_weight", [](double weight) { return weight; });
  table.add_weights("match_probability", match_weight_to_probability);
  ARROW_RETURN_NOT_OK(table.add_ids(model, records));
  for (size_t c = 0; c < model.comparisons.size(); ++c) {
    ARROW_RETURN_NOT_OK(table.add_comparison(c, model, records, scorer));
  }
  ARROW_ASSIGN_OR_RAISE(const std::vector<std::string> additional, additional_columns(model));
  for (const std::string& column : additional) ARROW_RETURN_NOT_OK(table.add_values(column, records));
  ARROW_RETURN_NOT_OK(table.add_match_key(model));
  arrow::FieldVector fields;
  for (const Column& column : table.columns_) fields.push_back(column.field);
  table.schema_ = arrow::schema(std::move(fields));
  return table;
}

Result<PredictionTable::Batch> PredictionTable::take_apart(std::span<const ScoredPair> pairs) const {
  Batch batch;
  batch.pairs = pairs;
  batch.left_rows.resize(pairs.size());
  batch.right_rows.resize(pairs.size());
  for (size_t k = 0; k < pairs.size(); ++k) {
    batch.left_rows[k] = pairs[k].pair.left;
    batch.right_rows[k] = pairs[k].pair.right;
  }
  batch.values.resize(sides_.size());
  for (const bool left : {true, false}) ARROW_RETURN_NOT_OK(gather_values_of(left, &batch));
  ARROW_RETURN_NOT_OK(take_levels(&batch));
  return batch;
}

Status PredictionTable::take_levels(Batch* batch) const {
  const size_t comparisons = patterns_.num_comparisons();
  std::vector<BufferPtr> buffers(comparisons);
  std::vector<int32_t*> levels(comparisons);
  for (size_t c = 0; c < comparisons; ++c) {
    ARROW_ASSIGN_OR_RAISE(buffers[c], int32_buffer(batch->pairs.size()));
    levels[c] = reinterpret_cast<int32_t*>(buffers[c]->mutable_data());
  }
  std::vector<int32_t> of_pattern(comparisons);
  for (size_t k = 0; k < batch->pairs.size(); ++k) {
    const AgreementPattern pattern = batch->pairs[k].pattern;
    const int32_t* of_pair = of_pattern.data();
    if (levels_of_pattern_.empty()) {
      for (size_t c = 0; c < comparisons; ++c) of_pattern[c] = level_code(patterns_, pattern, c);
    } else {
      of_pair = levels_of_pattern_.data() + pattern * comparisons;
    }
    for (size_t c = 0; c < comparisons; ++c) levels[c][k] = of_pair[c];
  }
  for (BufferPtr& buffer : buffers) {
    ARROW_ASSIGN_OR_RAISE(batch->levels.emplace_back(), RowCodes::make(std::move(buffer)));
  }
  return Status::OK();
}

// Rows lie anywhere: their codes are read together where they lie together.
Status PredictionTable::gather_values_of(bool left, Batch* batch) const {
  constexpr size_t kAhead = 16;
  struct Gathered {
    size_t side;
    size_t place;
    BufferPtr buffer;
    int32_t* codes;
  };
  const std::vector<uint32_t>& rows = batch->rows(left);
  std::vector<Gathered> together;
  for (size_t s = 0; s < sides_.size(); ++s) {
    const Side& side = sides_[s];
    if (side.left != left) continue;
    if (!side.place) {
      ARROW_ASSIGN_OR_RAISE(batch->values[s], gather_codes(*side.column, rows));
      continue;
    }
    ARROW_ASSIGN_OR_RAISE(BufferPtr buffer, int32_buffer(rows.size()));
    auto* codes = reinterpret_cast<int32_t*>(buffer->mutable_data());
    together.push_back({s, *side.place, std::move(buffer), codes});
  }
  for (size_t k = 0; k < rows.size(); ++k) {
    if (k + kAhead < rows.size()) __builtin_prefetch(program_->row_codes(rows[k + kAhead]));
    const uint32_t* codes = program_->row_codes(rows[k]);
    for (const Gathered& gathered : together) gathered.codes[k] = static_cast<int32_t>(codes[gathered.place] - 1);
  }
  for (Gathered& gathered : together) {
    ARROW_ASSIGN_OR_RAISE(batch->values[gathered.side], RowCodes::make(std::move(gathered.buffer)));
  }
  return Status::OK();
}

Result<std::shared_ptr<arrow::RecordBatch>> PredictionTable::batch(std::span<const ScoredPair> pairs) const {
  ARROW_ASSIGN_OR_RAISE(const Batch batch, take_apart(pairs));
  arrow::ArrayVector arrays;
  for (const Column& column : columns_) {
    ARROW_ASSIGN_OR_RAISE(arrays.emplace_back(), column.make(batch));
  }
  return arrow::RecordBatch::Make(schema_, static_cast<int64_t>(pairs.size()), std::move(arrays));
}

}  // namespace linkwright
