#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/status.h"
#include "column/agreement_pattern.h"
#include "column/pair_tile.h"
#include "column/record_table.h"
#include "compare/comparison_program.h"
#include "engine/record_columns.h"
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
///
/// What depends on the values or levels of a pair is dictionary-encoded, over dictionaries that all batches share: a
/// row costs a look-up, and a writer of Parquet needs no more than the indices. Readers that know no dictionaries get
/// the values themselves. Borrows the records, the scorer and the program. Immutable; thread-safe.
class PredictionTable {
 public:
  enum class Values { kCoded, kPlain };

  /// The pairs' patterns are those of all comparisons of `program`.
  static Result<PredictionTable> make(const LinkageModel& model, const RecordTable& records, const MatchScorer& scorer,
                                      const ComparisonProgram& program, Values values = Values::kCoded);

  const std::shared_ptr<arrow::Schema>& schema() const { return schema_; }
  Result<std::shared_ptr<arrow::RecordBatch>> batch(std::span<const ScoredPair> pairs) const;

 private:
  // A column of the records on one side of the pairs.
  struct Side {
    const EncodedColumn* column;
    bool left;
    std::optional<size_t> place;  // among the codes that the program keeps row by row
    bool operator==(const Side&) const = default;
  };
  // Pairs with what several columns are computed from, taken apart once.
  struct Batch {
    std::span<const ScoredPair> pairs;
    std::vector<uint32_t> left_rows;
    std::vector<uint32_t> right_rows;
    std::vector<RowCodes> values;  // of every side
    std::vector<RowCodes> levels;  // of every comparison; "no level" is null

    const std::vector<uint32_t>& rows(bool left) const { return left ? left_rows : right_rows; }
  };
  using MakeArray = std::function<Result<std::shared_ptr<arrow::Array>>(const Batch&)>;
  using MakeCodes = std::function<Result<RowCodes>(const Batch&)>;
  struct Column {
    std::shared_ptr<arrow::Field> field;
    MakeArray make;
  };

  bool has_column(const std::string& name) const;
  void add(const std::string& name, std::shared_ptr<arrow::DataType> type, MakeArray make);
  void add_coded(const std::string& name, std::shared_ptr<arrow::Array> dictionary, MakeCodes make);
  void add_weights(const std::string& name, double (*of_weight)(double));
  Status add_ids(const LinkageModel& model, const RecordTable& records);
  Status add_values(const std::string& column, const RecordTable& records);
  // `known`: of that column; null where they have to be found.
  Status add_frequencies(const std::string& column, const TermFrequencyRanks* known, const LinkageModel& model,
                         const RecordTable& records);
  Status add_gamma(size_t comparison, const LinkageModel& model);
  Status add_level_weights(size_t comparison, const LinkageModel& model, const MatchScorer& scorer);
  Status add_adjustments(size_t comparison, const LinkageModel& model, const RecordTable& records,
                         const MatchScorer& scorer);
  Status add_comparison(size_t comparison, const LinkageModel& model, const RecordTable& records,
                        const MatchScorer& scorer);
  Status add_match_key(const LinkageModel& model);
  size_t side(const EncodedColumn* column, bool left);
  Result<Batch> take_apart(std::span<const ScoredPair> pairs) const;
  Status gather_values_of(bool left, Batch* batch) const;
  Status take_levels(Batch* batch) const;

  explicit PredictionTable(const ComparisonProgram& program);

  const ComparisonProgram* program_;
  PatternSpace patterns_;
  std::vector<int32_t> levels_of_pattern_;  // pattern by pattern, where they are few enough; -1: no level
  Values values_ = Values::kCoded;
  std::vector<Side> sides_;
  std::vector<Column> columns_;
  std::shared_ptr<arrow::Schema> schema_;
};

/// The columns that predictions have after those of the comparisons: what blocking rules read and no comparison does,
/// as Splink keeps them, and the columns to retain.
Result<std::vector<std::string>> additional_columns(const LinkageModel& model);

/// The names of the columns that predictions of a model carry from the inputs (without _l and _r): those that must be
/// encoded for them. Includes what blocking rules read.
Result<std::vector<std::string>> retained_columns(const LinkageModel& model);

}  // namespace linkwright
