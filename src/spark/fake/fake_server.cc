#include "spark/fake/fake_server.h"

#include <google/protobuf/util/time_util.h>
#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>
#include <grpcpp/server_builder.h>
#include <zlib.h>

#include <algorithm>
#include <deque>
#include <optional>
#include <thread>

namespace linkwright::spark {
namespace {

using grpc::ServerContext;
using grpc::StatusCode;
using Lock = std::lock_guard<std::mutex>;

template <class Detail>
grpc::Status with_detail(StatusCode code, const std::string& message, const Detail& detail) {
  google::rpc::Status status;
  status.set_code(code);
  status.set_message(message);
  status.add_details()->PackFrom(detail);
  return {code, message, status.SerializeAsString()};
}

grpc::Status retry_later(std::chrono::milliseconds delay) {
  google::rpc::RetryInfo info;
  *info.mutable_retry_delay() = google::protobuf::util::TimeUtil::MillisecondsToDuration(delay.count());
  return with_detail(StatusCode::RESOURCE_EXHAUSTED, "the server is busy", info);
}

grpc::Status query_failure() {
  google::rpc::ErrorInfo info;
  info.set_reason("org.apache.spark.sql.AnalysisException");
  info.set_domain("org.apache.spark");
  (*info.mutable_metadata())["errorId"] = "error-1";
  (*info.mutable_metadata())["errorClass"] = "TABLE_OR_VIEW_NOT_FOUND";
  (*info.mutable_metadata())["sqlState"] = "42P01";
  (*info.mutable_metadata())["messageParameters"] = R"({"relationName":"`people`"})";
  (*info.mutable_metadata())["classes"] = R"(["org.apache.spark.sql.AnalysisException","java.lang.Exception"])";
  return with_detail(StatusCode::INTERNAL, "[TABLE_OR_VIEW_NOT_FOUND] no `people`. SQLSTATE: 42P01", info);
}

grpc::Status internal(const std::string& error_class) {
  return {StatusCode::INTERNAL, "[" + error_class + "] SQLSTATE: HY000"};
}

}  // namespace

class FakeServer::Service final : public proto::SparkConnectService::Service {
 public:
  grpc::Status ExecutePlan(ServerContext* context, const proto::ExecutePlanRequest* request,
                           grpc::ServerWriter<proto::ExecutePlanResponse>* writer) override {
    const std::optional<Fault> fault = begin_stream(context, "ExecutePlan");
    if (fault && fault->kind == Fault::kLoseRequest) return {StatusCode::UNAVAILABLE, "Socket closed"};
    {
      const Lock lock(mutex_);
      if (is_of_earlier_life(*request)) return internal("INVALID_HANDLE.SESSION_CHANGED");
      if (executed_[request->operation_id()] > 0) return internal("INVALID_HANDLE.OPERATION_ALREADY_EXISTS");
      ++executed_[request->operation_id()];
      last_plan_ = request->plan();
    }
    return stream(context, *request, 0, fault, writer);
  }

  grpc::Status ReattachExecute(ServerContext* context, const proto::ReattachExecuteRequest* request,
                               grpc::ServerWriter<proto::ExecutePlanResponse>* writer) override {
    const std::string& last = request->last_response_id();
    const int first = last.empty() ? 0 : std::stoi(last.substr(last.rfind('/') + 1)) + 1;
    const std::optional<Fault> fault = begin_stream(context, "ReattachExecute after " + std::to_string(first));
    if (fault && fault->kind == Fault::kLoseRequest) return {StatusCode::UNAVAILABLE, "Socket closed"};
    {
      const Lock lock(mutex_);
      if (is_of_earlier_life(*request)) return internal("INVALID_HANDLE.SESSION_CHANGED");
      if (executed_.count(request->operation_id()) == 0) return internal("INVALID_HANDLE.OPERATION_NOT_FOUND");
      if (first < released_[request->operation_id()]) return internal("INVALID_CURSOR.POSITION_NOT_AVAILABLE");
    }
    return stream(context, *request, first, fault, writer);
  }

  grpc::Status ReleaseExecute(ServerContext* context, const proto::ReleaseExecuteRequest* request,
                              proto::ReleaseExecuteResponse* response) override {
    const std::string& until = request->release_until().response_id();
    const std::string index = until.substr(until.rfind('/') + 1);
    note(context, request->has_release_all() ? "ReleaseExecute all" : "ReleaseExecute until " + index);
    const Lock lock(mutex_);
    if (request->has_release_until()) released_[request->operation_id()] = std::stoi(index) + 1;
    return sign(*request, response);
  }

