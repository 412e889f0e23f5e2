#include "spark/connect/transport.h"

#include <grpc/grpc.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <cstdlib>
#include <optional>

#include "spark/config/uuid.h"
#include "spark/connect/server_error.h"

namespace linkwright::spark {
namespace {

constexpr char kUserAgent[] = "linkwright/0.1.0";

std::string user_of_process() {
  for (const char* name : {"USER", "LOGNAME"}) {
    const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe)
    if (value != nullptr && *value != '\0') return value;
  }
  return "linkwright";
}

Connection completed(Connection connection) {
  if (connection.session_id.empty()) connection.session_id = random_uuid();
  if (connection.user_id.empty()) connection.user_id = user_of_process();
  if (connection.user_agent.empty()) connection.user_agent = kUserAgent;
  return connection;
}

/// Without this, whoever drops the last gRPC object of the process may wait for ten seconds: gRPC shuts down then, and
/// joins a thread that polls sockets in the background for so long.
void keep_grpc_running() {
  static const bool kStarted = (grpc_init(), true);
  static_cast<void>(kStarted);
}

}  // namespace

std::shared_ptr<grpc::Channel> open_channel(const Connection& connection, std::string ca_certificates) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(-1);  // 4 MB by default, less than one batch of rows
  arguments.SetMaxSendMessageSize(-1);
  // Finds a peer that vanished without a word. grpc-java closes connections that ping more often than every 5 minutes.
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 310'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20'000);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL,
                   1);  // a second session is not held up by the first one's back-off
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 5'000);
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);  // there is one place that retries: ours
  std::shared_ptr<grpc::ChannelCredentials> credentials = grpc::InsecureChannelCredentials();
  if (connection.use_tls) {
    grpc::SslCredentialsOptions options;
    options.pem_root_certs = std::move(ca_certificates);
    credentials = grpc::SslCredentials(options);
  }
  const bool is_ipv6 = connection.host.find(':') != std::string::npos;
  const std::string host = is_ipv6 ? "[" + connection.host + "]" : connection.host;
  return grpc::CreateCustomChannel(host + ":" + std::to_string(connection.port), credentials, arguments);
}

CallQueue::~CallQueue() {
  queue_.Shutdown();
  void* tag = nullptr;
  bool ok = false;
  while (queue_.Next(&tag, &ok)) {
  }
}

bool CallQueue::wait() {
  constexpr Milliseconds kLook{100};
  void* tag = nullptr;
  bool ok = false;
  while (queue_.AsyncNext(&tag, &ok, std::chrono::system_clock::now() + kLook) == grpc::CompletionQueue::TIMEOUT) {
    if (cancellation_ != nullptr && cancellation_->requested()) context_.TryCancel();
  }
  return ok;
}

Transport::Transport(std::shared_ptr<grpc::Channel> channel, Connection connection, TransportOptions options,
                     Clock& clock)
    : channel_(std::move(channel)),
      stub_(proto::SparkConnectService::NewStub(channel_)),
      connection_(completed(std::move(connection))),
      options_(options),
      clock_(clock) {
  keep_grpc_running();
}

std::unique_ptr<Transport> Transport::with_session(std::string session_id, Clock& clock) const {
  Connection connection = connection_;
  connection.session_id = std::move(session_id);
  return std::make_unique<Transport>(channel_, std::move(connection), options_, clock);
}

std::unique_ptr<grpc::ClientContext> Transport::make_context(Milliseconds timeout) const {
  auto context = std::make_unique<grpc::ClientContext>();
  context->set_deadline(std::chrono::system_clock::now() + timeout);
  for (const auto& [name, value] : connection_.headers) context->AddMetadata(name, value);
  if (!connection_.token.empty()) context->AddMetadata("authorization", "Bearer " + connection_.token.reveal());
  return context;
}

Status Transport::with_retries(std::string_view name, const std::function<grpc::Status()>& attempt) {
  Retry retry = new_retry();
  for (;;) {
    if (options_.cancellation != nullptr) ARROW_RETURN_NOT_OK(options_.cancellation->check());
    const grpc::Status status = attempt();
    if (status.ok()) return Status::OK();
    const RpcFailure failure = failure_of(status);
    const std::optional<Milliseconds> wait = retry.next_wait(failure, has_reached_server());
    if (!wait) return error_of(failure, name, retry.retries() + 1);
    ARROW_RETURN_NOT_OK(wait_before_retry(*wait));
  }
}

std::string Transport::server_session_id() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return server_session_id_;
}

Status Transport::observe_session(const std::string& session_id, const std::string& server_session_id) {
  if (session_id != connection_.session_id) {
    return Status::IOError("the answer of ", connection_.address(), " is for session ", session_id, ", not for ",
                           connection_.session_id, "; is a proxy mixing up calls?");
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  if (server_session_id_.empty()) server_session_id_ = server_session_id;
  if (!server_session_id.empty() && server_session_id != server_session_id_) {
    return Status::IOError(
        "the session at ", connection_.address(),
        " was lost, with its views, functions and artifacts: ", "the server has restarted; open a new session");
  }
  return Status::OK();
}

Status Transport::error_of(const RpcFailure& failure, std::string_view call, int attempts) {
  if (options_.cancellation != nullptr && options_.cancellation->requested()) return options_.cancellation->check();
  proto::FetchErrorDetailsResponse details;
  bool has_details = false;
  if (const std::string& id = failure.info_of("errorId"); !id.empty()) {
    proto::FetchErrorDetailsRequest request;
    sign(&request);
    request.set_error_id(id);
    // One attempt: without details the error is still told.
    has_details = attempt(request, &Stub::PrepareAsyncFetchErrorDetails, &details).ok();
  }
  return server_error(failure, has_details ? &details : nullptr, call, connection_, attempts);
}

}  // namespace linkwright::spark
