#pragma once

#include <string>
#include <vector>

#include "base/status.h"

namespace linkwright {

/// Keeps what is read from being written over. Errors: one of `outputs` is, under whatever name, a file that `inputs`
/// (paths, globs, folders that Spark wrote) stand for, or a folder that Spark wrote with one of them in it. Outputs
/// that do not exist yet, inputs that cannot be found and "" are no matter.
Status keep_inputs(const std::vector<std::string>& inputs, const std::vector<std::string>& outputs);

}  // namespace linkwright
