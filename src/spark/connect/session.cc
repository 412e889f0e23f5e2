#include <arrow/util/utf8.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

#include "linkwright/spark.h"
#include "spark/config/connection_check.h"
#include "spark/config/uuid.h"
#include "spark/connect/artifacts.h"
#include "spark/connect/interruption.h"
#include "spark/connect/literals.h"
#include "spark/connect/local_relation.h"
#include "spark/connect/python_function.h"
#include "spark/connect/session_state.h"

namespace linkwright::spark {
namespace {

constexpr int kOldestSpark = 4;  // major version: earlier servers lack what is relied on

Result<std::string> read_certificates(const Connection& connection) {
  if (connection.ca_file.empty()) return std::string();
  std::ifstream file(connection.ca_file);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file || text.str().empty()) {
    return Status::IOError(connection.ca_file, ": cannot be read; expected the certificates to trust, in PEM");
  }
  return text.str();
}

Result<std::string> ask_version(Transport& transport) {
  proto::AnalyzePlanRequest request;
  request.mutable_spark_version();
  proto::AnalyzePlanResponse response;
  ARROW_RETURN_NOT_OK(transport.call("AnalyzePlan", request, &Transport::Stub::PrepareAsyncAnalyzePlan, &response));
  const std::string& version = response.spark_version().version();
  if (std::atoi(version.c_str()) < kOldestSpark) {  // NOLINT(cert-err34-c): "" and text are too old as well
    return Status::NotImplemented("the server at ", transport.connection().address(), " runs Spark ", version,
                                  "; version 4.0 or newer is needed");
  }
  return version;
}

Result<DataFrame> run_sql(const std::shared_ptr<Session::State>& session, proto::SQL sql) {
  arrow::util::InitializeUTF8();
  if (!arrow::util::ValidateUTF8(sql.query()))
    return Status::Invalid("the query is not UTF-8 text; Spark takes no other");
  proto::Command command;
  *command.mutable_sql_command()->mutable_input()->mutable_sql() = std::move(sql);
  ARROW_ASSIGN_OR_RAISE(const auto reader, session->run_command(std::move(command)));
  if (!reader->result_relation()) return Status::IOError("Spark ran the command, but sent no result for it");
  return make_data_frame(session, [&](proto::Relation* relation) { *relation = *reader->result_relation(); });
}

Result<proto::ConfigResponse> configure(Transport& transport, const proto::ConfigRequest& request) {
  proto::ConfigResponse response;
  ARROW_RETURN_NOT_OK(transport.call("Config", request, &Transport::Stub::PrepareAsyncConfig, &response));
  return response;
}

}  // namespace

Session::Session(std::shared_ptr<State> state) : state_(std::move(state)) {}

Result<Session> Session::connect(const Connection& connection, const SessionOptions& options) {
  ARROW_RETURN_NOT_OK(check_connection(connection));
  ARROW_ASSIGN_OR_RAISE(std::string certificates, read_certificates(connection));
  auto state = std::make_shared<State>(connection, options, open_channel(connection, std::move(certificates)));
  // From here on the server's session is known, and a restarted server cannot pass for it.
  ARROW_ASSIGN_OR_RAISE(state->spark_version, ask_version(*state->transport));
  return Session(std::move(state));
}

Result<Session> Session::connect(const ConnectionRequest& request, const SessionOptions& options) {
  ARROW_ASSIGN_OR_RAISE(const std::optional<Connection> connection, resolve_connection(request));
  if (connection) return connect(*connection, options);
  return Status::Invalid(
      "no Spark server is named; give its address (sc://host:15002, or SPARK_REMOTE), or a Databricks ",
      "profile or cluster");
}

const std::string& Session::session_id() const { return state_->transport->session_id(); }
const std::string& Session::spark_version() const { return state_->spark_version; }
Result<std::string> Session::python_version() const { return spark::python_version(*state_); }

Result<DataFrame> Session::sql(std::string_view query, const std::map<std::string, Value>& parameters) const {
  proto::SQL sql;
  sql.set_query(std::string(query));
  for (const auto& [name, value] : parameters) {
    *(*sql.mutable_named_arguments())[name].mutable_literal() = literal_of(value);
  }
  return run_sql(state_, std::move(sql));
}

Result<DataFrame> Session::sql(std::string_view query, const std::vector<Value>& parameters) const {
  proto::SQL sql;
  sql.set_query(std::string(query));
  for (const Value& value : parameters) *sql.add_pos_arguments()->mutable_literal() = literal_of(value);
  return run_sql(state_, std::move(sql));
}

DataFrame Session::table(std::string_view name) const { return read().table(name); }

DataFrame Session::range(int64_t start, int64_t end, int64_t step, std::optional<int> partitions) const {
  return make_data_frame(state_, [&](proto::Relation* relation) {
    proto::Range* range = relation->mutable_range();
    range->set_start(start);
    range->set_end(end);
    range->set_step(step);
    if (partitions) range->set_num_partitions(*partitions);
  });
}

