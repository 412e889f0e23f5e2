#include "token/secret_source.h"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace linkwright {
namespace {

constexpr size_t kLongestSecret = 1 << 16;

Result<Secret> read_file(const SecretSource& source) {
  const bool from_input = source.path == "-";
  const std::string where = from_input ? "standard input" : "'" + source.path + "'";
  const int file = from_input ? STDIN_FILENO : open(source.path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return Status::IOError("cannot read the ", source.name, " from ", where, ": ", std::strerror(errno));
  std::array<char, kLongestSecret + 1> bytes;  // on the stack, wiped below: no copy stays behind in the heap
  size_t size = 0;
  ssize_t got = 0;
  while (size < bytes.size() && (got = read(file, bytes.data() + size, bytes.size() - size)) > 0) {
    size += static_cast<size_t>(got);
  }
  const int failure = got < 0 ? errno : 0;
  if (!from_input) close(file);
  size_t length = size;
  const bool whole = source.whole_length > 0 && size == source.whole_length;
  if (!whole && length > 0 && bytes[length - 1] == '\n') --length;
  if (length < size && length > 0 && bytes[length - 1] == '\r') --length;
  Secret secret(std::string_view(bytes.data(), length));
  OPENSSL_cleanse(bytes.data(), bytes.size());
  if (failure != 0) {
    return Status::IOError("cannot read the ", source.name, " from ", where, ": ", std::strerror(failure));
  }
  if (size > kLongestSecret) return Status::Invalid("the ", source.name, " in ", where, " is longer than 64 KiB");
  if (secret.empty()) return Status::Invalid("the ", source.name, " in ", where, " is empty");
  return secret;
}

}  // namespace

Result<Secret> read_secret(const SecretSource& source) {
  if (!source.path.empty()) return read_file(source);
  char* const value = std::getenv(source.variable.c_str());
  if (value == nullptr) return Secret();
  Secret secret{std::string_view(value)};
  OPENSSL_cleanse(value, std::strlen(value));
  unsetenv(source.variable.c_str());
  return secret;
}

CoreDumpGuard::CoreDumpGuard() : was_dumpable_(prctl(PR_GET_DUMPABLE)) {
  rlimit limit{};
  getrlimit(RLIMIT_CORE, &limit);
  core_limit_ = limit.rlim_cur;
  limit.rlim_cur = 0;
  setrlimit(RLIMIT_CORE, &limit);
  prctl(PR_SET_DUMPABLE, 0);
}

CoreDumpGuard::~CoreDumpGuard() {
  rlimit limit{};
  getrlimit(RLIMIT_CORE, &limit);
  limit.rlim_cur = core_limit_;
  setrlimit(RLIMIT_CORE, &limit);
  prctl(PR_SET_DUMPABLE, was_dumpable_);
}

}  // namespace linkwright
