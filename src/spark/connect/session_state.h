#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>

#include "linkwright/spark.h"
#include "spark/connect/plan_compression.h"
#include "spark/connect/release_queue.h"
#include "spark/connect/result_reader.h"
#include "spark/connect/transport.h"

namespace linkwright::spark {

/// What all handles of a session share. Thread-safe.
struct Session::State {
  State(const Connection& connection, const SessionOptions& session_options, std::shared_ptr<grpc::Channel> channel);
  State(const State& parent, std::string session_id);

  /// The rows of a plan, opened so far that its columns are known.
  Result<std::shared_ptr<ResultReader>> run(proto::Plan plan, const QueryOptions& query);
  /// Runs a command to its end; the reader knows what a SQL command left behind.
  Result<std::shared_ptr<ResultReader>> run_command(proto::Command command, const QueryOptions& query = {});

  SessionOptions options;
  SystemClock clock;
  std::unique_ptr<Transport> transport;
  ReleaseQueue releases;
  PlanCompression plan_compression;
  std::string spark_version;
  std::mutex mutex;  // guards the one below
  std::string python_version;
};

/// A lazy table's plan, and the session that knows its parts.
struct DataFrame::State {
  std::shared_ptr<Session::State> session;
  proto::Relation relation;
};

/// A data frame over a relation that `fill` writes.
template <class Fill>
DataFrame make_data_frame(std::shared_ptr<Session::State> session, Fill fill) {
  auto state = std::make_shared<DataFrame::State>();
  state->session = std::move(session);
  fill(&state->relation);
  return DataFrame(std::move(state));
}

}  // namespace linkwright::spark
