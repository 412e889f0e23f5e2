#pragma once

// Where a Spark Connect server is, and who asks: connection strings, Databricks profiles, environment, .env files.
// Nothing here touches the network. Tokens stay out of every message and of everything that can be printed.

#include <arrow/result.h>
#include <arrow/status.h>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace linkwright::spark {

/// A bearer token. Has no way into a stream or a message but `reveal`, which only the channel calls.
class BearerToken {
 public:
  BearerToken() = default;
  explicit BearerToken(std::string token) : token_(std::move(token)) {}
  bool empty() const { return token_.empty(); }
  const std::string& reveal() const { return token_; }

 private:
  std::string token_;
};

/// A Spark Connect server and how it is spoken to.
struct Connection {
  std::string host;  // a name or an address, an IPv6 address without its brackets
  int port = 15002;
  bool use_tls = false;
  std::string ca_file;     // certificates (PEM) to trust instead of the system's; empty: the system's
  BearerToken token;       // sent with every call, and never without TLS but to this machine itself
  std::string user_id;     // empty: the name of the user who runs the process
  std::string user_agent;  // empty: "linkwright/VERSION"
  std::string session_id;  // a UUID, to attach to an existing session; empty: a new session
  std::vector<std::pair<std::string, std::string>> headers;  // sent with every call; names in lower case

  /// "sc://host:15002" or "sc://[::1]:15002", for messages: without parameters.
  std::string address() const;
};

/// Reads `sc://host[:port][/;name=value;name=value...]` as PySpark does. Values are percent-decoded. use_ssl, token,
/// user_id, user_agent and session_id mean what they mean there; every other parameter becomes a header. A token turns
/// TLS on; `use_ssl=false` beside a token is taken for this machine (localhost, 127.0.0.1, ::1) only. Errors say at
/// which character (from 1) something else was expected, and never quote a value.
arrow::Result<Connection> parse_connection_string(std::string_view text);

/// What a caller wants to say itself about the session; the rest is looked up.
struct ConnectionRequest {
  std::optional<std::string> remote = std::nullopt;      // a connection string
  std::optional<std::string> cluster_id = std::nullopt;  // of a Databricks workspace
  std::optional<std::string> profile = std::nullopt;     // a section of ~/.databrickscfg
  std::optional<std::string> host = std::nullopt;        // of a Databricks workspace, with or without https://
  std::optional<std::string> token = std::nullopt;
  bool force_local = false;
};

/// The world that a request is looked up in; tests bring their own.
struct ConnectionSources {
  std::function<std::optional<std::string>(const std::string& name)> environment;
  std::string dotenv_file;      // may be absent
  std::string databricks_file;  // may be absent

  /// The process's environment, ./.env, and $DATABRICKS_CONFIG_FILE or ~/.databrickscfg.
  static ConnectionSources of_process();
};

/// Finds the server for a request; nothing when a session on this machine is meant: `force_local`, or
/// USE_SPARK_CONNECT=false, or nothing names a server.
///
/// Every setting comes from the first place that has it: the request, the environment, .env, the Databricks profile.
///
///     remote       SPARK_REMOTE
///     cluster      SPARK_CONNECT_CLUSTER_ID, DATABRICKS_CLUSTER_ID, cluster_id
///     host         DATABRICKS_HOST, host
///     token        DATABRICKS_TOKEN, token
///     profile      DATABRICKS_PROFILE, DATABRICKS_CONFIG_PROFILE; else the section DEFAULT, which may be absent
///
/// A connection string in an earlier or the same place as a Databricks setting wins. Errors name what is missing and
/// the places where it may be said. Names of variables and files are in messages, values of tokens are not.
arrow::Result<std::optional<Connection>> resolve_connection(
    const ConnectionRequest& request, const ConnectionSources& sources = ConnectionSources::of_process());

}  // namespace linkwright::spark
