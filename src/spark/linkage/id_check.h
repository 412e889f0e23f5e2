#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/status.h"
#include "engine/run_context.h"
#include "linkwright/spark.h"
#include "model/linkage_model.h"

namespace linkwright::spark {

/// Datasets and how many records each has; of a single dataset without a name one entry named "".
using DatasetCounts = std::vector<std::pair<std::string, uint64_t>>;

/// Counts records by one query that also sees to their ids. Names come in order. Errors: an id that is null or occurs
/// twice in its dataset, a record without dataset. `is_in_order`: the records come in the order of the inputs, so that
/// the first without an id can be told by its number.
Result<DatasetCounts> count_and_check_ids(const DataFrame& records, const LinkageModel& model, bool is_in_order,
                                          RunContext& context);

}  // namespace linkwright::spark
