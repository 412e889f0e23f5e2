#include "spark/connect/interruption.h"

#include <algorithm>

namespace linkwright::spark {
namespace {

using State = proto::GetStatusResponse::OperationStatus;

constexpr Milliseconds kInsistFor{5'000};
constexpr Milliseconds kFirstLook{50}, kLongestLook{400};

OperationState state_of(State::OperationState state) {
  switch (state) {
    case State::OPERATION_STATE_RUNNING:
      return OperationState::kRunning;
    case State::OPERATION_STATE_TERMINATING:
      return OperationState::kTerminating;
    case State::OPERATION_STATE_SUCCEEDED:
      return OperationState::kSucceeded;
    case State::OPERATION_STATE_FAILED:
      return OperationState::kFailed;
    case State::OPERATION_STATE_CANCELLED:
      return OperationState::kCancelled;
    default:
      return OperationState::kUnknown;
  }
}

proto::InterruptRequest request_for(const Transport& transport, const std::string& operation_id) {
  proto::InterruptRequest request;
  transport.sign(&request);
  request.set_interrupt_type(proto::InterruptRequest::INTERRUPT_TYPE_OPERATION_ID);
  request.set_operation_id(operation_id);
  return request;
}

/// One attempt: those of the operations that run, or nothing when that is not to be learned.
std::vector<std::string> still_running(Transport& transport, const std::vector<std::string>& ids,
                                       Milliseconds patience) {
  proto::GetStatusRequest request;
  transport.sign(&request);
  for (const std::string& id : ids) request.mutable_operation_status()->add_operation_ids(id);
  proto::GetStatusResponse response;
  const auto context = transport.make_context(patience);
  if (!transport.stub().GetStatus(context.get(), request, &response).ok()) return {};
  std::vector<std::string> running;
  for (const auto& status : response.operation_statuses()) {
    if (status.state() == State::OPERATION_STATE_RUNNING) running.push_back(status.operation_id());
  }
  return running;
}

/// Interrupts the operations again and again, until none runs or patience is over.
void insist(Transport& transport, std::vector<std::string> ids, Milliseconds patience) {
  const auto end = transport.clock().now() + patience;
  const auto left = [&] { return std::chrono::duration_cast<Milliseconds>(end - transport.clock().now()); };
  for (Milliseconds wait = kFirstLook; left() > wait; wait = std::min(2 * wait, kLongestLook)) {
    ids = still_running(transport, ids, left());
    if (ids.empty()) return;
    transport.pause(wait);
    for (const std::string& id : ids) {
      proto::InterruptResponse response;
      const auto context = transport.make_context(std::max(left(), Milliseconds(1)));
      transport.stub().Interrupt(context.get(), request_for(transport, id), &response);
    }
  }
}

}  // namespace

Result<std::map<std::string, OperationState>> operation_states(Transport& transport,
                                                               const std::vector<std::string>& operation_ids) {
  proto::GetStatusRequest request;
  request.mutable_operation_status();
  for (const std::string& id : operation_ids) request.mutable_operation_status()->add_operation_ids(id);
  proto::GetStatusResponse response;
  ARROW_RETURN_NOT_OK(transport.call("GetStatus", request, &Transport::Stub::PrepareAsyncGetStatus, &response));
  std::map<std::string, OperationState> states;
  for (const auto& status : response.operation_statuses()) states[status.operation_id()] = state_of(status.state());
  return states;
}

Result<std::vector<std::string>> interrupt(Transport& transport, const proto::InterruptRequest& request) {
  proto::InterruptResponse response;
  ARROW_RETURN_NOT_OK(transport.call("Interrupt", request, &Transport::Stub::PrepareAsyncInterrupt, &response));
  std::vector<std::string> ids(response.interrupted_ids().begin(), response.interrupted_ids().end());
  if (!ids.empty()) insist(transport, ids, kInsistFor);
  return ids;
}

void interrupt_operation(Transport& transport, const std::string& operation_id, Milliseconds patience) {
  proto::InterruptResponse response;
  const auto context = transport.make_context(patience);
  const bool arrived = transport.stub().Interrupt(context.get(), request_for(transport, operation_id), &response).ok();
  if (arrived) insist(transport, {operation_id}, patience);
}

}  // namespace linkwright::spark
