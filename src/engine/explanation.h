#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/status.h"
#include "column/pair_tile.h"
#include "column/record_table.h"
#include "engine/run_context.h"
#include "expr/evaluator.h"
#include "model/linkage_model.h"

namespace linkwright {

/// Why a pair has its match weight, part by part; the parts add up to the whole.
struct PairExplanation {
  struct Part {
    std::string comparison;
    std::string level;        // its label; "(no level)" where none holds
    std::string left_values;  // of the columns compared, null as NULL
    std::string right_values;
    double match_weight = 0;
    double term_frequency_adjustment = 0;
  };
  std::string left_id;
  std::string right_id;
  double prior_weight = 0;
  std::vector<Part> parts;
  double match_weight = 0;
  double match_probability = 0;

  std::string to_text() const;
  std::string to_json() const;
};

/// Scores pairs with a model and takes the scores apart. Same numbers as predictions: they come from the same code.
/// Errors: a condition that does not fit the records, or that SQL refuses for one of the pairs.
Result<std::vector<PairExplanation>> explain_pairs(const LinkageModel& model, const RecordTable& records,
                                                   const std::vector<RowPair>& pairs,
                                                   const EvaluationOptions& evaluation);

/// The row of an id ("17", or "dataset:17" where there are several datasets). Errors name the id.
Result<uint32_t> find_row(const RecordTable& records, const std::string& id);

}  // namespace linkwright
