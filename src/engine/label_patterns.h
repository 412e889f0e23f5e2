#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/status.h"
#include "base/thread_pool.h"
#include "column/record_table.h"
#include "compare/comparison_program.h"
#include "engine/sparse_counts.h"
#include "model/linkage_job.h"

namespace linkwright {

/// The two ids of every labelled pair in a file, as columns `<id>_l` and `<id>_r`, and the datasets where records have
/// several. Errors: those of reading; a missing column.
struct LabelledIds {
  struct Record {
    std::string source;  // "": of a single dataset
    std::string id;
    bool operator==(const Record&) const = default;
  };
  std::vector<std::pair<Record, Record>> pairs;
};
Result<LabelledIds> read_labelled_ids(const InputSpec& labels, const LinkageModel& model, ThreadPool& pool);

/// The patterns of those labelled pairs whose records are there. `program` are the comparisons to tell apart. Errors:
/// none are.
Result<PatternCounts> count_label_patterns(const LabelledIds& labels, const InputSpec& input,
                                           const RecordTable& records, const ComparisonProgram& program);

}  // namespace linkwright
