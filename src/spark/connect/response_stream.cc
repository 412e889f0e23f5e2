#include "spark/connect/response_stream.h"

#include <algorithm>

#include "spark/config/uuid.h"
#include "spark/connect/interruption.h"

namespace linkwright::spark {
namespace {

/// How far back a response that comes twice is recognised. A server repeats none; one that did would repeat its latest.
constexpr size_t kRememberedResponses = 1024;

/// A stream that ended early but lived this long was ended by the server's own limit, and not by a fault.
constexpr Milliseconds kLivedLong{1'000};

constexpr char kCall[] = "ExecutePlan";

RpcFailure unavailable(const std::string& message) {
  return RpcFailure(grpc::Status(grpc::StatusCode::UNAVAILABLE, message));
}

}  // namespace

/// One connection's worth of responses.
class ResponseStream::Attempt {
 public:
  Attempt(Transport& transport, Milliseconds timeout)
      : start_(transport.clock().now()),
        context_(transport.make_context(timeout)),
        queue_(*context_, transport.options().cancellation) {}

  ~Attempt() {
    if (!finished_) {
      context_->TryCancel();
      finish();
    }
  }
  Attempt(const Attempt&) = delete;
  Attempt& operator=(const Attempt&) = delete;

  void execute(Transport::Stub& stub, const proto::ExecutePlanRequest& request) {
    start(stub.PrepareAsyncExecutePlan(context_.get(), request, queue_.queue()));
  }
  void reattach(Transport::Stub& stub, const proto::ReattachExecuteRequest& request) {
    start(stub.PrepareAsyncReattachExecute(context_.get(), request, queue_.queue()));
  }

  bool read(proto::ExecutePlanResponse* response) {
    reader_->Read(response, this);
    return queue_.wait();
  }

  grpc::Status finish() {
    grpc::Status status;
    reader_->Finish(&status, this);
    queue_.wait();
    finished_ = true;
    return status;
  }

  void note_progress() { has_progressed_ = true; }
  /// Whether it brought new responses, or was at least held open for a while, as it is during a long query.
  bool was_useful(const Clock& clock) const { return has_progressed_ || clock.now() - start_ >= kLivedLong; }

 private:
  using Reader = grpc::ClientAsyncReader<proto::ExecutePlanResponse>;

  void start(std::unique_ptr<Reader> reader) {
    reader_ = std::move(reader);
    reader_->StartCall(this);
    queue_.wait();
  }

