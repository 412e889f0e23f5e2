#include "token_kernel/digest_task.h"

#include <nlohmann/json.hpp>

namespace linkwright {

nlohmann::ordered_json DigestTask::to_json() const {
  return {{"dataset", dataset},
          {"rules", rules},
          {"blank_tokens_match", blank_tokens_match},
          {"encryption_key", encryption_key.to_json()}};
}

Result<DigestTask> DigestTask::from_json(JsonObject& json) {
  DigestTask task;
  ARROW_ASSIGN_OR_RAISE(task.dataset, json.text_or("dataset", ""));
  ARROW_ASSIGN_OR_RAISE(task.rules, json.texts_or_empty("rules"));
  ARROW_ASSIGN_OR_RAISE(task.blank_tokens_match, json.boolean_or("blank_tokens_match", false));
  ARROW_ASSIGN_OR_RAISE(task.encryption_key, ExecutorSecret::from_json(json, "encryption_key"));
  return task;
}

}  // namespace linkwright
