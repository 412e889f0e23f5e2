#include "io/file_publisher.h"

#include <memory>
#include <system_error>
#include <utility>

namespace linkwright {

void FilePublisher::publish(PendingFile file) {
  const auto shared = std::make_shared<PendingFile>(std::move(file));
  const auto work = [shared, before = last_]() -> Status {
    const Status synced = shared->sync();
    if (before.valid()) ARROW_RETURN_NOT_OK(before.get());
    ARROW_RETURN_NOT_OK(synced);
    return shared->take_name();
  };
  try {
    last_ = std::async(std::launch::async, work).share();
  } catch (const std::system_error&) {  // no thread to be had: done when asked for
    last_ = std::async(std::launch::deferred, work).share();
  }
}

Status FilePublisher::finish() { return last_.valid() ? last_.get() : Status::OK(); }

}  // namespace linkwright
