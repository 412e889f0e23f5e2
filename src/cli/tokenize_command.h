#pragma once

#include "base/cancellation.h"
#include "base/status.h"

namespace CLI {
class App;
}

namespace linkwright {

/// Adds `linkwright tokenize` and `linkwright detokenize`. Their outcome goes to `outcome` when they ran.
void add_tokenize_command(CLI::App& app, const Cancellation& cancellation, Status* outcome);
void add_detokenize_command(CLI::App& app, const Cancellation& cancellation, Status* outcome);

}  // namespace linkwright