  grpc::Status AnalyzePlan(ServerContext* context, const proto::AnalyzePlanRequest* request,
                           proto::AnalyzePlanResponse* response) override {
    if (grpc::Status failure = begin_call(context, "AnalyzePlan"); !failure.ok()) return failure;
    const Lock lock(mutex_);
    if (request->has_spark_version()) response->mutable_spark_version()->set_version(spark_version_);
    return sign(*request, response);
  }

  grpc::Status Config(ServerContext* context, const proto::ConfigRequest* request,
                      proto::ConfigResponse* response) override {
    if (grpc::Status failure = begin_call(context, "Config"); !failure.ok()) return failure;
    const Lock lock(mutex_);
    for (const proto::KeyValue& pair : request->operation().set().pairs()) settings_[pair.key()] = pair.value();
    for (const std::string& key : request->operation().get_option().keys()) {
      proto::KeyValue* pair = response->add_pairs();
      pair->set_key(key);
      if (const auto at = settings_.find(key); at != settings_.end()) pair->set_value(at->second);
    }
    return sign(*request, response);
  }

  grpc::Status AddArtifacts(ServerContext* context, grpc::ServerReader<proto::AddArtifactsRequest>* reader,
                            proto::AddArtifactsResponse* response) override {
    if (grpc::Status failure = begin_call(context, "AddArtifacts"); !failure.ok()) return failure;
    proto::AddArtifactsRequest request;
    std::string name;
    std::map<std::string, std::string> received;
    std::map<std::string, bool> intact;
    const auto take = [&](const proto::AddArtifactsRequest::ArtifactChunk& chunk) {
      const auto* bytes = reinterpret_cast<const Bytef*>(chunk.data().data());
      const auto crc = static_cast<int64_t>(crc32(0, bytes, static_cast<uInt>(chunk.data().size())));
      received[name] += chunk.data();
      intact.emplace(name, true);
      intact[name] &= crc == chunk.crc();
    };
    std::string session_id;
    while (reader->Read(&request)) {
      session_id = request.session_id();
      for (const auto& artifact : request.batch().artifacts()) {
        name = artifact.name();
        take(artifact.data());
      }
      if (request.has_begin_chunk()) {
        name = request.begin_chunk().name();
        take(request.begin_chunk().initial_chunk());
      }
      if (request.has_chunk()) take(request.chunk());
    }
    const Lock lock(mutex_);
    for (const auto& [artifact, is_intact] : intact) {
      auto* summary = response->add_artifacts();
      summary->set_name(artifact);
      summary->set_is_crc_successful(is_intact);
      if (is_intact) artifacts_[artifact] = received[artifact];
    }
    response->set_session_id(session_id);
    response->set_server_side_session_id(identity());
    return grpc::Status::OK;
  }

  grpc::Status ArtifactStatus(ServerContext* context, const proto::ArtifactStatusesRequest* request,
                              proto::ArtifactStatusesResponse* response) override {
    if (grpc::Status failure = begin_call(context, "ArtifactStatus"); !failure.ok()) return failure;
    const Lock lock(mutex_);
    for (const std::string& name : request->names()) {
      (*response->mutable_statuses())[name].set_exists(artifacts_.count(name) > 0);
    }
    return sign(*request, response);
  }

  grpc::Status Interrupt(ServerContext* context, const proto::InterruptRequest* request,
                         proto::InterruptResponse* response) override {
    if (grpc::Status failure = begin_call(context, "Interrupt"); !failure.ok()) return failure;
    response->add_interrupted_ids(request->operation_id());
    const Lock lock(mutex_);
    if (overlooked_ > 0) --overlooked_;
    return sign(*request, response);
  }

  grpc::Status ReleaseSession(ServerContext* context, const proto::ReleaseSessionRequest* request,
                              proto::ReleaseSessionResponse* response) override {
    if (grpc::Status failure = begin_call(context, "ReleaseSession"); !failure.ok()) return failure;
    const Lock lock(mutex_);
    return sign(*request, response);
  }

  grpc::Status FetchErrorDetails(ServerContext* context, const proto::FetchErrorDetailsRequest* request,
                                 proto::FetchErrorDetailsResponse* response) override {
    note(context, "FetchErrorDetails " + request->error_id());
    const Lock lock(mutex_);
    *response = error_details_;
    return sign(*request, response);
  }

