#pragma once

#include <cstddef>
#include <string>

#include "base/status.h"
#include "linkwright/token.h"

namespace linkwright {

/// Where a secret may come from. Never a command-line argument: those are seen by every user of the machine.
struct SecretSource {
  std::string name;      // "hashing secret", for messages
  std::string variable;  // environment variable, read when no file is given
  std::string path;      // a file, "-" for standard input, "" for none; one line end at its end is not part of it,
  size_t whole_length =
      0;  // unless the file has this many bytes: a random key may end with that byte; 0: no such length
};

/// Reads a secret; an empty one where no source has any. The variable is wiped from the environment, so that child
/// processes and /proc do not show it. Errors name the file, and never a part of its content.
Result<Secret> read_secret(const SecretSource& source);

/// While it lives the process writes no core file and cannot be inspected by others of the same user.
class CoreDumpGuard {
 public:
  CoreDumpGuard();
  ~CoreDumpGuard();
  CoreDumpGuard(const CoreDumpGuard&) = delete;
  CoreDumpGuard& operator=(const CoreDumpGuard&) = delete;

 private:
  unsigned long core_limit_ = 0;
  int was_dumpable_ = 1;
};

}  // namespace linkwright
