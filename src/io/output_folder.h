#pragma once

#include <list>
#include <string>

#include "base/status.h"
#include "base/unfinished_files.h"

namespace linkwright {

/// A folder for a run's files, made with those above it where they are missing. What was made is removed again, if it
/// is empty, when the object goes before `keep`: a run that fails leaves no empty folder. Not thread-safe.
class OutputFolder {
 public:
  /// Errors: a folder that cannot be made, with its path and the reason.
  static Result<OutputFolder> make(const std::string& path);
  ~OutputFolder();
  OutputFolder(OutputFolder&&) = default;
  OutputFolder& operator=(OutputFolder&&) = delete;

  void keep();

 private:
  struct Made {
    explicit Made(std::string made) : path(std::move(made)), unfinished(path) {}
    std::string path;
    UnfinishedFile unfinished;
  };

  OutputFolder() = default;

  std::list<Made> made_;  // outermost first
};

}  // namespace linkwright
