#pragma once

#include "base/status.h"

namespace linkwright {

/// Gives standard input, output and error that are closed (`2>&-`, some daemons) a place where nothing is, before any
/// other file is opened: it would get their number, and with it what is meant for them, progress in an output file.
void open_standard_streams();

/// Writes out what was printed as result. Errors: standard output did not take all of it.
Status finish_standard_output();

}  // namespace linkwright
