// Preloaded into a program to make one of its writes or allocations fail:
//
//   FAIL_WRITE=n        the n-th write, rename or fsync of a file ends with ENOSPC
//   FAIL_ALLOCATION=n   the n-th allocation of at least kSmallestBytes returns nullptr
//   FAULT_REPORT=path   on exit: "writes N allocations M", what was counted
//
// Counting begins with main: before it, only libraries make their static objects, and nothing can be done about those.
// Smaller allocations are left alone: there are millions of them, a failing one is not told from a failing larger one
// by the code under test, and some inside of the C++ runtime cannot be reported at all.

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/uio.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>

extern "C" {
void* __libc_malloc(size_t size);
void* __libc_calloc(size_t count, size_t size);
void* __libc_realloc(void* block, size_t size);
void* __libc_memalign(size_t alignment, size_t size);
}

namespace {

constexpr size_t kSmallestBytes = 512;
constexpr int kLastStandardStream = 2;

long wanted(const char* variable) {
  const char* text = getenv(variable);
  return text == nullptr ? 0 : atol(text);
}

std::atomic<bool> in_main{false};
int (*program)(int, char**, char**) = nullptr;

int counted_main(int argc, char** argv, char** environment) {
  in_main = true;
  return program(argc, argv, environment);
}

std::atomic<long> writes{0};
std::atomic<long> allocations{0};

bool write_fails() {
  static const long fatal = wanted("FAIL_WRITE");
  if (++writes != fatal) return false;
  errno = ENOSPC;
  return true;
}

// Not a function-local static: its guard could be entered again from an allocation below it.
long fatal_allocation = -1;

bool allocation_fails(size_t size) {
  if (size < kSmallestBytes || !in_main) return false;
  if (fatal_allocation < 0) fatal_allocation = wanted("FAIL_ALLOCATION");
  if (++allocations != fatal_allocation) return false;
  errno = ENOMEM;
  return true;
}

template <typename Function>
Function next(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

__attribute__((destructor)) void report() {
  const char* path = getenv("FAULT_REPORT");
  if (path == nullptr) return;
  const int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (file < 0) return;
  dprintf(file, "writes %ld allocations %ld\n", writes.load(), allocations.load());
  close(file);
}

}  // namespace

extern "C" {

int __libc_start_main(int (*main)(int, char**, char**), int argc, char** argv, void (*init)(), void (*fini)(),
                      void (*loader_fini)(), void* stack_end) {
  program = main;
  return next<decltype(&__libc_start_main)>("__libc_start_main")(counted_main, argc, argv, init, fini, loader_fini,
                                                                 stack_end);
}

ssize_t write(int file, const void* data, size_t size) {
  static const auto real = next<ssize_t (*)(int, const void*, size_t)>("write");
  if (file > kLastStandardStream && write_fails()) return -1;
  return real(file, data, size);
}

ssize_t writev(int file, const iovec* parts, int count) {
  static const auto real = next<ssize_t (*)(int, const iovec*, int)>("writev");
  if (file > kLastStandardStream && write_fails()) return -1;
  return real(file, parts, count);
}

int fsync(int file) {
  static const auto real = next<int (*)(int)>("fsync");
  return write_fails() ? -1 : real(file);
}

int rename(const char* from, const char* to) {
  static const auto real = next<int (*)(const char*, const char*)>("rename");
  return write_fails() ? -1 : real(from, to);
}

void* malloc(size_t size) { return allocation_fails(size) ? nullptr : __libc_malloc(size); }

void* calloc(size_t count, size_t size) {
  return allocation_fails(count * size) ? nullptr : __libc_calloc(count, size);
}

void* realloc(void* block, size_t size) { return allocation_fails(size) ? nullptr : __libc_realloc(block, size); }

void* aligned_alloc(size_t alignment, size_t size) {
  return allocation_fails(size) ? nullptr : __libc_memalign(alignment, size);
}

int posix_memalign(void** block, size_t alignment, size_t size) {
  if (allocation_fails(size)) return ENOMEM;
  *block = __libc_memalign(alignment, size);
  return *block == nullptr ? ENOMEM : 0;
}
}
