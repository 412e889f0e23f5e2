#include "io/temporary_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace linkwright {
namespace {

Status failed(const std::string& folder, const char* what) {
  return Status::IOError("cannot ", what, " a temporary file in ", folder.empty() ? "." : folder, ": ",
                         std::strerror(errno), "; is there space, and may it be written?");
}

/// A file that never has a name; where the file system does not know such files, one that loses its name at once.
int open_nameless(const std::string& folder) {
  const std::string place = folder.empty() ? "." : folder;
  const int descriptor = ::open(place.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (descriptor >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL)) return descriptor;
  std::string name = place + "/.linkwright-XXXXXX";
  const int named = ::mkostemp(name.data(), O_CLOEXEC);
  if (named >= 0) ::unlink(name.c_str());
  return named;
}

}  // namespace

Result<TemporaryFile> TemporaryFile::create(const std::string& folder) {
  const int descriptor = open_nameless(folder);
  if (descriptor < 0) return failed(folder, "make");
  return TemporaryFile(folder, descriptor);
}

TemporaryFile::~TemporaryFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

TemporaryFile::TemporaryFile(TemporaryFile&& other) noexcept
    : folder_(std::move(other.folder_)), descriptor_(std::exchange(other.descriptor_, -1)), size_(other.size_) {}

TemporaryFile& TemporaryFile::operator=(TemporaryFile&& other) noexcept {
  std::swap(folder_, other.folder_);
  std::swap(descriptor_, other.descriptor_);
  std::swap(size_, other.size_);
  return *this;
}

Status TemporaryFile::append(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(size_));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return failed(folder_, "write");
    size_ += static_cast<uint64_t>(written);
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return Status::OK();
}

Status TemporaryFile::read(uint64_t offset, char* out, size_t size) const {
  while (size > 0) {
    const ssize_t got = ::pread(descriptor_, out, size, static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return failed(folder_, "read");
    offset += static_cast<uint64_t>(got);
    out += got;
    size -= static_cast<size_t>(got);
  }
  return Status::OK();
}

}  // namespace linkwright
