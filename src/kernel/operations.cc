#include "kernel/operations.h"

#include <arrow/record_batch.h>

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "base/nearest_name.h"
#include "kernel/parcel_stream.h"

namespace linkwright {
namespace {

struct Operation {
  const char* name;
  Result<RowStream> (*start)(KernelTask& task, RowStream rows);
};

constexpr std::array kOperations = {
    Operation{"count_pairs", count_pairs_operation}, Operation{"count_patterns", count_patterns_operation},
    Operation{"derive", derive_operation},           Operation{"describe_blocks", describe_blocks_operation},
    Operation{"forest", forest_operation},           Operation{"predict", predict_operation},
    Operation{"sample", sample_operation},           Operation{"spread", spread_operation},
    Operation{"survey", survey_operation},
};

}  // namespace

Result<RowStream> run_operation(std::string_view task_json, RowStream rows) {
  ARROW_ASSIGN_OR_RAISE(KernelTask task, KernelTask::parse(task_json));
  if (task.options().has("packed")) {  // rows come in parcels
    ARROW_ASSIGN_OR_RAISE(const std::string packed, task.options().name("packed"));
    const auto schema = schema_of_text(packed);
    if (!schema.ok()) return task.options().error("packed", "is not a schema: " + schema.status().message());
    ARROW_ASSIGN_OR_RAISE(rows, ParcelStream::make(std::move(rows), *schema));
  }
  std::vector<std::string> names;
  for (const Operation& operation : kOperations) {
    if (task.operation() == operation.name) return operation.start(task, std::move(rows));
    names.emplace_back(operation.name);
  }
  return Status::Invalid("the kernel has no operation '", task.operation(), "'", suggestion(task.operation(), names),
                         "; it may be older than the program that asks for it");
}

}  // namespace linkwright
