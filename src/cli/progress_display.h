#pragma once

#include "base/progress.h"

namespace linkwright {

/// Shows progress on standard error: a line that moves on a terminal, a line a finished stage elsewhere.
Progress::Listener progress_display();

}  // namespace linkwright
