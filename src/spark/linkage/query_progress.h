#pragma once

#include "engine/run_context.h"
#include "linkwright/spark.h"

namespace linkwright::spark {

/// Options of a query that is (part of) the stage under way: the run's progress tells the tasks that Spark has done of
/// it. To be used once; the context outlives it.
QueryOptions query_options(RunContext& context);

}  // namespace linkwright::spark
