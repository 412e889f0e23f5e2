#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/server.h>

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "spark/connect/clock.h"
#include "spark/connect/messages.h"

namespace linkwright::spark {

/// What goes wrong with one stream of responses.
struct Fault {
  enum Kind {
    kLoseRequest,      // the request never arrives: the server does not know of it
    kDrop,             // the connection breaks (UNAVAILABLE)
    kEndEarly,         // the server ends the stream without a result, as it does with long ones
    kHang,             // nothing more comes until the client gives up
    kTakeCursor,       // another call takes the stream over (INVALID_CURSOR.DISCONNECTED)
    kDuplicate,        // the last response comes twice; the stream goes on
    kAskForRetry,      // RESOURCE_EXHAUSTED with a RetryInfo of `retry_after`
    kForgetOperation,  // the server drops the execution; later calls find a stale handle
    kFail,             // the query fails for good, with details to fetch
  };
  Kind kind = kDrop;
  int after = 0;  // responses of this stream that come first
  std::chrono::milliseconds retry_after{0};
};

/// A Spark Connect server in this process that computes nothing: every execution answers the same responses, kept and
/// handed out again by Spark's rules, except where a fault is scripted. Thread-safe.
class FakeServer {
 public:
  FakeServer();
  ~FakeServer();

  /// A channel without a network between.
  std::shared_ptr<grpc::Channel> channel();
  /// The port on 127.0.0.1 where it can be reached as well.
  int port() const { return port_; }

  /// What every execution answers, before the ResultComplete; response ids are "OPERATION/0", "OPERATION/1", ...
  void answer_with(std::vector<proto::ExecutePlanResponse> responses);
  /// The faults of the streams to come, one a stream in the order they are opened; later streams have none.
  void script(std::vector<Fault> faults);
  /// Fails unary calls to come with this status, one call each.
  void fail_calls(std::vector<grpc::Status> statuses);
  /// What FetchErrorDetails answers.
  void set_error_details(proto::FetchErrorDetailsResponse details);
  /// Lets operations run on, as GetStatus tells, until so many interruptions have come.
  void overlook_interruptions(int count);
  /// The version of Spark that it says it is; 4.2.1 unless set.
  void set_spark_version(const std::string& version);
  /// A setting as Config answers it.
  void set_config(const std::string& key, const std::string& value);
  /// Forgets all sessions and executions and gets a new identity.
  void restart();

  int times_executed(const std::string& operation_id) const;
  int executions() const;
  int responses_written() const;
  /// The calls so far: "ExecutePlan", "ReattachExecute after 3", "ReleaseExecute until 2", "ReleaseExecute all", ...
  std::vector<std::string> calls() const;
  /// The plan that was sent last.
  proto::Plan last_plan() const;
  /// The headers of the latest call.
  std::multimap<std::string, std::string> headers() const;
  /// All that was uploaded by AddArtifacts, by name, put together from its chunks.
  std::map<std::string, std::string> artifacts() const;

 private:
  class Service;
  std::unique_ptr<Service> service_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

/// A clock that never waits: sleeping moves its time forward. Thread-safe.
class FakeClock final : public Clock {
 public:
  std::chrono::steady_clock::time_point now() const override;
  Status sleep(Milliseconds duration, const Cancellation* cancellation) override;
  std::vector<Milliseconds> sleeps() const;

 private:
  mutable std::mutex mutex_;  // guards the two below
  std::chrono::steady_clock::time_point now_{};
  std::vector<Milliseconds> sleeps_;
};

}  // namespace linkwright::spark
