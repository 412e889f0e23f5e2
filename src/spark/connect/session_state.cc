#include "spark/connect/session_state.h"

namespace linkwright::spark {
namespace {

TransportOptions transport_options(const SessionOptions& options) {
  TransportOptions result;
  result.call_timeout = options.call_timeout;
  result.retry.max_total = options.max_retry_time;
  result.retry.max_unreachable = options.max_connect_time;
  result.jitter_seed = options.jitter_seed;
  result.cancellation = options.cancellation;
  return result;
}

ExecuteOptions execute_options(const QueryOptions& query) {
  ExecuteOptions options;
  options.operation_id = query.operation_id;
  options.tags = query.tags;
  options.timeout = query.timeout;
  return options;
}

Status check_tags(const std::vector<std::string>& tags) {
  for (const std::string& tag : tags) {
    if (tag.empty() || tag.find(',') != std::string::npos) {
      return Status::Invalid("Spark tag '", tag, "': expected a text without commas that is not empty");
    }
  }
  return Status::OK();
}

}  // namespace

Session::State::State(const Connection& connection, const SessionOptions& session_options,
                      std::shared_ptr<grpc::Channel> channel)
    : options(session_options),
      transport(std::make_unique<Transport>(std::move(channel), connection, transport_options(options), clock)),
      releases(*transport),
      python_version(options.python_version) {}

Session::State::State(const State& parent, std::string session_id)
    : options(parent.options),
      transport(parent.transport->with_session(std::move(session_id), clock)),
      releases(*transport),
      spark_version(parent.spark_version),
      python_version(options.python_version) {}

Result<std::shared_ptr<ResultReader>> Session::State::run(proto::Plan plan, const QueryOptions& query) {
  ARROW_RETURN_NOT_OK(check_tags(query.tags));
  plan_compression.apply(*transport, &plan);
  auto stream = std::make_unique<ResponseStream>(*transport, releases, std::move(plan), execute_options(query));
  auto reader = std::make_shared<ResultReader>(std::move(stream), query);
  ARROW_RETURN_NOT_OK(reader->open());
  return reader;
}

Result<std::shared_ptr<ResultReader>> Session::State::run_command(proto::Command command, const QueryOptions& query) {
  ARROW_RETURN_NOT_OK(check_tags(query.tags));
  proto::Plan plan;
  *plan.mutable_command() = std::move(command);
  plan_compression.apply(*transport, &plan);
  auto stream = std::make_unique<ResponseStream>(*transport, releases, std::move(plan), execute_options(query));
  auto reader = std::make_shared<ResultReader>(std::move(stream), query);
  ARROW_RETURN_NOT_OK(reader->finish());
  return reader;
}

}  // namespace linkwright::spark
