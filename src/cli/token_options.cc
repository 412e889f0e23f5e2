#include "cli/token_options.h"

#include <CLI/CLI.hpp>
#include <cstdio>

#include "cli/number_options.h"
#include "token/secret_source.h"
#include "token/token_crypto.h"

namespace linkwright {
namespace {

/// Refuses the options that the references have, without repeating what was given: it is a secret.
void refuse_argument(CLI::App& command, const std::string& names, const std::string& instead) {
  const std::string name = names.substr(0, names.find(','));
  const auto refuse = [name, instead](const std::string&) {
    throw CLI::ValidationError(
        name, "secrets are not taken from arguments, which every user of the machine can read; use " + instead);
  };
  command.add_option_function<std::string>(names, refuse, "")->group("");
}

}  // namespace

void TokenCommandOptions::add_hashing_secret(CLI::App& command) {
  command.add_option("--hashing-secret-file", hashing_secret_file,
                     "File with the hashing secret, - for standard input (else LINKWRIGHT_HASHING_SECRET)");
  refuse_argument(command, "--hashing-secret,--hashingsecret", "LINKWRIGHT_HASHING_SECRET or --hashing-secret-file");
}

void TokenCommandOptions::add_encryption_key(CLI::App& command) {
  command.add_option("--encryption-key-file", encryption_key_file,
                     "File with the 32-byte key, - for standard input (else LINKWRIGHT_ENCRYPTION_KEY)");
  refuse_argument(command, "--encryption-key,--encryptionkey,-e", "LINKWRIGHT_ENCRYPTION_KEY or --encryption-key-file");
}

void TokenCommandOptions::add_threads(CLI::App& command) { add_threads_option(command, threads); }

Status TokenCommandOptions::check() const {
  if (hashing_secret_file == "-" && encryption_key_file == "-") {
    return Status::Invalid("standard input holds one secret; give the other in a file or in the environment");
  }
  return Status::OK();
}

Result<Secret> TokenCommandOptions::hashing_secret() const {
  return read_secret({.name = "hashing secret", .variable = "LINKWRIGHT_HASHING_SECRET", .path = hashing_secret_file});
}

Result<Secret> TokenCommandOptions::encryption_key() const {
  ARROW_ASSIGN_OR_RAISE(Secret key, read_secret({.name = "encryption key",
                                                 .variable = "LINKWRIGHT_ENCRYPTION_KEY",
                                                 .path = encryption_key_file,
                                                 .whole_length = kEncryptionKeyLength}));
  if (!key.empty()) ARROW_RETURN_NOT_OK(check_encryption_key(key.bytes()));
  return key;
}

void print_warning(const std::string& text) { std::fprintf(stderr, "warning: %s\n", text.c_str()); }

}  // namespace linkwright
