#include "spark/linkage/native_kernel.h"

#include <arrow/record_batch.h>
#include <arrow/type.h>

#include <nlohmann/json.hpp>

#include "base/beside_program.h"
#include "kernel/operations.h"
#include "spark/linkage/column_types.h"

namespace linkwright::spark {

Result<NativeKernel> NativeKernel::send(const Session& session, const std::string& library) {
  ARROW_ASSIGN_OR_RAISE(
      NativeLibrary sent,
      NativeLibrary::send(session, library.empty() ? beside_program("liblinkwright_kernel.so") : library,
                          {"pyarrow.parquet"}));  // which brings libparquet
  return NativeKernel(std::move(sent));
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
  ARROW_ASSIGN_OR_RAISE(DataFrame frame, rows.frame.map_in_arrow(library_.run(operation, text, columns)));
  return Rows{std::move(frame), results->schema()};
}

}  // namespace linkwright::spark
