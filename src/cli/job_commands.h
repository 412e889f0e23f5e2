#pragma once

#include "base/cancellation.h"
#include "base/status.h"

namespace CLI {
class App;
}

namespace linkwright {

/// Adds the commands that work on a job file: run, train, predict, blocking, explain. What came of the one that ran
/// goes to `outcome`.
void add_job_commands(CLI::App& app, const Cancellation& cancellation, Status* outcome);

}  // namespace linkwright
