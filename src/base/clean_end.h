#pragma once

namespace linkwright {

/// Makes a program end with exit code 1 and a message, without unfinished files (base/unfinished_files.h), where it
/// would end by abort: on an exception that nobody catches, such as std::bad_alloc in a thread of Arrow. To be called
/// first thing in main.
void end_cleanly_without_recovery();

/// While one lives, memory that runs out on this thread ends the program in that way, if `main` asked for it, instead
/// of throwing: for calls into a library which starts threads that work on its stack, and which an exception would
/// unwind under them.
class NoUnwinding {
 public:
  NoUnwinding();
  ~NoUnwinding();
  NoUnwinding(const NoUnwinding&) = delete;
  NoUnwinding& operator=(const NoUnwinding&) = delete;
};

}  // namespace linkwright