DataFrameReader Session::read() const { return DataFrameReader(*this); }

Result<DataFrame> Session::create_data_frame(const std::shared_ptr<arrow::Table>& rows) const {
  ARROW_ASSIGN_OR_RAISE(proto::Relation local, local_relation(*state_, *rows));
  return make_data_frame(state_, [&](proto::Relation* relation) { *relation = std::move(local); });
}

Status Session::register_function(const PythonFunction& function) const {
  proto::Command command;
  ARROW_ASSIGN_OR_RAISE(*command.mutable_register_function(), scalar_function(*state_, function));
  return state_->run_command(std::move(command)).status();
}

Status Session::register_java_function(std::string_view name, std::string_view class_name,
                                       std::string_view return_type) const {
  proto::Command command;
  auto* function = command.mutable_register_function();
  function->set_function_name(std::string(name));
  function->mutable_java_udf()->set_class_name(std::string(class_name));
  function->mutable_java_udf()->mutable_output_type()->mutable_unparsed()->set_data_type_string(
      std::string(return_type));
  return state_->run_command(std::move(command)).status();
}

Result<std::string> Session::add_file(const std::string& path) const {
  constexpr size_t kHashLetters = 12;
  ARROW_ASSIGN_OR_RAISE(const std::string hash, content_hash_of_file(path));
  const std::filesystem::path file(path);
  const std::string name = file.stem().string() + "-" + hash.substr(0, kHashLetters) + file.extension().string();
  ARROW_ASSIGN_OR_RAISE(const Artifact artifact, Artifact::of_file("files/" + name, path));
  ARROW_RETURN_NOT_OK(add_artifacts(*state_->transport, {artifact}));
  return name;
}

Status Session::add_jar(const std::string& path) const {
  const std::string name = std::filesystem::path(path).filename();
  ARROW_ASSIGN_OR_RAISE(const Artifact artifact, Artifact::of_file("jars/" + name, path));
  return add_artifacts(*state_->transport, {artifact});
}

Status Session::set_config(std::string_view key, std::string_view value) const {
  proto::ConfigRequest request;
  proto::KeyValue* pair = request.mutable_operation()->mutable_set()->add_pairs();
  pair->set_key(std::string(key));
  pair->set_value(std::string(value));
  return configure(*state_->transport, request).status();
}

Result<std::optional<std::string>> Session::get_config(std::string_view key) const {
  proto::ConfigRequest request;
  request.mutable_operation()->mutable_get_option()->add_keys(std::string(key));
  ARROW_ASSIGN_OR_RAISE(const proto::ConfigResponse response, configure(*state_->transport, request));
  if (response.pairs_size() == 0 || !response.pairs(0).has_value()) return std::nullopt;
  return response.pairs(0).value();
}

Result<std::map<std::string, bool>> Session::artifact_status(const std::vector<std::string>& names) const {
  ARROW_ASSIGN_OR_RAISE(const std::set<std::string> existing, existing_artifacts(*state_->transport, names));
  std::map<std::string, bool> status;
  for (const std::string& name : names) status[name] = existing.count(name) > 0;
  return status;
}

Result<std::map<std::string, OperationState>> Session::operation_states(
    const std::vector<std::string>& operation_ids) const {
  return spark::operation_states(*state_->transport, operation_ids);
}

Result<std::vector<std::string>> Session::interrupt_all() const {
  proto::InterruptRequest request;
  request.set_interrupt_type(proto::InterruptRequest::INTERRUPT_TYPE_ALL);
  return interrupt(*state_->transport, request);
}

Result<std::vector<std::string>> Session::interrupt_tag(std::string_view tag) const {
  proto::InterruptRequest request;
  request.set_interrupt_type(proto::InterruptRequest::INTERRUPT_TYPE_TAG);
  request.set_operation_tag(std::string(tag));
  return interrupt(*state_->transport, request);
}

Result<std::vector<std::string>> Session::interrupt_operation(std::string_view operation_id) const {
  proto::InterruptRequest request;
  request.set_interrupt_type(proto::InterruptRequest::INTERRUPT_TYPE_OPERATION_ID);
  request.set_operation_id(std::string(operation_id));
  return interrupt(*state_->transport, request);
}

Result<Session> Session::clone() const {
  proto::CloneSessionRequest request;
  request.set_new_session_id(random_uuid());
  proto::CloneSessionResponse response;
  ARROW_RETURN_NOT_OK(
      state_->transport->call("CloneSession", request, &Transport::Stub::PrepareAsyncCloneSession, &response));
  auto state = std::make_shared<State>(*state_, response.new_session_id());
  ARROW_RETURN_NOT_OK(
      state->transport->observe_session(response.new_session_id(), response.new_server_side_session_id()));
  return Session(std::move(state));
}

Status Session::stop() const {
  proto::ReleaseSessionResponse response;
  return state_->transport->call_to_give_up("ReleaseSession", proto::ReleaseSessionRequest(),
                                            &Transport::Stub::PrepareAsyncReleaseSession, &response);
}

}  // namespace linkwright::spark
