#pragma once

#include "base/status.h"

namespace CLI {
class App;
}

namespace linkwright {

/// Adds `linkwright overlap`, which compares two files of tokens. Its outcome goes to `outcome` when it ran.
void add_overlap_command(CLI::App& app, Status* outcome);

}  // namespace linkwright
