#pragma once

#include "base/status.h"

namespace CLI {
class App;
}

namespace linkwright {

/// Adds `linkwright tokenize` and `linkwright detokenize`. Their outcome goes to `outcome` when they ran.
void add_tokenize_command(CLI::App& app, Status* outcome);
void add_detokenize_command(CLI::App& app, Status* outcome);

}  // namespace linkwright
