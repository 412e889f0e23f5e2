#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <thread>

#include "spark/connect/transport.h"

namespace linkwright::spark {

/// Tells the server in the background which responses of reattachable executions it need not keep any longer.
///
/// Only the latest response of an execution matters, so what waits is one entry an execution, however far the server is
/// behind. Releases that fail are dropped: the server forgets abandoned executions by itself. Thread-safe.
class ReleaseQueue {
 public:
  explicit ReleaseQueue(Transport& transport);
  /// Sends what waits first, for a few seconds at most.
  ~ReleaseQueue();
  ReleaseQueue(const ReleaseQueue&) = delete;
  ReleaseQueue& operator=(const ReleaseQueue&) = delete;

  /// Everything up to and including this response.
  void release_until(const std::string& operation_id, const std::string& response_id);
  /// The whole execution; ends it, if it still runs.
  void release_all(const std::string& operation_id);

 private:
  struct Entry {
    bool all = false;
    std::string until;
  };

  void run();
  bool send(const std::string& operation_id, const Entry& entry);

  Transport& transport_;
  std::mutex mutex_;  // guards the three below
  std::condition_variable changed_;
  std::map<std::string, Entry> waiting_;
  bool closing_ = false;
  std::thread thread_;
};

}  // namespace linkwright::spark
