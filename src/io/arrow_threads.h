#pragma once

#include "base/status.h"

namespace linkwright {

/// Gives Arrow's own thread pool, on which Parquet decodes and encodes columns, as many threads as a run has: Arrow
/// would take one a processor. Holds for the process, since Arrow has one pool.
Status give_arrow_threads(int threads);

}  // namespace linkwright
