#pragma once

#include "base/cancellation.h"
#include "base/status.h"

namespace CLI {
class App;
}

namespace linkwright {

/// Adds profile: what a file holds, column by column. What came of it goes to `outcome`.
void add_profile_command(CLI::App& app, const Cancellation& cancellation, Status* outcome);

}  // namespace linkwright
