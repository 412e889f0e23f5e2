#include "spark/linkage/native_kernel.h"

#include <arrow/chunked_array.h>
#include <arrow/config.h>
#include <arrow/record_batch.h>
#include <arrow/scalar.h>
#include <arrow/table.h>
#include <arrow/type.h>
#include <dlfcn.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <utility>

#include "kernel/operations.h"
#include "spark/linkage/column_types.h"
#include "spark/linkage/run_kernel_source.h"

namespace linkwright::spark {
namespace {

constexpr const char* kKernelSays = "linkwright kernel: ";

// A JSON text is a Python text as well: what nlohmann escapes, Python reads alike.
std::string python_text(const std::string& text) { return nlohmann::ordered_json(text).dump(); }

// The libarrow that this process runs on.
Result<std::string> arrow_library() {
  Dl_info info{};
  if (dladdr(reinterpret_cast<const void*>(&arrow::GetBuildInfo), &info) == 0 || info.dli_fname == nullptr) {
    return Status::IOError("the file of libarrow could not be found; the kernel needs it on the executors");
  }
  return std::filesystem::canonical(info.dli_fname).string();
}

}  // namespace

std::string NativeKernel::library_beside_program() {
  std::error_code error;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
  return (program.parent_path() / "liblinkwright_kernel.so").string();
}

Result<NativeKernel> NativeKernel::send(const Session& session, const std::string& library) {
  if (!std::filesystem::is_regular_file(library)) {
    return Status::IOError(library,
                           ": there is no such library; it is built beside the program, and engine.spark.kernel ",
                           "names another one");
  }
  NativeKernel kernel;
  ARROW_ASSIGN_OR_RAISE(kernel.kernel_file_, session.add_file(library));
  ARROW_ASSIGN_OR_RAISE(std::string obstacle, kernel.find_obstacle(session));
  if (obstacle.find("libarrow") != std::string::npos) {
    ARROW_ASSIGN_OR_RAISE(const std::string arrow, arrow_library());
    ARROW_ASSIGN_OR_RAISE(kernel.arrow_file_, session.add_file(arrow));
    ARROW_ASSIGN_OR_RAISE(obstacle, kernel.find_obstacle(session));
  }
  if (!obstacle.empty()) return Status::NotImplemented("the executors do not load the native kernel: ", obstacle);
  return kernel;
}

Result<std::string> NativeKernel::find_obstacle(const Session& session) const {
  ARROW_ASSIGN_OR_RAISE(const DataFrame tried,
                        session.range(0, 1, 1, 1).map_in_arrow(function("load_kernel", "obstacle STRING", "")));
  ARROW_ASSIGN_OR_RAISE(const auto rows, tried.to_arrow());
  const auto obstacles = rows->GetColumnByName("obstacle");
  if (obstacles == nullptr || obstacles->length() == 0) {
    return Status::IOError("Spark sent no answer to whether its executors load native code");
  }
  ARROW_ASSIGN_OR_RAISE(const auto obstacle, obstacles->GetScalar(0));
  return obstacle->ToString();
}

PythonFunction NativeKernel::function(const std::string& name, const std::string& columns,
                                      const std::string& task) const {
  PythonFunction function;
  function.name = "linkwright_" + name;
  function.source = "ARROW = " + python_text(arrow_file_) + "\nKERNEL = " + python_text(kernel_file_) +
                    "\nTASK = " + python_text(task) + "\n\n\n" + kRunKernelSource;
  function.function = name;
  function.return_type = columns;
  return function;
}

Result<Rows> NativeKernel::run(const std::string& operation, const nlohmann::ordered_json& options,
                               const LinkageJob& job, const Rows& rows) const {
  nlohmann::ordered_json task = options;
  task["operation"] = operation;
  task["job"] = job.to_json();
  const std::string text = task.dump();
  ARROW_ASSIGN_OR_RAISE(auto nothing, arrow::RecordBatchReader::Make({}, rows.schema));
  ARROW_ASSIGN_OR_RAISE(const RowStream results, run_operation(text, std::move(nothing)));
  ARROW_ASSIGN_OR_RAISE(const std::string columns, ddl_of(*results->schema()));
  ARROW_ASSIGN_OR_RAISE(DataFrame frame, rows.frame.map_in_arrow(function("run_kernel", columns, text)));
  return Rows{std::move(frame), results->schema()};
}

Status readable(const Status& status) {
  if (status.ok() || status.IsCancelled()) return status;
  const std::string& message = status.message();
  const size_t found = message.rfind(kKernelSays);
  if (found == std::string::npos) return status;
  const size_t begin = found + std::string(kKernelSays).size();
  return Status::Invalid(message.substr(begin, message.find('\n', begin) - begin));
}

}  // namespace linkwright::spark
