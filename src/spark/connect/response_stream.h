#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "spark/connect/release_queue.h"
#include "spark/connect/transport.h"

namespace linkwright::spark {

struct ExecuteOptions {
  std::vector<std::string> tags = {};                  // by which it can be interrupted; no commas
  std::optional<Milliseconds> timeout = std::nullopt;  // for the whole execution; it is ended on the server then
  std::string operation_id = {};                       // empty: a random UUID
};

/// The responses of one execution, each exactly once and in order, whatever becomes of the connection.
///
/// The server keeps responses until they are released, so a stream that breaks is taken up behind the last response
/// that was handed out (ReattachExecute). The execution itself is never repeated: it is sent again only when the server
/// says that it has never heard of it, under the same operation id and server session, and a server refuses an id that
/// it knows and a session that it does not.
///
/// A response is read from the network when it is asked for; a slow consumer holds the server back (gRPC's flow
/// control). Not thread-safe. Source: pyspark/sql/connect/client/reattach.py, Spark 4.2.1.
class ResponseStream {
 public:
  /// Nothing is sent before the first `next`. Both outlive the stream.
  ResponseStream(Transport& transport, ReleaseQueue& releases, proto::Plan plan, ExecuteOptions options = {});
  /// Ends the execution on the server if it has not ended.
  ~ResponseStream();
  ResponseStream(const ResponseStream&) = delete;
  ResponseStream& operator=(const ResponseStream&) = delete;

  /// The next response; false behind the last one. After an error the stream has ended.
  Result<bool> next(proto::ExecutePlanResponse* response);

  const std::string& operation_id() const { return request_.operation_id(); }

 private:
  class Attempt;

  void open();
  Result<bool> accept(const proto::ExecutePlanResponse& response);
  Status recover(const grpc::Status& status, bool was_useful, Retry* retry);
  Status recover_lost_operation(const RpcFailure& failure, Retry* retry);
  Status wait_or_fail(const RpcFailure& failure, Retry* retry);
  Status check_deadline();
  Status fail(Status status);
  Milliseconds attempt_timeout() const;
  void interrupt();

  Transport& transport_;
  ReleaseQueue& releases_;
  proto::ExecutePlanRequest request_;
  std::optional<std::chrono::steady_clock::time_point> deadline_;
  std::optional<Milliseconds> timeout_;
  std::unique_ptr<Attempt> attempt_;
  bool must_execute_ = true;  // the next attempt sends the plan, instead of taking up what runs
  bool has_executed_ = false;
  bool ended_ = false;
  std::string last_response_id_;
  std::deque<std::string> recent_response_ids_;
};

}  // namespace linkwright::spark
