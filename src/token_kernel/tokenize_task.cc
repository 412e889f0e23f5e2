#include "token_kernel/tokenize_task.h"

#include <unistd.h>

#include <array>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <utility>

#include "token/secret_source.h"
#include "token/token_crypto.h"

namespace linkwright {
namespace {

using Json = nlohmann::ordered_json;

std::string host_name() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "this executor";
}

Json secret_json(const ExecutorSecret& secret) {
  return {{"variable", secret.variable}, {"file", secret.path}, {"sha256", secret.sha256}};
}

Result<ExecutorSecret> secret_from(JsonObject& json, const std::string& key) {
  ExecutorSecret secret;
  if (!json.has(key)) return secret;
  ARROW_ASSIGN_OR_RAISE(JsonObject object, json.object(key));
  ARROW_ASSIGN_OR_RAISE(secret.variable, object.text_or("variable", ""));
  ARROW_ASSIGN_OR_RAISE(secret.path, object.text_or("file", ""));
  ARROW_ASSIGN_OR_RAISE(secret.sha256, object.text_or("sha256", ""));
  ARROW_RETURN_NOT_OK(object.check_unknown_keys());
  return secret;
}

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

bool needs_hashing_secret(const TokenizerOptions& options) {
  return options.mode == TokenMode::kHash || options.mode == TokenMode::kEncrypt;
}
bool needs_encryption_key(const TokenizerOptions& options) { return options.mode == TokenMode::kEncrypt; }

Json TokenizeTask::to_json() const {
  Json json = {{"profile", token_profile_name(options.profile)},
               {"mode", token_mode_name(options.mode)},
               {"today", options.today},
               {"time_zone", options.time_zone},
               {"ring_id", options.ring_id},
               {"hashing_secret", secret_json(hashing_secret)},
               {"encryption_key", secret_json(encryption_key)}};
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
  ARROW_ASSIGN_OR_RAISE(task.hashing_secret, secret_from(json, "hashing_secret"));
  ARROW_ASSIGN_OR_RAISE(task.encryption_key, secret_from(json, "encryption_key"));
  return task;
}

Result<Secret> read_executor_secret(const ExecutorSecret& source, const std::string& name) {
  Secret secret;
  if (!source.path.empty()) {
    const size_t whole_length = name == "encryption key" ? kEncryptionKeyLength : 0;
    auto read = read_secret({name, "", source.path, whole_length});
    if (!read.ok()) return read.status().WithMessage("on executor ", host_name(), ": ", read.status().message());
    secret = std::move(*read);
  } else if (const char* const value = std::getenv(source.variable.c_str())) {  // NOLINT(concurrency-mt-unsafe)
    secret = Secret(std::string_view(value));
  }
  if (secret.empty()) {
    return Status::Invalid("executor ", host_name(), " has no ", name, " in the variable ", source.variable,
                           "; set it in the environment of the executors, or name a file that each of them has. "
                           "Secrets are never sent to a cluster");
  }
  if (!source.sha256.empty() && secret.sha256_hex() != source.sha256) {
    return Status::Invalid("the ", name, " of executor ", host_name(), " is not the one of the others (its SHA-256 is ",
                           "another); give all executors the same");
  }
  return secret;
}

Result<std::shared_ptr<const Tokenizer>> make_tokenizer(const TokenizeTask& task) {
  Secret hashing_secret;
  Secret encryption_key;
  if (needs_hashing_secret(task.options)) {
    ARROW_ASSIGN_OR_RAISE(hashing_secret, read_executor_secret(task.hashing_secret, "hashing secret"));
  }
  if (needs_encryption_key(task.options)) {
    ARROW_ASSIGN_OR_RAISE(encryption_key, read_executor_secret(task.encryption_key, "encryption key"));
  }
  return Tokenizer::make(task.options, std::move(hashing_secret), std::move(encryption_key));
}

}  // namespace linkwright
