#include "base/clean_end.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <new>

#include "base/unfinished_files.h"

namespace linkwright {
namespace {

thread_local int no_unwinding = 0;

[[noreturn]] void end(const char* why, const char* detail) {
  remove_unfinished_files();
  std::fprintf(stderr, "linkwright: %s%s\n", why, detail);
  _exit(EXIT_FAILURE);
}

constexpr const char* kNoMemory = "memory ran out in a library; close other programs, or give a --memory-limit";

[[noreturn]] void on_terminate() {
  try {
    if (const std::exception_ptr current = std::current_exception()) std::rethrow_exception(current);
  } catch (const std::bad_alloc&) {
    end(kNoMemory, "");
  } catch (const std::exception& error) {
    end("ended by an error that nobody expected: ", error.what());
  } catch (...) {
  }
  end("ended by an error that nobody expected", "");
}

void on_failed_allocation() {
  if (no_unwinding > 0) end(kNoMemory, "");
  throw std::bad_alloc();
}

}  // namespace

void end_cleanly_without_recovery() {
  std::set_terminate(on_terminate);
  std::set_new_handler(on_failed_allocation);
}

NoUnwinding::NoUnwinding() { ++no_unwinding; }
NoUnwinding::~NoUnwinding() { --no_unwinding; }

}  // namespace linkwright