  grpc::Status CloneSession(ServerContext* context, const proto::CloneSessionRequest* request,
                            proto::CloneSessionResponse* response) override {
    if (grpc::Status failure = begin_call(context, "CloneSession"); !failure.ok()) return failure;
    const Lock lock(mutex_);
    response->set_new_session_id(request->new_session_id());
    response->set_new_server_side_session_id(identity() + "-clone");
    return sign(*request, response);
  }

  grpc::Status GetStatus(ServerContext* context, const proto::GetStatusRequest* request,
                         proto::GetStatusResponse* response) override {
    if (grpc::Status failure = begin_call(context, "GetStatus"); !failure.ok()) return failure;
    const Lock lock(mutex_);
    for (const std::string& id : request->operation_status().operation_ids()) {
      auto* status = response->add_operation_statuses();
      status->set_operation_id(id);
      status->set_state(overlooked_ > 0           ? proto::GetStatusResponse::OperationStatus::OPERATION_STATE_RUNNING
                        : executed_.count(id) > 0 ? proto::GetStatusResponse::OperationStatus::OPERATION_STATE_SUCCEEDED
                                                  : proto::GetStatusResponse::OperationStatus::OPERATION_STATE_UNKNOWN);
    }
    return sign(*request, response);
  }

  // Everything below is guarded by the mutex; tests look at it through FakeServer.
  mutable std::mutex mutex_;
  std::vector<proto::ExecutePlanResponse> responses_;
  std::deque<Fault> faults_;
  std::deque<grpc::Status> call_failures_;
  proto::FetchErrorDetailsResponse error_details_;
  proto::Plan last_plan_;
  int overlooked_ = 0;
  int life_ = 1;
  std::map<std::string, int> executed_;
  std::map<std::string, int> released_;
  int responses_written_ = 0;
  std::vector<std::string> calls_;
  std::multimap<std::string, std::string> headers_;
  std::map<std::string, std::string> artifacts_;
  std::map<std::string, std::string> settings_;
  std::string spark_version_ = "4.2.1";

 private:
  std::string identity() const { return "server-session-" + std::to_string(life_); }

  template <class Request>
  bool is_of_earlier_life(const Request& request) const {
    const std::string& observed = request.client_observed_server_side_session_id();
    return !observed.empty() && observed != identity();
  }

  template <class Request, class Response>
  grpc::Status sign(const Request& request, Response* response) const {
    response->set_session_id(request.session_id());
    response->set_server_side_session_id(identity());
    return grpc::Status::OK;
  }

  void note(const ServerContext* context, const std::string& call) {
    const Lock lock(mutex_);
    calls_.push_back(call);
    headers_.clear();
    for (const auto& [name, value] : context->client_metadata()) {
      headers_.emplace(std::string(name.data(), name.size()), std::string(value.data(), value.size()));
    }
  }

  grpc::Status begin_call(const ServerContext* context, const std::string& call) {
    note(context, call);
    const Lock lock(mutex_);
    if (call_failures_.empty()) return grpc::Status::OK;
    grpc::Status failure = call_failures_.front();
    call_failures_.pop_front();
    return failure;
  }

  std::optional<Fault> begin_stream(const ServerContext* context, const std::string& call) {
    note(context, call);
    const Lock lock(mutex_);
    if (faults_.empty()) return std::nullopt;
    const Fault fault = faults_.front();
    faults_.pop_front();
    return fault;
  }

  template <class Request>
  grpc::Status stream(ServerContext* context, const Request& request, int first, const std::optional<Fault>& fault,
                      grpc::ServerWriter<proto::ExecutePlanResponse>* writer) {
    std::vector<proto::ExecutePlanResponse> responses;
    {
      const Lock lock(mutex_);
      responses = responses_;
    }
    responses.emplace_back().mutable_result_complete();
    int sent = 0;
    for (int i = first; i < static_cast<int>(responses.size()); ++i, ++sent) {
      if (fault && sent == fault->after && fault->kind != Fault::kDuplicate) return happen(*fault, request, context);
      if (!write(request, i, &responses[static_cast<size_t>(i)], writer)) return grpc::Status::CANCELLED;
      if (fault && sent == fault->after) write(request, i, &responses[static_cast<size_t>(i)], writer);
    }
    return grpc::Status::OK;
  }

