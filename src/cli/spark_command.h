#pragma once

#include "base/cancellation.h"
#include "base/status.h"

namespace CLI {
class App;
}

namespace linkwright {

/// Adds spark: up, status and down for a cluster on this machine, and sql for a query wherever Spark is. What came of
/// it goes to `outcome`.
void add_spark_commands(CLI::App& app, const Cancellation& cancellation, Status* outcome);

}  // namespace linkwright
