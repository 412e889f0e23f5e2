#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "base/status.h"
#include "io/csv_reader.h"
#include "io/pending_file.h"

namespace linkwright {

/// Keeps the lines of a run's inputs that cannot be read: each as a line of JSON with its file, line, reason and
/// content. Not thread-safe.
class Rejects {
 public:
  /// `path` "": lines are counted only.
  explicit Rejects(std::string path = "", FilePublisher* publisher = nullptr)
      : path_(std::move(path)), publisher_(publisher) {}

  Status add(const std::string& file, const CsvReject& reject);
  int64_t count() const { return count_; }

  /// Gives the file its name, also where no line was rejected: one of an earlier run would tell of lines that are good
  /// now.
  Status finish();

 private:
  Status open();

  std::string path_;
  FilePublisher* publisher_;
  std::optional<PendingTextFile> file_;
  int64_t count_ = 0;
};

/// The error of such a line where none may be left out.
Status rejected(const std::string& file, const CsvReject& reject);

}  // namespace linkwright
