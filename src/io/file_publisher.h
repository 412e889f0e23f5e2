#pragma once

#include <future>

#include "base/status.h"
#include "io/pending_file.h"

namespace linkwright {

/// Publishes whole files while a run goes on.
///
/// Each file is brought to the disk by a thread of its own, since waiting for the disk is a third of a small job, and
/// gets its name after all files that were handed over before it: whoever finds the last one finds all of them. Once
/// one has failed, no later one appears. Not thread-safe. Destroying it waits, as `finish` does.
class FilePublisher {
 public:
  /// Takes a file whose stream is closed.
  void publish(PendingFile file);

  /// Waits until all have their names; the first error.
  Status finish();

 private:
  std::shared_future<Status> last_;
};

}  // namespace linkwright
