#pragma once

#include <string>
#include <string_view>

#include "linkwright/spark_connection.h"
#include "spark/connect/rpc_failure.h"

namespace linkwright::spark {

/// What happened and what to do, for failures that are not about the query but about reaching Spark: the server cannot
/// be reached or does not speak this protocol or TLS, the token or the cluster is not accepted, versions do not fit.
/// Empty for every other failure. Never contains the token.
std::string failure_advice(const RpcFailure& failure, std::string_view error_class, std::string_view call,
                           const Connection& connection, int attempts);

}  // namespace linkwright::spark
