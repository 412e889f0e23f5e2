#pragma once

#include <grpcpp/support/status.h>

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "linkwright/spark_connection.h"

namespace linkwright::spark {

/// A failed call, with the details that Spark's server and proxies put behind its status. Where a server or proxy
/// repeats the token that it was sent, its message has *** instead.
struct RpcFailure {
  explicit RpcFailure(const grpc::Status& status, const BearerToken& token = {});

  grpc::StatusCode code;
  std::string message;
  std::optional<std::chrono::milliseconds> retry_delay;  // of google.rpc.RetryInfo
  std::map<std::string, std::string> info;               // of google.rpc.ErrorInfo: errorClass, errorId, sqlState, ...

  /// What `info` says under a name; empty when it says nothing.
  const std::string& info_of(const std::string& name) const;

  /// Whether the error is of this class ("INVALID_HANDLE.OPERATION_NOT_FOUND"), by its details or its message.
  bool is(std::string_view error_class) const;

  /// Whether a second attempt may succeed, by PySpark's rules: the service was not to be reached, or another call took
  /// its stream, or the server asks for a retry. A certificate that is not trusted stays so.
  bool is_transient() const;

  /// Whether no connection came about at all, as opposed to one that broke or a server that is busy.
  bool is_connect_failure() const;
  bool is_tls_failure() const;
};

}  // namespace linkwright::spark
