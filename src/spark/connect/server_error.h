#pragma once

#include <optional>
#include <string_view>

#include "base/status.h"
#include "linkwright/spark_connection.h"
#include "spark/connect/messages.h"
#include "spark/connect/rpc_failure.h"

namespace linkwright::spark {

/// What a failed call becomes for a person: the server's own words with class and SQLSTATE, or, for the failures that
/// everybody meets once (no connection, token, cluster, versions), what happened and what to do.
///
/// `details` are the server's answer to FetchErrorDetails, if it gave one; `attempts` is how often the call was tried.
Status server_error(const RpcFailure& failure, const proto::FetchErrorDetailsResponse* details, std::string_view call,
                    const Connection& connection, int attempts);

}  // namespace linkwright::spark
