#pragma once

#include <string>
#include <vector>

#include "linkwright/spark.h"
#include "token/overlap_options.h"

namespace linkwright::spark {

// The steps of an overlap, each from the rows of the one before. Columns begin with `lw_` but for RecordId:
//
//   digests   lw_dataset (0, 1), lw_count, lw_rows, RecordId, lw_row, lw_t0, ...: as digest_tokens gives them
//   records   the same with one row a record: its first row, and sets of digests in the place of one
//   tallies   lw_dataset, lw_count, lw_rows: sums of what was counted; for a null lw_count lw_records, lw_choices (how
//             many choices of tokens a record has at most under a set), and lw_crowded, a record with too many of them
//   pairs     lw_set, lw_row1, lw_id1, lw_row2, lw_id2: records that match under a set, each pair once
//   matching  lw_set, lw_matching1, lw_matching2: how many records of each dataset match

/// Places of a dataset's rows, where they have an order: those of one file.
Column row_number(bool has_order);

DataFrame overlap_records(const DataFrame& digests, size_t rules);
DataFrame overlap_tallies(const DataFrame& records, const std::vector<OverlapOptions::RuleSet>& sets);
/// Several choices of tokens of a record may lead to one pair.
DataFrame overlap_pairs(const DataFrame& records, const std::vector<OverlapOptions::RuleSet>& sets, bool has_choices);
DataFrame overlap_matching(const DataFrame& pairs);

/// The pairs of one set, lw_id1 and lw_id2, in the order in which they are written.
DataFrame overlap_matches(const DataFrame& pairs, size_t set);

/// All pairs as a table, in no order: MatchingRules and the ids under the datasets' names, as the CSV has them.
DataFrame overlap_table(const DataFrame& pairs, const OverlapOptions& options);

}  // namespace linkwright::spark
