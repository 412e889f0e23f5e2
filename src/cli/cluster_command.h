#pragma once

#include "base/cancellation.h"
#include "base/status.h"

namespace CLI {
class App;
}

namespace linkwright {

/// Adds cluster: clusters the predictions of a run again, at other thresholds. What came of it goes to `outcome`.
void add_cluster_command(CLI::App& app, const Cancellation& cancellation, Status* outcome);

}  // namespace linkwright
