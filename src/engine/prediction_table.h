#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/status.h"
#include "column/agreement_pattern.h"
#include "column/pair_tile.h"
#include "column/record_table.h"
#include "model/linkage_model.h"
#include "score/match_scorer.h"

namespace arrow {
class Array;
class Field;
class RecordBatch;
class Schema;
}  // namespace arrow

namespace linkwright {

/// A pair that passed the threshold.
struct ScoredPair {
  RowPair pair;
  AgreementPattern pattern;
  double match_weight;
  uint32_t match_key;
};

/// Turns scored pairs into record batches with Splink 5's columns, in Splink's order: match_weight, match_probability,
/// ids, then comparison by comparison the values compared, gamma_*, tf_*, mw_* and mw_tf_adj_*, then the columns to
/// retain, then match_key. The model's retain_* settings decide which of them there are.
/// Immutable; thread-safe.
class PredictionTable {
 public:
  static Result<PredictionTable> make(const LinkageModel& model, const RecordTable& records, const MatchScorer& scorer,
                                      const PatternSpace& patterns);

  const std::shared_ptr<arrow::Schema>& schema() const { return schema_; }
  Result<std::shared_ptr<arrow::RecordBatch>> batch(std::span<const ScoredPair> pairs) const;

 private:
  // Pairs with what several columns are computed from, taken apart once.
  struct Batch {
    std::span<const ScoredPair> pairs;
    std::vector<uint32_t> left_rows;
    std::vector<uint32_t> right_rows;
    std::vector<std::vector<uint32_t>> levels;  // of every comparison, one a pair

    const std::vector<uint32_t>& rows(bool left) const { return left ? left_rows : right_rows; }
  };
  struct Column {
    std::shared_ptr<arrow::Field> field;
    std::function<Result<std::shared_ptr<arrow::Array>>(const Batch&)> values;
  };
  void add(std::shared_ptr<arrow::Field> field,
           std::function<Result<std::shared_ptr<arrow::Array>>(const Batch&)> values);
  void add_double(const std::string& name, std::function<void(const Batch&, double* values)> fill);  // NaN: null
  Status add_values(const std::string& column, const RecordTable& records);
  Status add_frequencies(const std::string& column, const LinkageModel& model, const RecordTable& records);
  void add_gamma(size_t comparison, const LinkageModel& model);
  Status add_comparison(size_t comparison, const LinkageModel& model, const RecordTable& records,
                        const MatchScorer& scorer);
  bool has(const std::string& name) const;

  PatternSpace patterns_;
  std::vector<Column> columns_;
  std::shared_ptr<arrow::Schema> schema_;
};

/// The names of the columns that predictions of a model carry from the inputs (without _l and _r): those that must be
/// encoded for them. Includes what blocking rules read.
Result<std::vector<std::string>> retained_columns(const LinkageModel& model);

}  // namespace linkwright
