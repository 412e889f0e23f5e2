#include "cli/standard_streams.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

namespace linkwright {

void open_standard_streams() {
  for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; ++stream) {
    if (fcntl(stream, F_GETFD) >= 0 || errno != EBADF) continue;
    if (open("/dev/null", O_RDWR) < 0) return;  // takes the lowest number that is free: this stream's
  }
}

Status finish_standard_output() {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return Status::OK();
  return Status::IOError("cannot write to standard output: ", std::generic_category().message(errno),
                         "; results printed there are not whole");
}

}  // namespace linkwright
