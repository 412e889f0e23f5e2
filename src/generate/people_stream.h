#pragma once

#include <functional>

#include "base/cancellation.h"
#include "base/progress.h"
#include "base/status.h"
#include "base/thread_pool.h"
#include "generate/people.h"

namespace linkwright {

/// Takes the batches in order of their rows, one call at a time, on any thread of the pool.
using BatchSink = std::function<Status(const arrow::RecordBatch& batch)>;

/// Makes all rows on the pool's threads and hands them to `sink` batch by batch (65,536 rows) while the next ones are
/// made. Memory: at most 16 batches (about 100 MB), whatever the number of rows. No rows: `sink` is not called.
/// Errors: the sink's; Cancelled. `progress` (may be null) counts rows handed on.
Status stream_people(const PeopleGenerator& people, ThreadPool& pool, const BatchSink& sink,
                     Progress* progress = nullptr, const Cancellation* cancellation = nullptr);

}  // namespace linkwright
