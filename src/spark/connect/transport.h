#pragma once

#include <grpcpp/client_context.h>
#include <grpcpp/completion_queue.h>

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "base/cancellation.h"
#include "linkwright/spark_connection.h"
#include "spark/connect/messages.h"
#include "spark/connect/retry.h"

namespace linkwright::spark {

struct TransportOptions {
  RetryPolicy retry = {};
  Milliseconds call_timeout{600'000};  // of calls with one answer, each attempt
  Milliseconds stream_timeout{
      300'000};  // after which a stream of results is taken up anew; the server ends its own earlier
  uint64_t jitter_seed = 0;
  const Cancellation* cancellation = nullptr;  // ends calls that are under way; not owned
};

/// A channel to the server of a connection: TLS as the connection says, messages of any size. Connects at the first
/// call.
std::shared_ptr<grpc::Channel> open_channel(const Connection& connection, std::string ca_certificates);

/// Waits for the events of one call. gRPC's blocking interface cannot be interrupted by a flag that a signal handler
/// sets, so calls run over a completion queue of their own, which is looked at ten times a second.
class CallQueue {
 public:
  CallQueue(grpc::ClientContext& context, const Cancellation* cancellation)
      : context_(context), cancellation_(cancellation) {}
  ~CallQueue();
  CallQueue(const CallQueue&) = delete;
  CallQueue& operator=(const CallQueue&) = delete;

  grpc::CompletionQueue* queue() { return &queue_; }
  /// Waits for the one event under way, and cancels the call when that is asked for. Whether the event brought
  /// something.
  bool wait();

 private:
  grpc::ClientContext& context_;
  const Cancellation* cancellation_;
  grpc::CompletionQueue queue_;
};

/// Calls of one session to one server: who asks is filled in, failures that pass are retried, errors become messages.
/// Thread-safe.
class Transport {
 public:
  using Stub = proto::SparkConnectService::Stub;

  /// `clock` must outlive this. An empty session id in the connection gets a new one.
  Transport(std::shared_ptr<grpc::Channel> channel, Connection connection, TransportOptions options, Clock& clock);

  Stub& stub() { return *stub_; }
  const Connection& connection() const { return connection_; }
  const TransportOptions& options() const { return options_; }
  const std::string& session_id() const { return connection_.session_id; }

  /// Calls of another session over the same channel.
  std::unique_ptr<Transport> with_session(std::string session_id, Clock& clock) const;

  /// Fills in session, user and client, and the server's session as far as it is known, so that a server that was
  /// restarted refuses the request instead of running it in a session without our views and functions.
  template <class Request>
  void sign(Request* request) const {
    request->set_session_id(connection_.session_id);
    request->mutable_user_context()->set_user_id(connection_.user_id);
    request->mutable_user_context()->set_user_name(connection_.user_id);
    request->set_client_type(connection_.user_agent);
    if constexpr (requires { request->client_observed_server_side_session_id(); }) {
      if (std::string id = server_session_id(); !id.empty()) request->set_client_observed_server_side_session_id(id);
    }
  }

  /// The context of one attempt: token, headers, deadline.
  std::unique_ptr<grpc::ClientContext> make_context(Milliseconds timeout) const;

  /// One call with one answer. `prepare` is the stub's PrepareAsync method.
  template <class Request, class Response, class Prepare>
  Status call(std::string_view name, Request request, Prepare prepare, Response* response) {
    sign(&request);
    ARROW_RETURN_NOT_OK(with_retries(name, [&] { return attempt(request, prepare, response); }));
    return observe(*response);
  }

  /// The same for a call that gives up what the server holds for us. That is due most of all when work is cancelled:
  /// then one attempt is made, with little patience.
  template <class Request, class Response, class Prepare>
  Status call_to_give_up(std::string_view name, Request request, Prepare prepare, Response* response) {
    if (options_.cancellation == nullptr || !options_.cancellation->requested()) {
      return call(name, std::move(request), prepare, response);
    }
    constexpr Milliseconds kPatience{3000};
    sign(&request);
    const grpc::Status status = attempt(request, prepare, response, kPatience, nullptr);
    return status.ok() ? observe(*response) : error_of(failure_of(status), name, 1);
  }

  /// Repeats an attempt until it succeeds, fails for good, or patience is over.
  Status with_retries(std::string_view name, const std::function<grpc::Status()>& attempt);

  /// Takes note of the answer of this session; an error when it is another's.
  template <class Response>
  Status observe(const Response& response) {
    return observe_session(response.session_id(), response.server_side_session_id());
  }
  Status observe_session(const std::string& session_id, const std::string& server_session_id);
  std::string server_session_id() const;

  RpcFailure failure_of(const grpc::Status& status) const { return RpcFailure(status, connection_.token); }
  /// The error of a call for a person, with what the server knows about it.
  Status error_of(const RpcFailure& failure, std::string_view call, int attempts);

  Retry new_retry() const { return {options_.retry, clock_, options_.jitter_seed}; }
  Status wait_before_retry(Milliseconds duration) { return clock_.sleep(duration, options_.cancellation); }
  /// Waits whether or not work is being cancelled.
  void pause(Milliseconds duration) { static_cast<void>(clock_.sleep(duration, nullptr)); }
  bool has_reached_server() const { return !server_session_id().empty(); }
  const Clock& clock() const { return clock_; }

 private:
  template <class Request, class Response, class Prepare>
  grpc::Status attempt(const Request& request, Prepare prepare, Response* response) {
    return attempt(request, prepare, response, options_.call_timeout, options_.cancellation);
  }

  template <class Request, class Response, class Prepare>
  grpc::Status attempt(const Request& request, Prepare prepare, Response* response, Milliseconds timeout,
                       const Cancellation* cancellation) {
    const auto context = make_context(timeout);
    CallQueue queue(*context, cancellation);
    auto reader = ((*stub_).*prepare)(context.get(), request, queue.queue());
    grpc::Status status;
    reader->StartCall();
    reader->Finish(response, &status, this);
    queue.wait();
    return status;
  }

  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<Stub> stub_;
  Connection connection_;
  TransportOptions options_;
  Clock& clock_;
  mutable std::mutex mutex_;  // guards the one below
  std::string server_session_id_;
};

}  // namespace linkwright::spark
