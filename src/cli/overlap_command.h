#pragma once

#include "base/cancellation.h"
#include "base/status.h"

namespace CLI {
class App;
}

namespace linkwright {

/// Adds `linkwright overlap`, which compares two files of tokens. Its outcome goes to `outcome` when it ran.
void add_overlap_command(CLI::App& app, const Cancellation& cancellation, Status* outcome);

}  // namespace linkwright
