#include <utility>

#include "linkwright/spark_cluster.h"
#include "spark/cluster/own_cluster.h"

namespace linkwright::spark {
namespace {

bool names_something(const ConnectionRequest& request) {
  return request.remote || request.cluster_id || request.profile || request.host || request.token;
}

/// Whether request, environment or .env speak of a server: more than a profile DEFAULT, which is just there.
bool is_named(const ConnectionRequest& request, ConnectionSources sources) {
  if (names_something(request)) return true;
  sources.databricks_file.clear();
  const auto found = resolve_connection(request, sources);
  return !found.ok() || found->has_value();
}

/// A session of a cluster of this machine, whose Python need not be found out by a query that fails.
Result<Session> session_of(const std::string& address, const std::string& python_version, SessionOptions options) {
  if (options.python_version.empty()) options.python_version = python_version;
  ARROW_ASSIGN_OR_RAISE(const Connection connection, parse_connection_string(address));
  return Session::connect(connection, options);
}

Result<Session> session_of_its_own(ClusterOptions local, SessionOptions options) {
  if (local.master.empty()) local.master = "local[*]";
  if (local.cancellation == nullptr) local.cancellation = options.cancellation;
  ARROW_ASSIGN_OR_RAISE(const auto cluster, OwnCluster::start(std::move(local)));
  options.companion = cluster;
  return session_of(cluster->address(), cluster->python_version(), std::move(options));
}

}  // namespace

Result<Session> open_session(const ConnectionRequest& request, const ClusterOptions& local,
                             const SessionOptions& options) {
  const bool wants_its_own = !local.master.empty() && !names_something(request);
  if (wants_its_own) return session_of_its_own(local, options);
  const ConnectionSources sources = ConnectionSources::of_process();
  if (!request.force_local && is_named(request, sources)) {
    ARROW_ASSIGN_OR_RAISE(const auto connection, resolve_connection(request, sources));
    if (connection) return Session::connect(*connection, options);
  }
  ARROW_ASSIGN_OR_RAISE(const auto cluster, find_cluster(local.folder));
  if (cluster && cluster->is_running()) return session_of(cluster->address, cluster->python_version, options);
  ARROW_ASSIGN_OR_RAISE(const auto of_default_profile, resolve_connection(request, sources));
  if (of_default_profile) return Session::connect(*of_default_profile, options);
  return session_of_its_own(local, options);
}

Result<Session> get_session(const std::optional<std::string>& profile, bool force_local,
                            const SessionOptions& options) {
  ConnectionRequest request;
  request.profile = profile;
  request.force_local = force_local;
  return open_session(request, {}, options);
}

Result<Session> connect(const std::optional<std::string>& cluster_id, const std::optional<std::string>& profile,
                        const std::optional<std::string>& host, const std::optional<std::string>& token,
                        const SessionOptions& options) {
  ConnectionRequest request;
  request.cluster_id = cluster_id;
  request.profile = profile;
  request.host = host;
  request.token = token;
  return Session::connect(request, options);
}

}  // namespace linkwright::spark
