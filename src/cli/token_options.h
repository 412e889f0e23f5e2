#pragma once

#include <string>

#include "base/progress.h"
#include "base/status.h"
#include "linkwright/token.h"

namespace CLI {
class App;
}

namespace linkwright {

/// Options that the token commands share: where secrets come from, and how many threads to use.
struct TokenCommandOptions {
  std::string hashing_secret_file;
  std::string encryption_key_file;
  int threads = 0;

  void add_hashing_secret(CLI::App& command);
  void add_encryption_key(CLI::App& command);
  void add_threads(CLI::App& command);

  Result<Secret> hashing_secret() const;
  /// Empty where there is none; an error for one that is not 32 bytes.
  Result<Secret> encryption_key() const;
  /// Standard input holds one secret.
  Status check() const;
};

/// "warning: ..." on standard error.
void print_warning(const std::string& text);

}  // namespace linkwright
