#include "engine/prediction_table.h"

#include <arrow/array.h>
#include <arrow/buffer.h>
#include <arrow/builder.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>
#include <arrow/util/bit_util.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "block/blocking_rule.h"
#include "engine/record_columns.h"
#include "model/match_weights.h"
#include "train/em_session.h"

namespace linkwright {
namespace {

using ArrayPtr = std::shared_ptr<arrow::Array>;

void add_once(const std::string& name, std::vector<std::string>* names) {
  if (std::find(names->begin(), names->end(), name) == names->end()) names->push_back(name);
}

// Columns of the blocking rules that no comparison reads come along, as Splink keeps them.
Result<std::vector<std::string>> additional_columns(const LinkageModel& model) {
  std::vector<std::string> compared = {model.unique_id_column_name};
  if (model.link_type != LinkType::kDedupeOnly) compared.push_back(model.source_dataset_column_name);
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

}  // namespace

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

bool PredictionTable::has(const std::string& name) const {
  return std::any_of(columns_.begin(), columns_.end(),
                     [&](const Column& column) { return column.field->name() == name; });
}

void PredictionTable::add(std::shared_ptr<arrow::Field> field, std::function<Result<ArrayPtr>(const Batch&)> values) {
  if (!has(field->name())) columns_.push_back({std::move(field), std::move(values)});
}

void PredictionTable::add_double(const std::string& name, std::function<void(const Batch&, double*)> fill) {
  add(arrow::field(name, arrow::float64()), [fill = std::move(fill)](const Batch& batch) -> Result<ArrayPtr> {
    const auto size = static_cast<int64_t>(batch.pairs.size());
    ARROW_ASSIGN_OR_RAISE(std::shared_ptr<arrow::Buffer> numbers,
                          arrow::AllocateBuffer(size * static_cast<int64_t>(sizeof(double))));
    auto* values = reinterpret_cast<double*>(numbers->mutable_data());
    fill(batch, values);
    const int64_t nulls = std::count_if(values, values + size, [](double value) { return std::isnan(value); });
    std::shared_ptr<arrow::Buffer> validity;
    if (nulls > 0) {
      ARROW_ASSIGN_OR_RAISE(validity, arrow::AllocateEmptyBitmap(size));
      for (int64_t k = 0; k < size; ++k) {
        if (!std::isnan(values[k])) arrow::bit_util::SetBit(validity->mutable_data(), k);
      }
    }
    return std::make_shared<arrow::DoubleArray>(size, numbers, validity, nulls);
  });
}

Status PredictionTable::add_values(const std::string& name, const RecordTable& records) {
  ARROW_ASSIGN_OR_RAISE(const EncodedColumn* column, records.column(name));
  for (const bool left : {true, false}) {
    add(arrow::field(name + (left ? "_l" : "_r"), gathered_type(*column)),
        [column, left](const Batch& batch) { return gather_values(*column, batch.rows(left)); });
  }
  return Status::OK();
}

Status PredictionTable::add_frequencies(const std::string& name, const LinkageModel& model,
                                        const RecordTable& records) {
  ARROW_ASSIGN_OR_RAISE(const EncodedColumn* column, records.column(name));
  auto frequencies = std::make_shared<std::vector<double>>(term_frequencies(*column));
  (*frequencies)[0] = std::nan("");
  for (const bool left : {true, false}) {
    add_double(model.term_frequency_adjustment_column_prefix + name + (left ? "_l" : "_r"),
               [column, left, frequencies](const Batch& batch, double* values) {
                 for (const uint32_t row : batch.rows(left)) *values++ = (*frequencies)[column->codes[row]];
               });
  }
  return Status::OK();
}

void PredictionTable::add_gamma(size_t c, const LinkageModel& model) {
  const Comparison& comparison = model.comparisons[c];
  std::vector<int32_t> gammas;
  for (size_t level = 0; level < comparison.levels.size(); ++level) gammas.push_back(comparison.gamma(level));
  add(arrow::field(model.gamma_column(comparison), arrow::int32()),
      [c, gammas](const Batch& batch) -> Result<ArrayPtr> {
        arrow::Int32Builder builder;
        ARROW_RETURN_NOT_OK(builder.Reserve(static_cast<int64_t>(batch.pairs.size())));
        for (const uint32_t level : batch.levels[c]) {
          if (level == gammas.size()) {
            builder.UnsafeAppendNull();
          } else {
            builder.UnsafeAppend(gammas[level]);
          }
        }
        return builder.Finish();
      });
}

Status PredictionTable::add_comparison(size_t c, const LinkageModel& model, const RecordTable& records,
                                       const MatchScorer& scorer) {
  const Comparison& comparison = model.comparisons[c];
  if (model.retain_matching_columns) {
    ARROW_ASSIGN_OR_RAISE(const std::vector<std::string> columns, columns_of(comparison));
    for (const std::string& column : columns) ARROW_RETURN_NOT_OK(add_values(column, records));
    add_gamma(c, model);
  }
  if (!model.retain_intermediate_calculation_columns) return Status::OK();
  for (const ComparisonLevel& level : comparison.levels) {
    if (!level.tf_adjustment_column.empty()) {
      ARROW_RETURN_NOT_OK(add_frequencies(level.tf_adjustment_column, model, records));
    }
  }
  add_double(model.match_weight_column(comparison), [c, &scorer](const Batch& batch, double* values) {
    for (const uint32_t level : batch.levels[c]) *values++ = scorer.level_weight(c, level);
  });
  if (scorer.has_term_frequency_adjustments(c)) {
    add_double(model.term_frequency_adjustment_column(comparison), [c, &scorer](const Batch& batch, double* values) {
      for (size_t k = 0; k < batch.pairs.size(); ++k) {
        values[k] = scorer.term_frequency_adjustment(c, batch.levels[c][k], batch.pairs[k].pair);
      }
    });
  }
  return Status::OK();
}

Result<PredictionTable> PredictionTable::make(const LinkageModel& model, const RecordTable& records,
                                              const MatchScorer& scorer, const PatternSpace& patterns) {
  PredictionTable table;
  table.patterns_ = patterns;
  table.add_double("match_weight", [](const Batch& batch, double* values) {
    for (const ScoredPair& pair : batch.pairs) *values++ = pair.match_weight;
  });
  table.add_double("match_probability", [](const Batch& batch, double* values) {
    for (const ScoredPair& pair : batch.pairs) *values++ = match_weight_to_probability(pair.match_weight);
  });
  for (const bool source : {true, false}) {
    if (source && !records.has_sources()) continue;
    const std::string& name = source ? model.source_dataset_column_name : model.unique_id_column_name;
    const auto type = source ? coded_text_type() : gathered_id_type(records);
    for (const bool left : {true, false}) {
      table.add(arrow::field(name + (left ? "_l" : "_r"), type), [source, left, &records](const Batch& batch) {
        return source ? gather_sources(records, batch.rows(left)) : gather_ids(records, batch.rows(left));
      });
    }
  }
  for (size_t c = 0; c < model.comparisons.size(); ++c) {
    ARROW_RETURN_NOT_OK(table.add_comparison(c, model, records, scorer));
  }
  ARROW_ASSIGN_OR_RAISE(const std::vector<std::string> additional, additional_columns(model));
  for (const std::string& column : additional) ARROW_RETURN_NOT_OK(table.add_values(column, records));
  const size_t rules = std::max<size_t>(model.blocking_rules.size(), 1);
  arrow::StringBuilder keys;
  for (size_t rule = 0; rule < rules; ++rule) ARROW_RETURN_NOT_OK(keys.Append(std::to_string(rule)));
  ARROW_ASSIGN_OR_RAISE(const ArrayPtr key_array, keys.Finish());
  table.add(arrow::field("match_key", coded_text_type()), [key_array](const Batch& batch) -> Result<ArrayPtr> {
    arrow::Int32Builder indices;
    ARROW_RETURN_NOT_OK(indices.Reserve(static_cast<int64_t>(batch.pairs.size())));
    for (const ScoredPair& pair : batch.pairs) indices.UnsafeAppend(static_cast<int32_t>(pair.match_key));
    ARROW_ASSIGN_OR_RAISE(const ArrayPtr index_array, indices.Finish());
    return arrow::DictionaryArray::FromArrays(coded_text_type(), index_array, key_array);
  });
  arrow::FieldVector fields;
  for (const Column& column : table.columns_) fields.push_back(column.field);
  table.schema_ = arrow::schema(std::move(fields));
  return table;
}

Result<std::shared_ptr<arrow::RecordBatch>> PredictionTable::batch(std::span<const ScoredPair> pairs) const {
  Batch batch{pairs, {}, {}, std::vector<std::vector<uint32_t>>(patterns_.num_comparisons())};
  for (const ScoredPair& pair : pairs) {
    batch.left_rows.push_back(pair.pair.left);
    batch.right_rows.push_back(pair.pair.right);
  }
  for (size_t c = 0; c < batch.levels.size(); ++c) {
    batch.levels[c].reserve(pairs.size());
    for (const ScoredPair& pair : pairs) {
      batch.levels[c].push_back(static_cast<uint32_t>(patterns_.level(pair.pattern, c)));
    }
  }
  arrow::ArrayVector arrays;
  for (const Column& column : columns_) {
    ARROW_ASSIGN_OR_RAISE(arrays.emplace_back(), column.values(batch));
  }
  return arrow::RecordBatch::Make(schema_, static_cast<int64_t>(pairs.size()), std::move(arrays));
}

}  // namespace linkwright
