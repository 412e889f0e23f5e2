#include "token_kernel/tokenize_task.h"

#include <nlohmann/json.hpp>
#include <utility>

namespace linkwright {
namespace {

using Json = nlohmann::ordered_json;

Json rules_json(const std::vector<TokenRule>& rules) {
  Json list = Json::array();
  for (const TokenRule& rule : rules) {
    Json parts = Json::array();
    for (const TokenPart& part : rule.parts) {
      parts.push_back({{"attribute", part.attribute}, {"expression", part.expression}});
    }
    list.push_back({{"id", rule.id}, {"parts", std::move(parts)}});
  }
  return {{"rules", std::move(list)}};
}

}  // namespace

Json TokenizeTask::to_json() const {
  Json json = {{"profile", token_profile_name(options.profile)},
               {"mode", token_mode_name(options.mode)},
               {"today", options.today},
               {"time_zone", options.time_zone},
               {"ring_id", options.ring_id},
               {"hashing_secret", hashing_secret.to_json()},
               {"encryption_key", encryption_key.to_json()}};
  if (options.format) json["token_format"] = *options.format == TokenFormat::kEncryptedHash ? 1 : 2;
  if (!options.rules.empty()) json["rules"] = rules_json(options.rules);
  return json;
}

Result<TokenizeTask> TokenizeTask::from_json(JsonObject& json) {
  TokenizeTask task;
  ARROW_ASSIGN_OR_RAISE(const std::string profile, json.text("profile"));
  ARROW_ASSIGN_OR_RAISE(task.options.profile, parse_token_profile(profile));
  ARROW_ASSIGN_OR_RAISE(const std::string mode, json.text("mode"));
  ARROW_ASSIGN_OR_RAISE(task.options.mode, parse_token_mode(mode));
  ARROW_ASSIGN_OR_RAISE(task.options.today, json.text_or("today", ""));
  ARROW_ASSIGN_OR_RAISE(task.options.time_zone, json.text_or("time_zone", "UTC"));
  ARROW_ASSIGN_OR_RAISE(task.options.ring_id, json.text_or("ring_id", ""));
  ARROW_ASSIGN_OR_RAISE(const int64_t format, json.whole_or("token_format", 0, 0, 2));
  if (format != 0) task.options.format = format == 1 ? TokenFormat::kEncryptedHash : TokenFormat::kMatchToken;
  if (json.has("rules")) {
    ARROW_ASSIGN_OR_RAISE(task.options.rules,
                          parse_token_rules(json.find("rules")->dump(), json.where(), task.options.profile));
  }
  ARROW_ASSIGN_OR_RAISE(task.hashing_secret, ExecutorSecret::from_json(json, "hashing_secret"));
  ARROW_ASSIGN_OR_RAISE(task.encryption_key, ExecutorSecret::from_json(json, "encryption_key"));
  return task;
}

Result<std::shared_ptr<const Tokenizer>> make_tokenizer(const TokenizeTask& task) {
  Secret hashing_secret;
  Secret encryption_key;
  if (needs_hashing_secret(task.options.mode)) {
    ARROW_ASSIGN_OR_RAISE(hashing_secret, read_executor_secret(task.hashing_secret, "hashing secret"));
  }
  if (needs_encryption_key(task.options.mode)) {
    ARROW_ASSIGN_OR_RAISE(encryption_key, read_executor_secret(task.encryption_key, "encryption key"));
  }
  return Tokenizer::make(task.options, std::move(hashing_secret), std::move(encryption_key));
}

}  // namespace linkwright
