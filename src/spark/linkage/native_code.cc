#include "spark/linkage/native_code.h"

#include <arrow/array.h>
#include <arrow/chunked_array.h>
#include <arrow/scalar.h>
#include <arrow/table.h>

#include <filesystem>

#include "linkwright/spark_error.h"

namespace linkwright::spark {
namespace {

constexpr const char* kLoad = R"(
def load(batches):
    import ctypes
    import pyarrow
    from pyspark.core.files import SparkFiles
    for _ in batches:
        try:
            ctypes.CDLL(SparkFiles.get('{file}'))
            failure = ''
        except OSError as error:
            failure = str(error)
        yield pyarrow.RecordBatch.from_arrays([pyarrow.array([failure], pyarrow.string())], names=['failure'])
)";

constexpr int kPermissionDenied = 7;  // gRPC's number

// What the server says of a plan or an artifact is an answer; a broken connection or a cancelled call is none.
Result<NativeCode> refused(const Status& status) {
  const SparkError* error = SparkError::of(status);
  const bool is_forbidden = error != nullptr && error->grpc_code == kPermissionDenied;
  if (!is_forbidden && (status.IsIOError() || status.IsCancelled())) return status;
  return NativeCode{false, status.message()};
}

}  // namespace

Result<NativeCode> find_out_native_code(const Session& session, const std::string& library) {
  if (!std::filesystem::is_regular_file(library)) {
    return Status::IOError(library, ": there is no such library; it is built beside the program");
  }
  const Result<std::string> file = session.add_file(library);
  if (!file.ok()) return refused(file.status());
  std::string source = kLoad;
  source.replace(source.find("{file}"), 6, *file);
  const auto probe = session.range(0, 1, 1, 1).map_in_arrow({"load", source, "load", "failure string"});
  if (!probe.ok()) return refused(probe.status());
  const auto rows = probe->to_arrow();
  if (!rows.ok()) return refused(rows.status());
  const auto failures = (*rows)->GetColumnByName("failure");
  if (failures == nullptr || failures->length() == 0) {
    return Status::IOError("Spark sent no answer to whether its executors load native code");
  }
  ARROW_ASSIGN_OR_RAISE(const auto failure, failures->GetScalar(0));
  std::string text = failure->ToString();
  return NativeCode{text.empty(), std::move(text)};
}

}  // namespace linkwright::spark
