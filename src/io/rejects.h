#pragma once

#include <cstdint>
#include <fstream>
#include <string>
#include <utility>

#include "base/status.h"
#include "io/csv_reader.h"

namespace linkwright {

/// What becomes of lines that cannot be used: an error, or a line in a reject file with file, line, reason and content.
class Rejects {
 public:
  /// `path` "": the first bad line is an error. Else lines are added to the file.
  explicit Rejects(std::string path) : path_(std::move(path)) {}

  Status add(const std::string& file, const CsvReject& reject);
  int64_t count() const { return count_; }
  Status finish();

 private:
  std::string path_;
  std::ofstream output_;
  int64_t count_ = 0;
};

}  // namespace linkwright
