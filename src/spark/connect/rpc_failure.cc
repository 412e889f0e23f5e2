#include "spark/connect/rpc_failure.h"

#include <google/protobuf/util/time_util.h>
#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>

#include <algorithm>
#include <array>

namespace linkwright::spark {
namespace {

template <size_t N>
bool contains_any(const std::string& text, const std::array<std::string_view, N>& parts) {
  return std::any_of(parts.begin(), parts.end(),
                     [&](std::string_view part) { return text.find(part) != std::string::npos; });
}

std::string without(const std::string& secret, std::string text) {
  constexpr std::string_view kMask = "***";
  if (secret.empty()) return text;
  for (size_t at = text.find(secret); at != std::string::npos; at = text.find(secret, at + kMask.size())) {
    text.replace(at, secret.size(), kMask);
  }
  return text;
}

}  // namespace

RpcFailure::RpcFailure(const grpc::Status& status, const BearerToken& token)
    : code(status.error_code()), message(without(token.reveal(), status.error_message())) {
  google::rpc::Status details;
  if (!details.ParseFromString(status.error_details())) return;
  for (const google::protobuf::Any& detail : details.details()) {
    google::rpc::RetryInfo retry;
    google::rpc::ErrorInfo error;
    if (detail.UnpackTo(&retry)) {
      retry_delay =
          std::chrono::milliseconds(google::protobuf::util::TimeUtil::DurationToMilliseconds(retry.retry_delay()));
    } else if (detail.UnpackTo(&error)) {
      info.insert(error.metadata().begin(), error.metadata().end());
    }
  }
}

const std::string& RpcFailure::info_of(const std::string& name) const {
  static const std::string kNothing;
  const auto at = info.find(name);
  return at == info.end() ? kNothing : at->second;
}

bool RpcFailure::is(std::string_view error_class) const {
  return info_of("errorClass") == error_class || message.find(error_class) != std::string::npos;
}

bool RpcFailure::is_transient() const {
  if (is_tls_failure()) return false;
  return code == grpc::StatusCode::UNAVAILABLE || retry_delay.has_value() ||
         (code == grpc::StatusCode::INTERNAL && is("INVALID_CURSOR.DISCONNECTED"));
}

bool RpcFailure::is_connect_failure() const {
  constexpr std::array<std::string_view, 4> kSigns = {"failed to connect", "Connection refused",
                                                      "DNS resolution failed", "Connect failed"};
  return code == grpc::StatusCode::UNAVAILABLE && contains_any(message, kSigns);
}

bool RpcFailure::is_tls_failure() const {
  constexpr std::array<std::string_view, 4> kSigns = {"CERTIFICATE_VERIFY_FAILED", "certificate verify failed",
                                                      "Ssl handshake failed", "Hostname Verification Check failed"};
  return code == grpc::StatusCode::UNAVAILABLE && contains_any(message, kSigns);
}

}  // namespace linkwright::spark
