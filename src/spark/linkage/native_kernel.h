#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "base/status.h"
#include "linkwright/spark.h"
#include "model/linkage_job.h"

namespace arrow {
class Schema;
}

namespace linkwright::spark {

/// Rows on the cluster, and their columns, which are known without asking it.
struct Rows {
  DataFrame frame;
  std::shared_ptr<arrow::Schema> schema;
};

/// The kernel on the executors of a session: operations of docs/kernel.md on the rows of every partition. Cheap to
/// copy; thread-safe.
class NativeKernel {
 public:
  /// Sends the library, and Arrow's with it where the executors have none that serves it, and sees that an executor
  /// loads it. NotImplemented when the cluster forbids that, with the reason. Other errors: the library is not there;
  /// those of the session.
  static Result<NativeKernel> send(const Session& session, const std::string& library);

  /// `liblinkwright_kernel.so` beside the program that runs.
  static std::string library_beside_program();

  /// One operation on every partition, lazily: `options` are those of the operation. Errors: those that the kernel
  /// tells of the task and the columns, at once.
  Result<Rows> run(const std::string& operation, const nlohmann::ordered_json& options, const LinkageJob& job,
                   const Rows& rows) const;

 private:
  Result<std::string> find_obstacle(const Session& session) const;
  PythonFunction function(const std::string& name, const std::string& columns, const std::string& task) const;

  std::string kernel_file_;
  std::string arrow_file_;  // "": executors have the same
};

/// An error of an action as its reader should see it: what the kernel said, where it was the kernel that failed.
Status readable(const Status& status);

}  // namespace linkwright::spark
