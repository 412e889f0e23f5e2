#include "engine/prediction_table.h"

#include <arrow/array.h>
#include <arrow/builder.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>

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
using Pairs = std::span<const ScoredPair>;

std::vector<uint32_t> rows_of(Pairs pairs, bool left) {
  std::vector<uint32_t> rows(pairs.size());
  for (size_t k = 0; k < pairs.size(); ++k) rows[k] = left ? pairs[k].pair.left : pairs[k].pair.right;
  return rows;
}

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

void PredictionTable::add(std::shared_ptr<arrow::Field> field, std::function<Result<ArrayPtr>(Pairs)> values) {
  if (!has(field->name())) columns_.push_back({std::move(field), std::move(values)});
}

void PredictionTable::add_double(const std::string& name, std::function<double(const ScoredPair&)> value) {
  add(arrow::field(name, arrow::float64()), [value = std::move(value)](Pairs pairs) -> Result<ArrayPtr> {
    arrow::DoubleBuilder builder;
    ARROW_RETURN_NOT_OK(builder.Reserve(static_cast<int64_t>(pairs.size())));
    for (const ScoredPair& pair : pairs) {
      const double number = value(pair);
      if (std::isnan(number)) {
        builder.UnsafeAppendNull();
      } else {
        builder.UnsafeAppend(number);
      }
    }
    return builder.Finish();
  });
}

Status PredictionTable::add_values(const std::string& name, const RecordTable& records) {
  ARROW_ASSIGN_OR_RAISE(const EncodedColumn* column, records.column(name));
  for (const bool left : {true, false}) {
    add(arrow::field(name + (left ? "_l" : "_r"), gathered_type(*column)),
        [column, left](Pairs pairs) { return gather_values(*column, rows_of(pairs, left)); });
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
               [column, left, frequencies](const ScoredPair& pair) {
                 return (*frequencies)[column->codes[left ? pair.pair.left : pair.pair.right]];
               });
  }
  return Status::OK();
}

Status PredictionTable::add_comparison(size_t c, const LinkageModel& model, const RecordTable& records,
                                       const MatchScorer& scorer, const PatternSpace& patterns) {
  const Comparison& comparison = model.comparisons[c];
  if (model.retain_matching_columns) {
    ARROW_ASSIGN_OR_RAISE(const std::vector<std::string> columns, columns_of(comparison));
    for (const std::string& column : columns) ARROW_RETURN_NOT_OK(add_values(column, records));
    std::vector<int32_t> gammas;
    for (size_t level = 0; level < comparison.levels.size(); ++level) gammas.push_back(comparison.gamma(level));
    add(arrow::field(model.comparison_vector_value_column_prefix + comparison.output_column_name, arrow::int32()),
        [c, gammas, patterns](Pairs pairs) -> Result<ArrayPtr> {
          arrow::Int32Builder builder;
          ARROW_RETURN_NOT_OK(builder.Reserve(static_cast<int64_t>(pairs.size())));
          for (const ScoredPair& pair : pairs) {
            const size_t level = patterns.level(pair.pattern, c);
            if (level == patterns.no_level(c)) {
              builder.UnsafeAppendNull();
            } else {
              builder.UnsafeAppend(gammas[level]);
            }
          }
          return builder.Finish();
        });
  }
  if (!model.retain_intermediate_calculation_columns) return Status::OK();
  for (const ComparisonLevel& level : comparison.levels) {
    if (!level.tf_adjustment_column.empty()) {
      ARROW_RETURN_NOT_OK(add_frequencies(level.tf_adjustment_column, model, records));
    }
  }
  add_double(model.match_weight_column_prefix + comparison.output_column_name,
             [c, &scorer, patterns](const ScoredPair& pair) {
               return scorer.level_weight(c, patterns.level(pair.pattern, c));
             });
  if (scorer.has_term_frequency_adjustments(c)) {
    add_double(model.match_weight_column_prefix + "tf_adj_" + comparison.output_column_name,
               [c, &scorer, patterns](const ScoredPair& pair) {
                 return scorer.term_frequency_adjustment(c, patterns.level(pair.pattern, c), pair.pair);
               });
  }
  return Status::OK();
}

Result<PredictionTable> PredictionTable::make(const LinkageModel& model, const RecordTable& records,
                                              const MatchScorer& scorer, const PatternSpace& patterns) {
  PredictionTable table;
  table.add_double("match_weight", [](const ScoredPair& pair) { return pair.match_weight; });
  table.add_double("match_probability",
                   [](const ScoredPair& pair) { return match_weight_to_probability(pair.match_weight); });
  for (const bool source : {true, false}) {
    if (source && !records.has_sources()) continue;
    const std::string& name = source ? model.source_dataset_column_name : model.unique_id_column_name;
    const auto type = source ? arrow::dictionary(arrow::int32(), arrow::utf8())
                      : records.ids()->type_id() == arrow::Type::INT64 ? arrow::int64()
                                                                       : arrow::utf8();
    for (const bool left : {true, false}) {
      table.add(arrow::field(name + (left ? "_l" : "_r"), type), [source, left, &records](Pairs pairs) {
        const std::vector<uint32_t> rows = rows_of(pairs, left);
        return source ? gather_sources(records, rows) : gather_ids(records, rows);
      });
    }
  }
  for (size_t c = 0; c < model.comparisons.size(); ++c) {
    ARROW_RETURN_NOT_OK(table.add_comparison(c, model, records, scorer, patterns));
  }
  ARROW_ASSIGN_OR_RAISE(const std::vector<std::string> additional, additional_columns(model));
  for (const std::string& column : additional) ARROW_RETURN_NOT_OK(table.add_values(column, records));
  const size_t rules = std::max<size_t>(model.blocking_rules.size(), 1);
  arrow::StringBuilder keys;
  for (size_t rule = 0; rule < rules; ++rule) ARROW_RETURN_NOT_OK(keys.Append(std::to_string(rule)));
  ARROW_ASSIGN_OR_RAISE(const ArrayPtr key_array, keys.Finish());
  const auto key_type = arrow::dictionary(arrow::int32(), arrow::utf8());
  table.add(arrow::field("match_key", key_type), [key_array, key_type](Pairs pairs) -> Result<ArrayPtr> {
    arrow::Int32Builder indices;
    ARROW_RETURN_NOT_OK(indices.Reserve(static_cast<int64_t>(pairs.size())));
    for (const ScoredPair& pair : pairs) indices.UnsafeAppend(static_cast<int32_t>(pair.match_key));
    ARROW_ASSIGN_OR_RAISE(const ArrayPtr index_array, indices.Finish());
    return arrow::DictionaryArray::FromArrays(key_type, index_array, key_array);
  });
  arrow::FieldVector fields;
  for (const Column& column : table.columns_) fields.push_back(column.field);
  table.schema_ = arrow::schema(std::move(fields));
  return table;
}

Result<std::shared_ptr<arrow::RecordBatch>> PredictionTable::batch(std::span<const ScoredPair> pairs) const {
  arrow::ArrayVector arrays;
  for (const Column& column : columns_) {
    ARROW_ASSIGN_OR_RAISE(arrays.emplace_back(), column.values(pairs));
  }
  return arrow::RecordBatch::Make(schema_, static_cast<int64_t>(pairs.size()), std::move(arrays));
}

}  // namespace linkwright
