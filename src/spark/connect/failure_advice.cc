#include "spark/connect/failure_advice.h"

#include "base/ascii.h"

namespace linkwright::spark {
namespace {

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

/// The Databricks cluster that calls are addressed to; empty elsewhere.
std::string cluster_of(const Connection& connection) {
  for (const auto& [name, value] : connection.headers) {
    if (name == "x-databricks-cluster-id") return value;
  }
  return {};
}

std::string unreachable(const RpcFailure& failure, const Connection& connection, int attempts) {
  const std::string tries = attempts > 1 ? " (" + std::to_string(attempts) + " attempts)" : "";
  std::string text = "cannot reach a Spark Connect server at " + connection.address() + tries + ". ";
  const std::string cluster = cluster_of(connection);
  if (!cluster.empty()) {
    text += "Is cluster '" + cluster + "' terminated? Start it in the workspace. Is the workspace's host right?";
  } else {
    text +=
        "Is the server running (`linkwright spark up` starts one here), or its cluster terminated? Are host and port "
        "right?";
  }
  return text + " [" + failure.message + "]";
}

std::string tls_failure(const RpcFailure& failure, const Connection& connection) {
  std::string text = "no TLS connection to " + connection.address() + ": ";
  if (has(failure.message, "WRONG_VERSION_NUMBER") || has(failure.message, "wrong version number")) {
    text += "the server speaks plain text; say use_ssl=false, or ask for the port that has TLS";
  } else if (connection.ca_file.empty()) {
    text += "its certificate is not trusted; give the file of its authority's certificates (ca_file)";
  } else {
    text += "its certificate is not trusted by " + connection.ca_file + "; is that the authority which issued it?";
  }
  return text + " [" + failure.message + "]";
}

std::string refused(const RpcFailure& failure, const Connection& connection) {
  const bool is_unknown = failure.code == grpc::StatusCode::UNAUTHENTICATED;
  std::string text = is_unknown ? "authentication failed at " : "access denied at ";
  text += connection.address() + ": ";
  if (connection.token.empty()) {
    text += "no token was sent; give one (token=..., DATABRICKS_TOKEN, or a profile)";
  } else if (is_unknown) {
    text += "the token is wrong or has expired; make a new one";
  } else {
    text += "the token is valid but has no permission here";
  }
  const std::string cluster = cluster_of(connection);
  if (!is_unknown && !cluster.empty()) text += ", or there is no cluster '" + cluster + "'; check the cluster id";
  return text + " [" + failure.message + "]";
}

bool is_cluster_missing(const RpcFailure& failure) {
  const std::string lower = to_lower(failure.message);
  if (!has(lower, "cluster")) return false;
  return has(lower, "not found") || has(lower, "does not exist") || has(lower, "no such") ||
         has(lower, "invalid cluster");
}

}  // namespace

std::string failure_advice(const RpcFailure& failure, std::string_view error_class, std::string_view call,
                           const Connection& connection, int attempts) {
  const std::string cluster = cluster_of(connection);
  if (failure.is_tls_failure()) return tls_failure(failure, connection);
  if (failure.is_connect_failure()) return unreachable(failure, connection, attempts);
  if (error_class.empty() && !cluster.empty() && is_cluster_missing(failure)) {
    return "cluster '" + cluster + "' was not found at " + connection.address() +
           "; check the cluster id and that it is of this workspace [" + failure.message + "]";
  }
  if (has(failure.message, "PYTHON_VERSION_MISMATCH")) {
    return "the executors' Python is another version than the functions were made for; set the session's "
           "python_version "
           "to the executors' (or their Python to that) [" +
           failure.message + "]";
  }
  switch (failure.code) {
    case grpc::StatusCode::UNAUTHENTICATED:
    case grpc::StatusCode::PERMISSION_DENIED:
      return refused(failure, connection);
    case grpc::StatusCode::UNIMPLEMENTED:
      return "the server at " + connection.address() + " does not know the call " + std::string(call) +
             ": it is no Spark Connect server, or an older one than 4.0 [" + failure.message + "]";
    case grpc::StatusCode::UNAVAILABLE:
      return "the connection to " + connection.address() + " was lost during " + std::string(call) +
             " and could not be " + "resumed in " + std::to_string(attempts) + " attempts; has the server stopped? [" +
             failure.message + "]";
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return "the server at " + connection.address() + " did not answer " + std::string(call) +
             " in time; it may be "
             "overloaded, or the limit too short [" +
             failure.message + "]";
    default:
      return {};
  }
}

}  // namespace linkwright::spark
