#pragma once

#include <string>
#include <vector>

#include "base/status.h"
#include "engine/training_counts.h"
#include "model/linkage_model.h"
#include "spark/linkage/sql_columns.h"
#include "spark/linkage/sql_refusals.h"

namespace linkwright::spark {

/// What training counts, as queries over the view `nodes`: records with lw_id (kSqlIdColumn) and, where patterns are
/// told apart by them, term frequencies as `with_term_frequencies` adds them. Both note what Spark SQL cannot express.

/// One row: the pairs that the rules make, each once, as lw_pairs.
Result<std::string> sql_pair_count(const LinkageModel& model, const std::vector<std::string>& rules,
                                   const SqlColumns& columns, const std::string& nodes, SqlRefusals* refusals);

/// A row for each agreement pattern, and with adjustments for each of their sums, that pairs of the question's rule
/// have: lw_pattern (a number of the PatternSpace of the question's comparisons), lw_adjusted (bit c: comparison c is
/// adjusted), lw_adjustment and lw_pairs, which are PatternCount's members.
Result<std::string> sql_pattern_counts(const LinkageModel& model, const PatternQuestion& question,
                                       const SqlColumns& columns, const std::string& nodes, SqlRefusals* refusals);

}  // namespace linkwright::spark
