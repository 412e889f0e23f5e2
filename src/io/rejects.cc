#include "io/rejects.h"

#include <nlohmann/json.hpp>

namespace linkwright {

Status Rejects::add(const std::string& file, const CsvReject& reject) {
  ++count_;
  if (path_.empty()) {
    return Status::Invalid(file, ":", reject.line, ": the line ", reject.reason,
                           ". Mend it, or go on without such lines: --rejects FILE keeps them");
  }
  if (!output_.is_open()) output_.open(path_, std::ios::binary | std::ios::app);
  const nlohmann::ordered_json line = {
      {"file", file}, {"line", reject.line}, {"reason", reject.reason}, {"content", std::string(reject.content)}};
  output_ << line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
  return output_ ? Status::OK() : Status::IOError("cannot write rejected lines to ", path_);
}

Status Rejects::finish() {
  if (!output_.is_open()) return Status::OK();
  output_.close();
  return output_ ? Status::OK() : Status::IOError("cannot write rejected lines to ", path_);
}

}  // namespace linkwright
