#pragma once

#include <string>

#include "base/status.h"

namespace linkwright::spark {

/// A TCP port of this machine's loopback that nobody listens on: `wanted` if it is free, otherwise any, of those that
/// the system gives to nobody unasked where there is one. 0: any.
Result<int> free_port(int wanted);

/// Whether something listens on the port.
bool accepts_connections(int port);

/// Whether it is this process that listens on the port. Only processes of one's own can be asked about.
bool listens(int pid, int port);

/// The body of http://127.0.0.1:PORT/PATH. IOError when nobody answers within two seconds, or not with 200.
Result<std::string> http_get(int port, const std::string& path);

}  // namespace linkwright::spark
