#pragma once

#include "base/cancellation.h"
#include "base/status.h"

namespace CLI {
class App;
}

namespace linkwright {

/// Adds evaluate: how good clusters and predictions are, against known truth. What came of it goes to `outcome`.
void add_evaluate_command(CLI::App& app, const Cancellation& cancellation, Status* outcome);

}  // namespace linkwright
