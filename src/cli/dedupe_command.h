#pragma once

#include "base/cancellation.h"
#include "base/status.h"

namespace CLI {
class App;
}

namespace linkwright {

/// Adds the commands that need no job file: dedupe and link propose a job, tell why, and run it. What came of the one
/// that ran goes to `outcome`.
void add_dedupe_commands(CLI::App& app, const Cancellation& cancellation, Status* outcome);

}  // namespace linkwright
