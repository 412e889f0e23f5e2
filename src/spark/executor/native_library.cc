#include "spark/executor/native_library.h"

#include <arrow/chunked_array.h>
#include <arrow/scalar.h>
#include <arrow/table.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <utility>

#include "linkwright/spark_error.h"
#include "spark/connect/python_failure.h"
#include "spark/executor/loaded_libraries.h"
#include "spark/executor/run_native_source.h"

namespace linkwright::spark {
namespace {

using arrow::StatusCode;

constexpr const char* kLibrarySays = "linkwright kernel: ";
constexpr int kPermissionDenied = 7;  // gRPC's number

// JSON texts, and lists of them, are Python's as well: what nlohmann escapes, Python reads alike.
template <class Value>
std::string python(const Value& value) {
  return nlohmann::ordered_json(value).dump();
}

// What the server says of a plan or an artifact is an answer; a broken connection or a cancelled call is none.
Status refused(const Status& status) {
  const SparkError* error = SparkError::of(status);
  const bool is_forbidden = error != nullptr && error->grpc_code == kPermissionDenied;
  if (!is_forbidden && (status.IsIOError() || status.IsCancelled())) return status;
  const std::string said = python_failure(status.message());
  return Status::NotImplemented("the cluster runs no native code: ", said.empty() ? status.message() : said);
}

}  // namespace

Result<NativeLibrary> NativeLibrary::send(const Session& session, const std::string& library,
                                          const std::vector<std::string>& modules) {
  if (!std::filesystem::is_regular_file(library)) {
    return Status::IOError(library, ": there is no such library; it is built beside the program");
  }
  NativeLibrary sent;
  sent.modules_ = modules;
  for (std::string missing = library;;) {
    const Result<std::string> file = session.add_file(missing);
    if (!file.ok()) return refused(file.status());
    sent.files_.insert(sent.files_.begin(), *file);  // before those that need it
    const Result<std::string> obstacle = sent.find_obstacle(session);
    if (!obstacle.ok()) return refused(obstacle.status());
    if (obstacle->empty()) return sent;
    const std::string before = std::exchange(missing, loaded_library(missing_library(*obstacle)));
    if (missing.empty() || missing == before) {
      return Status::NotImplemented("the executors do not load ", std::filesystem::path(library).filename().string(),
                                    ": ", *obstacle);
    }
  }
}

Result<std::string> NativeLibrary::find_obstacle(const Session& session) const {
  ARROW_ASSIGN_OR_RAISE(const DataFrame tried,
                        session.range(0, 1, 1, 1).map_in_arrow(function("find_obstacle", "", "obstacle STRING")));
  ARROW_ASSIGN_OR_RAISE(const auto rows, tried.to_arrow());
  const auto obstacles = rows->GetColumnByName("obstacle");
  if (obstacles == nullptr || obstacles->length() == 0) {
    return Status::IOError("Spark sent no answer to whether its executors load native code");
  }
  ARROW_ASSIGN_OR_RAISE(const auto obstacle, obstacles->GetScalar(0));
  return obstacle->ToString();
}

PythonFunction NativeLibrary::run(const std::string& name, const std::string& task, const std::string& columns) const {
  PythonFunction result = function("run_native", task, columns);
  result.name = "linkwright_" + name;
  return result;
}

PythonFunction NativeLibrary::function(const std::string& function, const std::string& task,
                                       const std::string& columns) const {
  PythonFunction result;
  result.name = "linkwright_" + function;
  result.source = "MODULES = " + python(modules_) + "\nLIBRARIES = " + python(files_) + "\nTASK = " + python(task) +
                  "\n\n\n" + kRunNativeSource;
  result.function = function;
  result.return_type = columns;
  return result;
}

Status readable(const Status& status) {
  if (status.ok() || status.IsCancelled()) return status;
  const std::string& message = status.message();
  const size_t found = message.rfind(kLibrarySays);
  if (found == std::string::npos) return status;
  const size_t begin = found + std::string(kLibrarySays).size();
  const std::string said = message.substr(begin, message.find('\n', begin) - begin);
  // A stream of Arrow's C interface tells a status as one text.
  for (const StatusCode code : {StatusCode::Invalid, StatusCode::NotImplemented, StatusCode::KeyError,
                                StatusCode::TypeError, StatusCode::IOError, StatusCode::OutOfMemory}) {
    const std::string name = Status::CodeAsString(code) + ": ";
    if (said.rfind(name, 0) == 0) return Status(code, said.substr(name.size()));
  }
  return Status::Invalid(said);
}

}  // namespace linkwright::spark
