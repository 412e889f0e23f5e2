#include "token_kernel/executor_secret.h"

#include <unistd.h>

#include <array>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <utility>

#include "token/secret_source.h"
#include "token/token_crypto.h"

namespace linkwright {
namespace {

std::string host_name() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "this executor";
}

}  // namespace

nlohmann::ordered_json ExecutorSecret::to_json() const {
  return {{"variable", variable}, {"file", path}, {"sha256", sha256}};
}

Result<ExecutorSecret> ExecutorSecret::from_json(JsonObject& json, const std::string& key) {
  ExecutorSecret secret;
  if (!json.has(key)) return secret;
  ARROW_ASSIGN_OR_RAISE(JsonObject object, json.object(key));
  ARROW_ASSIGN_OR_RAISE(secret.variable, object.text_or("variable", ""));
  ARROW_ASSIGN_OR_RAISE(secret.path, object.text_or("file", ""));
  ARROW_ASSIGN_OR_RAISE(secret.sha256, object.text_or("sha256", ""));
  ARROW_RETURN_NOT_OK(object.check_unknown_keys());
  return secret;
}

Result<Secret> find_executor_secret(const ExecutorSecret& source, const std::string& name) {
  Secret secret;
  if (!source.path.empty()) {
    const size_t whole_length = name == "encryption key" ? kEncryptionKeyLength : 0;
    auto read = read_secret({name, "", source.path, whole_length});
    if (!read.ok()) return read.status().WithMessage("on executor ", host_name(), ": ", read.status().message());
    secret = std::move(*read);
  } else if (const char* const value = std::getenv(source.variable.c_str())) {  // NOLINT(concurrency-mt-unsafe)
    secret = Secret(std::string_view(value));
  }
  if (!source.sha256.empty() && !secret.empty() && secret.sha256_hex() != source.sha256) {
    return Status::Invalid("the ", name, " of executor ", host_name(), " is not the one of the others (its SHA-256 is ",
                           "another); give all executors the same");
  }
  return secret;
}

Result<Secret> read_executor_secret(const ExecutorSecret& source, const std::string& name) {
  ARROW_ASSIGN_OR_RAISE(Secret secret, find_executor_secret(source, name));
  if (secret.empty()) {
    return Status::Invalid("executor ", host_name(), " has no ", name, " in the variable ", source.variable,
                           "; set it in the environment of the executors, or name a file that each of them has. "
                           "Secrets are never sent to a cluster");
  }
  return secret;
}

}  // namespace linkwright
