#pragma once

#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

namespace linkwright::spark {

/// Forwards TCP connections to a port of this machine, and breaks the first ones in the middle of what they carry: the
/// i-th connection is reset after it has brought cut_after_bytes[i] bytes from the server; later ones live on.
class CuttingProxy {
 public:
  CuttingProxy(int target_port, std::vector<int64_t> cut_after_bytes);
  ~CuttingProxy();
  CuttingProxy(const CuttingProxy&) = delete;
  CuttingProxy& operator=(const CuttingProxy&) = delete;

  int port() const { return port_; }
  int cuts() const { return cuts_; }

 private:
  void run();
  void forward(int client, size_t connection);

  int target_port_;
  std::vector<int64_t> cut_after_bytes_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> closing_{false};
  std::atomic<int> cuts_{0};
  std::thread thread_;
  std::vector<std::thread> connections_;  // of run's thread, until it ends
};

}  // namespace linkwright::spark
