#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/status.h"
#include "block/block_share.h"
#include "block/blocking_rule.h"
#include "column/record_table.h"
#include "kernel/kernel_task.h"
#include "model/linkage_job.h"

namespace arrow {
class Schema;
}  // namespace arrow

namespace linkwright {

/// The columns of rows that say which partition they were sent to, and what values weigh among all records.
inline constexpr const char* kPartitionColumn = "lw_partition";
inline constexpr const char* kFrequencyPrefix = "lw_tf_";

/// A job and the rules that make its pairs: what all operations on pairs are asked to do.
struct PairTask {
  LinkageJob job;
  std::vector<BlockingRule> rules;

  // How records are spread, where they are.
  uint32_t partitions = 1;
  std::vector<BlockShare::CutBlock> cut_blocks;

  /// The rules of the model, or those under "rules" of the task; "partitions" and "cut_blocks".
  static Result<PairTask> read(KernelTask& task);

  /// The arms of all rules in order, each with its rule.
  struct Arm {
    const BlockingRule* rule;
    const RuleArm* arm;
  };
  std::vector<Arm> arms() const;

  /// Errors: rows that were sent to meet others, which are a part of all, without the term frequencies of a column that
  /// the comparisons adjust by.
  static Status check_frequencies(const arrow::Schema& rows, const std::vector<Comparison>& comparisons);

  /// How rows of this schema are encoded, where records need `columns`, and of derived columns those that rows do not
  /// have already. Errors: no id column, or none of datasets where the job has several.
  Result<RecordTableOptions> encoding(const arrow::Schema& rows, std::vector<std::string> columns) const;
  /// The same for rows that stay in the order in which they come, whatever their ids and datasets are.
  Result<RecordTableOptions> encoding_in_order(const arrow::Schema& rows, std::vector<std::string> columns) const;
};

}  // namespace linkwright
