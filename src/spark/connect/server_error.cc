#include "spark/connect/server_error.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "linkwright/spark_error.h"
#include "spark/connect/failure_advice.h"

namespace linkwright::spark {
namespace {

using Details = proto::FetchErrorDetailsResponse;

constexpr char kTypeId[] = "linkwright::spark::SparkError";

/// What the status itself carries, which is cut at a few kilobytes: used where the server has no more to say.
void take_from_info(const RpcFailure& failure, SparkError* error) {
  error->error_class = failure.info_of("errorClass");
  error->sql_state = failure.info_of("sqlState");
  const auto parameters = nlohmann::json::parse(failure.info_of("messageParameters"), nullptr, false);
  if (parameters.is_object()) {
    for (const auto& [name, value] : parameters.items()) {
      error->parameters[name] = value.is_string() ? value.get<std::string>() : value.dump();
    }
  }
  const auto classes = nlohmann::json::parse(failure.info_of("classes"), nullptr, false);
  const bool named = classes.is_array() && !classes.empty() && classes.front().is_string();
  error->causes.push_back({named ? classes.front().get<std::string>() : "", failure.message});
}

void take_from_details(const Details& details, SparkError* error) {
  error->causes.clear();
  int index = details.root_error_idx();
  // Each error names its cause by index; a chain longer than the list would be a circle.
  for (int steps = 0; index >= 0 && index < details.errors_size() && steps < details.errors_size(); ++steps) {
    const Details::Error& one = details.errors(index);
    error->causes.push_back({one.error_type_hierarchy_size() > 0 ? one.error_type_hierarchy(0) : "", one.message()});
    if (one.has_spark_throwable() && error->query_fragment.empty()) {
      const auto& throwable = one.spark_throwable();
      if (error->error_class.empty()) error->error_class = throwable.error_class();
      if (error->sql_state.empty()) error->sql_state = throwable.sql_state();
      if (steps == 0)
        error->parameters = {throwable.message_parameters().begin(), throwable.message_parameters().end()};
      if (throwable.query_contexts_size() > 0) error->query_fragment = throwable.query_contexts(0).fragment();
    }
    index = one.has_cause_idx() ? one.cause_idx() : -1;
  }
}

arrow::StatusCode status_code(const RpcFailure& failure, const SparkError& error) {
  switch (failure.code) {
    case grpc::StatusCode::CANCELLED:
      return arrow::StatusCode::Cancelled;
    case grpc::StatusCode::UNAVAILABLE:
    case grpc::StatusCode::DEADLINE_EXCEEDED:
    case grpc::StatusCode::UNAUTHENTICATED:
    case grpc::StatusCode::PERMISSION_DENIED:
      return arrow::StatusCode::IOError;
    case grpc::StatusCode::UNIMPLEMENTED:
      return arrow::StatusCode::NotImplemented;
    default:
      break;
  }
  if (error.error_class == "OPERATION_CANCELED") return arrow::StatusCode::Cancelled;
  // SQLSTATE class 42 is "syntax error or access rule violation": the caller's text is at fault.
  return error.sql_state.rfind("42", 0) == 0 ? arrow::StatusCode::Invalid : arrow::StatusCode::UnknownError;
}

/// The server's own message. Spark starts it with "[CLASS]" and ends it with "SQLSTATE: ...", where it has them.
std::string worded(const SparkError& error, const RpcFailure& failure) {
  const std::string& message = error.causes.empty() ? failure.message : error.causes.front().message;
  std::string text = message.empty() ? failure.message : message;
  if (!error.error_class.empty() && text.find(error.error_class) == std::string::npos) {
    text.insert(0, "[" + error.error_class + "] ");
  }
  if (!error.sql_state.empty() && text.find(error.sql_state) == std::string::npos) {
    text += " SQLSTATE: " + error.sql_state;
  }
  return text;
}

}  // namespace

const SparkError* SparkError::of(const arrow::Status& status) {
  const auto& detail = status.detail();
  if (detail == nullptr || std::string_view(detail->type_id()) != kTypeId) return nullptr;
  return static_cast<const SparkError*>(detail.get());
}

const char* SparkError::type_id() const { return kTypeId; }

std::string SparkError::ToString() const {
  std::string text;
  for (size_t i = 1; i < causes.size(); ++i) {
    text += (i == 1 ? "" : "\n") + ("caused by " + causes[i].type) + ": " + causes[i].message;
  }
  return text.empty() ? "gRPC status " + std::to_string(grpc_code) : text;
}

Status server_error(const RpcFailure& failure, const Details* details, std::string_view call,
                    const Connection& connection, int attempts) {
  auto error = std::make_shared<SparkError>();
  error->grpc_code = failure.code;
  take_from_info(failure, error.get());
  if (details != nullptr && details->has_root_error_idx()) take_from_details(*details, error.get());

  std::string text = failure_advice(failure, error->error_class, call, connection, attempts);
  if (text.empty()) text = "Spark: " + worded(*error, failure);
  const arrow::StatusCode code = status_code(failure, *error);
  return Status(code, std::move(text), std::move(error));
}

}  // namespace linkwright::spark
