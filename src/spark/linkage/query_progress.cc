#include "spark/linkage/query_progress.h"

#include <algorithm>
#include <memory>

namespace linkwright::spark {

QueryOptions query_options(RunContext& context) {
  context.progress.begin(context.stage, "tasks");
  QueryOptions options;
  options.on_progress = [&context, told = std::make_shared<int64_t>(0)](const ExecutionProgress& progress) {
    const int64_t done = std::max(*told, progress.tasks_done);
    context.progress.advance(static_cast<uint64_t>(done - *told));
    *told = done;
  };
  return options;
}

}  // namespace linkwright::spark
