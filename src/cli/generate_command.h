#pragma once

#include "base/cancellation.h"
#include "base/status.h"

namespace CLI {
class App;
}

namespace linkwright {

/// Adds `linkwright generate people`, which makes data to try things on. Its outcome goes to `outcome` when it ran.
void add_generate_command(CLI::App& app, const Cancellation& cancellation, Status* outcome);

}  // namespace linkwright
