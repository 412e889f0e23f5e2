#include <algorithm>
#include <cstdlib>
#include <vector>

#include "base/ascii.h"
#include "base/nearest_name.h"
#include "base/status.h"
#include "linkwright/spark_connection.h"
#include "spark/config/connection_check.h"
#include "spark/config/settings_file.h"

namespace linkwright::spark {
namespace {

constexpr std::string_view kClusterHeader = "x-databricks-cluster-id";
constexpr int kDatabricksPort = 443;

/// The places in which settings are looked for, the strongest first.
enum Place { kRequest, kEnvironment, kDotenv, kProfile, kNowhere };

struct Found {
  std::string value;
  Place place = kNowhere;
  explicit operator bool() const { return place != kNowhere; }
};

class Lookup {
 public:
  Lookup(const ConnectionSources& sources, Settings dotenv) : sources_(sources), dotenv_(std::move(dotenv)) {}

  void use_profile(Settings profile) { profile_ = std::move(profile); }

  /// The first place that has a value which is not empty; an empty variable counts as none, as shells leave them.
  Found find(const std::optional<std::string>& requested, const std::vector<std::string>& variables,
             std::string_view profile_name = {}) const {
    if (requested && !requested->empty()) return {*requested, kRequest};
    for (const std::string& name : variables) {
      const std::optional<std::string> value = sources_.environment ? sources_.environment(name) : std::nullopt;
      if (value && !value->empty()) return {*value, kEnvironment};
    }
    for (const std::string& name : variables) {
      const auto at = dotenv_.find(name);
      if (at != dotenv_.end() && !at->second.empty()) return {at->second, kDotenv};
    }
    const auto at = profile_.find(profile_name);
    if (at != profile_.end() && !at->second.empty()) return {at->second, kProfile};
    return {};
  }

 private:
  const ConnectionSources& sources_;
  Settings dotenv_;
  Settings profile_;
};

/// The settings of the profile that is asked for; of DEFAULT, if it exists, when none is.
Result<Settings> find_profile(const Found& name, const std::string& path) {
  ARROW_ASSIGN_OR_RAISE(auto profiles, read_databricks_profiles(path));
  const auto at = profiles.find(name ? name.value : "DEFAULT");
  if (at != profiles.end()) return at->second;
  if (!name) return Settings();
  std::vector<std::string> known;
  for (const auto& [profile, settings] : profiles) known.push_back(profile);
  if (known.empty()) {
    return Status::Invalid("Databricks profile '", name.value, "': ", path, " has no profiles or does not exist; ",
                           "`databricks configure --profile ", name.value, "` writes it");
  }
  return Status::Invalid("Databricks profile '", name.value, "' is not in ", path, suggestion(name.value, known));
}

/// "https://adb-1.azuredatabricks.net/?o=1" -> "adb-1.azuredatabricks.net".
Result<std::string> host_name(std::string host) {
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (host.rfind(scheme, 0) == 0) host.erase(0, scheme.size());
  }
  host.erase(std::min(host.find_first_of("/?#"), host.size()));
  if (host.ends_with(":443")) host.resize(host.size() - 4);
  const bool is_name = std::all_of(host.begin(), host.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '.' || c == '-' || c == '_';
  });
  if (host.empty() || !is_name) {
    return Status::Invalid("DATABRICKS_HOST (or `host` of the profile): expected the address of a workspace, as in ",
                           "https://adb-1234567890.1.azuredatabricks.net");
  }
  return host;
}

Status check_header(const Found& found, std::string_view what, std::string_view variables) {
  if (is_header_value(found.value)) return Status::OK();
  return Status::Invalid(what, " (", variables, ") has printable ASCII characters only, and this one has others; is ",
                         "there a line break in it, as of a file from Windows?");
}

