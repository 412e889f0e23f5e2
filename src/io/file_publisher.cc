#include "io/file_publisher.h"

#include <system_error>
#include <utility>

#include "base/unfinished_files.h"

namespace linkwright {

void FilePublisher::publish(PendingFile file) {
  Entry entry{std::make_shared<PendingFile>(std::move(file)), {}};
  const auto sync = [shared = entry.file] { return shared->sync(); };
  try {
    entry.synced = std::async(std::launch::async, sync);
  } catch (const std::system_error&) {  // no thread to be had: done when asked for
    entry.synced = std::async(std::launch::deferred, sync);
  }
  entries_.push_back(std::move(entry));
}

Status FilePublisher::finish(const Cancellation* cancellation) {
  std::vector<Entry> entries = std::move(entries_);
  entries_.clear();
  for (Entry& entry : entries) ARROW_RETURN_NOT_OK(entry.synced.get());
  if (cancellation != nullptr) ARROW_RETURN_NOT_OK(cancellation->check());
  begin_naming_files();
  for (const Entry& entry : entries) ARROW_RETURN_NOT_OK(entry.file->take_name());
  return Status::OK();
}

}  // namespace linkwright
