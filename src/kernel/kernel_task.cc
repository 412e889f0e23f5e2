#include "kernel/kernel_task.h"

#include <nlohmann/json.hpp>
#include <utility>

namespace linkwright {
namespace {

constexpr const char* kTask = "the kernel's task";

}  // namespace

Result<KernelTask> KernelTask::parse(std::string_view json) {
  KernelTask task;
  ARROW_ASSIGN_OR_RAISE(nlohmann::ordered_json parsed, parse_json(json, kTask));
  task.json_ = std::make_unique<nlohmann::ordered_json>(std::move(parsed));
  ARROW_ASSIGN_OR_RAISE(JsonObject object, JsonObject::make(*task.json_, kTask, ""));
  task.object_ = std::make_unique<JsonObject>(std::move(object));
  ARROW_ASSIGN_OR_RAISE(task.operation_, task.object_->name("operation"));
  return task;
}

Result<LinkageJob> KernelTask::job() {
  ARROW_RETURN_NOT_OK(object_->object("job").status());
  return LinkageJob::from_json(*object_->find("job"), "", std::string(kTask) + ": job");
}

}  // namespace linkwright
