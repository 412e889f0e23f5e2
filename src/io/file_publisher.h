#pragma once

#include <future>
#include <memory>
#include <vector>

#include "base/cancellation.h"
#include "base/status.h"
#include "io/pending_file.h"

namespace linkwright {

/// Publishes the files of a run together, at its end: a run that fails or is cancelled leaves those of an earlier run
/// as they were, all of them.
///
/// Each file is brought to the disk by a thread of its own while the run goes on, since waiting for the disk is a third
/// of a small job. Not thread-safe. Destroying it waits for those threads, and drops files that have no name yet.
class FilePublisher {
 public:
  /// Takes a file whose stream is closed.
  void publish(PendingFile file);

  /// Gives the files their names, in the order they were handed over, once all are on the disk; the first error. When
  /// one cannot take its name, no later one does. Cancelled before the first name; from there on it goes to the end.
  Status finish(const Cancellation* cancellation = nullptr);

 private:
  struct Entry {
    std::shared_ptr<PendingFile> file;
    std::future<Status> synced;
  };
  std::vector<Entry> entries_;
};

}  // namespace linkwright
