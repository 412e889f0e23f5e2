#include "spark/connect/python_function.h"

#include <re2/re2.h>

#include "spark/connect/data_types.h"
#include "spark/connect/pickle.h"
#include "spark/connect/python_failure.h"
#include "spark/connect/session_state.h"

namespace linkwright::spark {
namespace {

// pyspark/util.py, PythonEvalType.
constexpr int kMapArrowIterUdf = 207;
constexpr int kScalarArrowUdf = 250;

Status check(const PythonFunction& function) {
  if (!function.name.empty() && !function.function.empty() && !function.return_type.empty()) return Status::OK();
  return Status::Invalid("Spark Python function '", function.name,
                         "': needs a name, the function's name in its source, and a return type such as 'double'");
}

proto::CommonInlineUserDefinedFunction make(const PythonFunction& function, int eval_type, const std::string& type_json,
                                            const std::string& version) {
  proto::CommonInlineUserDefinedFunction made;
  made.set_function_name(function.name);
  made.set_deterministic(function.deterministic);
  proto::PythonUDF* udf = made.mutable_python_udf();
  udf->mutable_output_type()->mutable_unparsed()->set_data_type_string(function.return_type);
  udf->set_eval_type(eval_type);
  udf->set_command(pickle_function(function.source, function.function, type_json));
  udf->set_python_ver(version);
  return made;
}

Result<proto::DataType> parse_type(Session::State& session, const PythonFunction& function) {
  proto::AnalyzePlanRequest request;
  request.mutable_ddl_parse()->set_ddl_string(function.return_type);
  proto::AnalyzePlanResponse response;
  ARROW_RETURN_NOT_OK(
      session.transport->call("AnalyzePlan", request, &Transport::Stub::PrepareAsyncAnalyzePlan, &response));
  return response.ddl_parse().parsed();
}

/// Runs a function that names no version; the worker refuses it, and says its own.
Result<std::string> find_python_version(Session::State& session) {
  const PythonFunction probe = {"python_version", "def probe(batches):\n    yield from batches\n", "probe",
                                "id bigint"};
  proto::Plan plan;
  proto::MapPartitions* map = plan.mutable_root()->mutable_map_partitions();
  map->mutable_input()->mutable_range()->set_end(1);
  map->mutable_input()->mutable_range()->set_step(1);
  map->mutable_input()->mutable_range()->set_num_partitions(1);
  *map->mutable_func() = make(probe, kMapArrowIterUdf, "", "0.0");
  ARROW_ASSIGN_OR_RAISE(const auto reader, session.run(std::move(plan), {}));
  const std::string message = reader->finish().message();
  static const re2::RE2 kVersion(R"(different (?:minor )?version:? (\d+\.\d+))");
  std::string version;
  if (re2::RE2::PartialMatch(message, kVersion, &version)) return version;
  if (const std::string said = python_failure(message); !said.empty()) {
    return Status::UnknownError("the executors' Python runs no functions (", said,
                                "); the server's PYSPARK_PYTHON names one that does, with pyspark and pyarrow, as ",
                                "the executors see it");
  }
  return Status::UnknownError("the version of the executors' Python could not be found out; say it in the session's ",
                              "options (python_version) [", message, "]");
}

}  // namespace

Result<std::string> python_version(Session::State& session) {
  const std::lock_guard<std::mutex> lock(session.mutex);
  if (session.python_version.empty()) {
    ARROW_ASSIGN_OR_RAISE(session.python_version, find_python_version(session));
  }
  return session.python_version;
}

Result<proto::CommonInlineUserDefinedFunction> scalar_function(Session::State& session,
                                                               const PythonFunction& function) {
  ARROW_RETURN_NOT_OK(check(function));
  ARROW_ASSIGN_OR_RAISE(const proto::DataType type, parse_type(session, function));
  ARROW_ASSIGN_OR_RAISE(const std::string json, type_json(type));
  ARROW_ASSIGN_OR_RAISE(const std::string version, python_version(session));
  return make(function, kScalarArrowUdf, json, version);
}

Result<proto::CommonInlineUserDefinedFunction> map_function(Session::State& session, const PythonFunction& function) {
  ARROW_RETURN_NOT_OK(check(function));
  ARROW_ASSIGN_OR_RAISE(const std::string version, python_version(session));
  return make(function, kMapArrowIterUdf, "", version);
}

}  // namespace linkwright::spark