  template <class Request>
  bool write(const Request& request, int index, proto::ExecutePlanResponse* response,
             grpc::ServerWriter<proto::ExecutePlanResponse>* writer) {
    {
      const Lock lock(mutex_);
      sign(request, response);
      ++responses_written_;
    }
    response->set_operation_id(request.operation_id());
    response->set_response_id(request.operation_id() + "/" + std::to_string(index));
    return writer->Write(*response);
  }

  template <class Request>
  grpc::Status happen(const Fault& fault, const Request& request, ServerContext* context) {
    switch (fault.kind) {
      case Fault::kEndEarly:
        return grpc::Status::OK;
      case Fault::kHang:
        while (!context->IsCancelled()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
        return grpc::Status::CANCELLED;
      case Fault::kTakeCursor:
        return internal("INVALID_CURSOR.DISCONNECTED");
      case Fault::kAskForRetry:
        return retry_later(fault.retry_after);
      case Fault::kForgetOperation: {
        const Lock lock(mutex_);
        executed_.erase(request.operation_id());
        return {StatusCode::UNAVAILABLE, "Socket closed"};
      }
      case Fault::kFail:
        return query_failure();
      default:
        return {StatusCode::UNAVAILABLE, "Socket closed"};
    }
  }
};

FakeServer::FakeServer() : service_(std::make_unique<Service>()) {
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
  builder.SetMaxReceiveMessageSize(-1);
  builder.RegisterService(service_.get());
  server_ = builder.BuildAndStart();
}

FakeServer::~FakeServer() { server_->Shutdown(std::chrono::system_clock::now()); }

std::shared_ptr<grpc::Channel> FakeServer::channel() {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(-1);
  return server_->InProcessChannel(arguments);
}

void FakeServer::answer_with(std::vector<proto::ExecutePlanResponse> responses) {
  const Lock lock(service_->mutex_);
  service_->responses_ = std::move(responses);
}

void FakeServer::script(std::vector<Fault> faults) {
  const Lock lock(service_->mutex_);
  service_->faults_.assign(faults.begin(), faults.end());
}

void FakeServer::fail_calls(std::vector<grpc::Status> statuses) {
  const Lock lock(service_->mutex_);
  service_->call_failures_.assign(statuses.begin(), statuses.end());
}

void FakeServer::set_error_details(proto::FetchErrorDetailsResponse details) {
  const Lock lock(service_->mutex_);
  service_->error_details_ = std::move(details);
}

void FakeServer::restart() {
  const Lock lock(service_->mutex_);
  ++service_->life_;
  service_->executed_.clear();
  service_->released_.clear();
  service_->artifacts_.clear();
}

void FakeServer::overlook_interruptions(int count) {
  const Lock lock(service_->mutex_);
  service_->overlooked_ = count;
}

void FakeServer::set_spark_version(const std::string& version) {
  const Lock lock(service_->mutex_);
  service_->spark_version_ = version;
}

void FakeServer::set_config(const std::string& key, const std::string& value) {
  const Lock lock(service_->mutex_);
  service_->settings_[key] = value;
}

proto::Plan FakeServer::last_plan() const {
  const Lock lock(service_->mutex_);
  return service_->last_plan_;
}

int FakeServer::times_executed(const std::string& operation_id) const {
  const Lock lock(service_->mutex_);
  const auto at = service_->executed_.find(operation_id);
  return at == service_->executed_.end() ? 0 : at->second;
}

int FakeServer::executions() const {
  const Lock lock(service_->mutex_);
  return static_cast<int>(service_->executed_.size());
}

int FakeServer::responses_written() const {
  const Lock lock(service_->mutex_);
  return service_->responses_written_;
}

std::vector<std::string> FakeServer::calls() const {
  const Lock lock(service_->mutex_);
  return service_->calls_;
}

std::multimap<std::string, std::string> FakeServer::headers() const {
  const Lock lock(service_->mutex_);
  return service_->headers_;
}

std::map<std::string, std::string> FakeServer::artifacts() const {
  const Lock lock(service_->mutex_);
  return service_->artifacts_;
}

std::chrono::steady_clock::time_point FakeClock::now() const {
  const Lock lock(mutex_);
  return now_;
}

Status FakeClock::sleep(Milliseconds duration, const Cancellation* cancellation) {
  const Lock lock(mutex_);
  now_ += duration;
  sleeps_.push_back(duration);
  return cancellation == nullptr ? Status::OK() : cancellation->check();
}

std::vector<Milliseconds> FakeClock::sleeps() const {
  const Lock lock(mutex_);
  return sleeps_;
}

}  // namespace linkwright::spark
