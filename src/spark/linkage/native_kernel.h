#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <utility>

#include "base/status.h"
#include "linkwright/spark.h"
#include "model/linkage_job.h"
#include "spark/executor/native_library.h"

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
  /// As NativeLibrary::send. `library` is liblinkwright_kernel.so here, "": the one beside the program.
  static Result<NativeKernel> send(const Session& session, const std::string& library);

  /// One operation on every partition, lazily: `options` are those of the operation. Errors: those that the kernel
  /// tells of the task and the columns, at once.
  Result<Rows> run(const std::string& operation, const nlohmann::ordered_json& options, const LinkageJob& job,
                   const Rows& rows) const;

 private:
  explicit NativeKernel(NativeLibrary library) : library_(std::move(library)) {}

  NativeLibrary library_;
};

}  // namespace linkwright::spark
