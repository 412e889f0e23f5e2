#pragma once

#include <memory>
#include <string>

#include "base/status.h"

namespace linkwright::spark {

/// nginx before a Spark Connect server, as a workspace of Databricks is: TLS with a certificate of its own authority, a
/// bearer token (401 without it) and the id of a cluster in a header (403 for another). Ends with the object.
class NginxFront {
 public:
  static constexpr char kToken[] = "dapi-sesame";
  static constexpr char kCluster[] = "0101-abc";

  /// NotImplemented when nginx or openssl is not installed.
  static Result<std::unique_ptr<NginxFront>> start(int server_port, const std::string& folder);
  ~NginxFront();
  NginxFront(const NginxFront&) = delete;
  NginxFront& operator=(const NginxFront&) = delete;

  int port() const { return port_; }
  /// The certificate to trust, and one that did not issue the front's.
  std::string ca_file() const { return folder_ + "/front.pem"; }
  std::string other_ca_file() const { return folder_ + "/other.pem"; }

 private:
  NginxFront(std::string folder, int port) : folder_(std::move(folder)), port_(port) {}

  std::string folder_;
  int port_;
  int pid_ = 0;
};

}  // namespace linkwright::spark
