#include "io/rejects.h"

#include <nlohmann/json.hpp>

namespace linkwright {

Status Rejects::open() {
  if (file_) return Status::OK();
  file_.emplace(path_, publisher_);
  return file_->open();
}

Status Rejects::add(const std::string& file, const CsvReject& reject) {
  ++count_;
  if (path_.empty()) return Status::OK();
  ARROW_RETURN_NOT_OK(open());
  const nlohmann::ordered_json line = {
      {"file", file}, {"line", reject.line}, {"reason", reject.reason}, {"content", std::string(reject.content)}};
  return file_->append(line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
}

Status Rejects::finish() {
  if (path_.empty()) return Status::OK();
  ARROW_RETURN_NOT_OK(open());
  return file_->finish();
}

Status rejected(const std::string& file, const CsvReject& reject) {
  return Status::Invalid(file, ":", reject.line, ": ", reject.reason,
                         ". Mend the line, or go on without such lines: --rejects FILE keeps them");
}

}  // namespace linkwright
