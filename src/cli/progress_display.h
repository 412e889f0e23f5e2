#pragma once

#include "base/progress.h"

namespace linkwright {

/// Shows progress on standard error: a line that moves on a terminal; elsewhere a line a finished stage, and one every
/// ten seconds of a stage that lasts.
Progress::Listener progress_display();

}  // namespace linkwright
