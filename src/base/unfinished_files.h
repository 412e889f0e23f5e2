#pragma once

#include <string_view>

namespace linkwright {

/// A temporary file that this process is writing, or a folder that it made for its files, listed for the ends at which
/// no destructor runs: an exception in a thread of a library, a Ctrl-C that comes while the work cannot look up. Who
/// owns the file still removes it where its destructor does run.
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

/// Deletes the listed files, and the listed folders that are empty then, those listed last first.
void remove_unfinished_files() noexcept;

/// Says that the finished files of a run begin to get their names, its last step. A run that is asked to end from then
/// on goes on to its end, which is near: stopped between two names, it would leave new files beside old ones.
void begin_naming_files() noexcept;
bool naming_files_began() noexcept;

}  // namespace linkwright