  std::chrono::steady_clock::time_point start_;
  std::unique_ptr<grpc::ClientContext> context_;
  CallQueue queue_;
  std::unique_ptr<Reader> reader_;  // goes before its queue
  bool has_progressed_ = false;
  bool finished_ = false;
};

ResponseStream::ResponseStream(Transport& transport, ReleaseQueue& releases, proto::Plan plan, ExecuteOptions options)
    : transport_(transport), releases_(releases), timeout_(options.timeout) {
  *request_.mutable_plan() = std::move(plan);
  request_.set_operation_id(options.operation_id.empty() ? random_uuid() : std::move(options.operation_id));
  for (std::string& tag : options.tags) request_.add_tags(std::move(tag));
  request_.add_request_options()->mutable_reattach_options()->set_reattachable(true);
  request_.add_request_options()->mutable_result_chunking_options()->set_allow_arrow_batch_chunking(true);
}

ResponseStream::~ResponseStream() {
  attempt_.reset();
  if (!ended_ && has_executed_) releases_.release_all(operation_id());
}

Result<bool> ResponseStream::next(proto::ExecutePlanResponse* response) {
  if (ended_) return false;
  if (timeout_ && !deadline_) deadline_ = transport_.clock().now() + *timeout_;
  Retry retry = transport_.new_retry();
  for (;;) {
    if (attempt_ == nullptr) open();
    if (attempt_->read(response)) {
      ARROW_ASSIGN_OR_RAISE(const bool is_new, accept(*response));
      if (!is_new) continue;
      attempt_->note_progress();
      return true;
    }
    const grpc::Status status = attempt_->finish();
    const bool was_useful = attempt_->was_useful(transport_.clock());
    attempt_.reset();
    ARROW_RETURN_NOT_OK(check_deadline());
    ARROW_RETURN_NOT_OK(recover(status, was_useful, &retry));
  }
}

void ResponseStream::open() {
  attempt_ = std::make_unique<Attempt>(transport_, attempt_timeout());
  if (must_execute_) {
    transport_.sign(&request_);
    attempt_->execute(transport_.stub(), request_);
    must_execute_ = false;
    has_executed_ = true;
    return;
  }
  proto::ReattachExecuteRequest request;
  transport_.sign(&request);
  request.set_operation_id(operation_id());
  if (!last_response_id_.empty()) request.set_last_response_id(last_response_id_);
  attempt_->reattach(transport_.stub(), request);
}

Milliseconds ResponseStream::attempt_timeout() const {
  const Milliseconds usual = transport_.options().stream_timeout;
  if (!deadline_) return usual;
  const auto left = std::chrono::duration_cast<Milliseconds>(*deadline_ - transport_.clock().now());
  return std::clamp(left, Milliseconds(1), usual);
}

/// Whether the response is one that was not seen before.
Result<bool> ResponseStream::accept(const proto::ExecutePlanResponse& response) {
  if (Status status = transport_.observe(response); !status.ok()) return fail(std::move(status));
  const std::string& id = response.response_id();
  if (!id.empty()) {
    if (std::find(recent_response_ids_.rbegin(), recent_response_ids_.rend(), id) != recent_response_ids_.rend()) {
      return false;
    }
    recent_response_ids_.push_back(id);
    if (recent_response_ids_.size() > kRememberedResponses) recent_response_ids_.pop_front();
    last_response_id_ = id;
  }
  if (response.has_result_complete()) {
    ended_ = true;
    releases_.release_all(operation_id());
  } else if (!id.empty()) {
    releases_.release_until(operation_id(), id);
  }
  return true;
}

/// Makes ready for the next attempt, or ends the stream with an error.
Status ResponseStream::recover(const grpc::Status& status, bool was_useful, Retry* retry) {
  const Cancellation* cancellation = transport_.options().cancellation;
  if (cancellation != nullptr && cancellation->requested()) {
    interrupt();
    return fail(cancellation->check());
  }
  // The server ends long streams by itself, and we do. Without ResultComplete there is more to come.
  const bool is_ended_early = status.ok() || status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED;
  if (is_ended_early)
    return was_useful ? Status::OK() : wait_or_fail(unavailable("the stream brought no result"), retry);

  const RpcFailure failure = transport_.failure_of(status);
  const bool is_lost =
      failure.is("INVALID_HANDLE.OPERATION_NOT_FOUND") || failure.is("INVALID_HANDLE.SESSION_NOT_FOUND");
  if (is_lost) return recover_lost_operation(failure, retry);
  // Our first request was slow and came in behind the second: what runs is ours.
  if (failure.is("INVALID_HANDLE.OPERATION_ALREADY_EXISTS") && retry->retries() > 0) return Status::OK();
  return wait_or_fail(failure, retry);
}

Status ResponseStream::recover_lost_operation(const RpcFailure& failure, Retry* retry) {
  if (!last_response_id_.empty()) {
    return fail(Status::IOError(
        "the server at ", transport_.connection().address(), " lost a running query in the middle ",
        "of its result; run it again, in a new session if the server restarted [", failure.message, "]"));
  }
  // The plan itself never arrived. A server that could have run it in an earlier life refuses the session (see sign).
  must_execute_ = true;
  return wait_or_fail(unavailable(failure.message), retry);
}

Status ResponseStream::wait_or_fail(const RpcFailure& failure, Retry* retry) {
  const std::optional<Milliseconds> wait = retry->next_wait(failure, transport_.has_reached_server());
  if (!wait) return fail(transport_.error_of(failure, kCall, retry->retries() + 1));
  if (Status status = transport_.wait_before_retry(*wait); !status.ok()) {
    interrupt();
    return fail(std::move(status));
  }
  return check_deadline();
}

Status ResponseStream::check_deadline() {
  if (!deadline_ || transport_.clock().now() < *deadline_) return Status::OK();
  interrupt();
  return fail(Status::IOError("the query did not end within its time limit of ", timeout_->count(),
                              " ms and was interrupted; raise the limit, or look at the server's load"));
}

Status ResponseStream::fail(Status status) {
  attempt_.reset();
  ended_ = true;
  if (has_executed_) releases_.release_all(operation_id());
  return status;
}

/// Stops what runs on the server, as far as it can be reached in a moment.
void ResponseStream::interrupt() {
  constexpr Milliseconds kPatience{2'000};
  attempt_.reset();
  interrupt_operation(transport_, operation_id(), kPatience);
}

}  // namespace linkwright::spark
