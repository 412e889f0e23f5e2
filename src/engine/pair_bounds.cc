#include "engine/pair_bounds.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "block/blocking_rule.h"
#include "block/candidate_pairs.h"
#include "engine/job_columns.h"

namespace linkwright {

Result<PairBounds> count_pairs_before_exclusion(const LinkageJob& job, const RecordTable& records, ThreadPool& pool) {
  PairBounds bounds{0, 0, 0};
  const CandidatePairs::Options options{job.model.links_only(), evaluation_options(job)};
  const auto count = [&](std::vector<BlockingRule> rules, uint64_t* pairs) -> Status {
    ARROW_ASSIGN_OR_RAISE(const CandidatePairs made, CandidatePairs::make(std::move(rules), records, options, pool));
    *pairs = std::max(*pairs, made.num_pairs_before_exclusion());
    for (size_t rule = 0; rule < made.num_rules(); ++rule) {
      for (const CandidatePairs::BlockSize& block : made.largest_blocks(rule, 1)) {
        bounds.largest_block = std::max({bounds.largest_block, block.left_rows, block.right_rows});
      }
    }
    return Status::OK();
  };
  for (const EmTraining& em : job.training.em) {
    ARROW_ASSIGN_OR_RAISE(BlockingRule rule, BlockingRule::parse(em.rule));
    uint64_t without_frequencies = 0;
    ARROW_RETURN_NOT_OK(count({std::move(rule)}, em.without_term_frequencies ? &without_frequencies : &bounds.trained));
  }
  if (!job.predict) return bounds;
  ARROW_ASSIGN_OR_RAISE(std::vector<BlockingRule> rules, blocking_rules(job.model));
  ARROW_RETURN_NOT_OK(count(std::move(rules), &bounds.predicted));
  return bounds;
}

}  // namespace linkwright