Result<Connection> databricks_connection(const Found& host, const Found& token, const Found& cluster) {
  const auto missing = [](std::string_view what, std::string_view places) {
    return Status::Invalid("Spark on Databricks: no ", what, "; give it as an argument, or set ", places);
  };
  if (!host) return missing("workspace host", "DATABRICKS_HOST (environment or .env), or `host` in ~/.databrickscfg");
  if (!token) return missing("access token", "DATABRICKS_TOKEN (environment or .env), or `token` in ~/.databrickscfg");
  if (!cluster) {
    return missing("cluster id", "SPARK_CONNECT_CLUSTER_ID (environment or .env), or `cluster_id` in ~/.databrickscfg");
  }
  ARROW_RETURN_NOT_OK(check_header(token, "an access token", "DATABRICKS_TOKEN, or `token` of the profile"));
  ARROW_RETURN_NOT_OK(
      check_header(cluster, "a cluster id", "SPARK_CONNECT_CLUSTER_ID, or `cluster_id` of the profile"));
  Connection connection;
  ARROW_ASSIGN_OR_RAISE(connection.host, host_name(host.value));
  connection.port = kDatabricksPort;
  connection.use_tls = true;
  connection.token = BearerToken(token.value);
  connection.headers.emplace_back(kClusterHeader, cluster.value);
  return connection;
}

Result<bool> is_wanted(const Found& use_spark_connect) {
  if (!use_spark_connect) return true;
  const std::string word = to_lower(use_spark_connect.value);
  if (word == "true" || word == "1" || word == "yes") return true;
  if (word == "false" || word == "0" || word == "no") return false;
  return Status::Invalid("USE_SPARK_CONNECT: expected true or false, got '", use_spark_connect.value, "'");
}

}  // namespace

ConnectionSources ConnectionSources::of_process() {
  const auto environment = [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());  // NOLINT(concurrency-mt-unsafe)
    return value == nullptr ? std::nullopt : std::make_optional<std::string>(value);
  };
  const std::string home = environment("HOME").value_or("");
  return {environment, ".env", environment("DATABRICKS_CONFIG_FILE").value_or(home + "/.databrickscfg")};
}

Result<std::optional<Connection>> resolve_connection(const ConnectionRequest& request,
                                                     const ConnectionSources& sources) {
  if (request.force_local) return std::nullopt;
  ARROW_ASSIGN_OR_RAISE(Settings dotenv, read_dotenv(sources.dotenv_file));
  Lookup lookup(sources, std::move(dotenv));

  const bool names_server = request.remote || request.cluster_id || request.profile || request.host;
  ARROW_ASSIGN_OR_RAISE(const bool wanted, is_wanted(lookup.find(std::nullopt, {"USE_SPARK_CONNECT"})));
  if (!wanted && !names_server) return std::nullopt;

  const Found profile = lookup.find(request.profile, {"DATABRICKS_PROFILE", "DATABRICKS_CONFIG_PROFILE"});
  const Found remote = lookup.find(request.remote, {"SPARK_REMOTE"});
  // A connection string needs nothing of Databricks, unless a stronger place speaks of it.
  const Found stated_host = lookup.find(request.host, {"DATABRICKS_HOST"});
  const Found stated_cluster = lookup.find(request.cluster_id, {"SPARK_CONNECT_CLUSTER_ID", "DATABRICKS_CLUSTER_ID"});
  const Place databricks_place = std::min({profile.place, stated_host.place, stated_cluster.place});
  if (remote && remote.place <= databricks_place) {
    ARROW_ASSIGN_OR_RAISE(Connection connection, parse_connection_string(remote.value));
    return connection;
  }

  ARROW_ASSIGN_OR_RAISE(Settings settings, find_profile(profile, sources.databricks_file));
  lookup.use_profile(std::move(settings));
  const Found host = lookup.find(request.host, {"DATABRICKS_HOST"}, "host");
  const Found token = lookup.find(request.token, {"DATABRICKS_TOKEN"}, "token");
  const Found cluster =
      lookup.find(request.cluster_id, {"SPARK_CONNECT_CLUSTER_ID", "DATABRICKS_CLUSTER_ID"}, "cluster_id");
  if (!host && !token && !cluster && !profile) return std::nullopt;
  ARROW_ASSIGN_OR_RAISE(Connection connection, databricks_connection(host, token, cluster));
  return connection;
}

}  // namespace linkwright::spark
