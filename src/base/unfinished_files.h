#pragma once

#include <string_view>

namespace linkwright {

/// A temporary file that this process is writing, listed for the ends at which no destructor runs: an exception in a
/// thread of a library, a second Ctrl-C. Who owns the file still removes it where its destructor does run.
///
/// The list has a fixed size, so that it can be read in a signal handler and when memory has run out; files beyond it
/// are not on it. All functions are thread-safe, and `remove_unfinished_files` is async-signal-safe.
class UnfinishedFile {
 public:
  explicit UnfinishedFile(std::string_view path);
  ~UnfinishedFile();
  UnfinishedFile(UnfinishedFile&& other) noexcept;
  UnfinishedFile& operator=(UnfinishedFile&&) = delete;

  /// The file has got its name, or is gone.
  void forget();

 private:
  int slot_;
};

/// Deletes the listed files.
void remove_unfinished_files() noexcept;

}  // namespace linkwright
