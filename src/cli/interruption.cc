#include "cli/interruption.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <string_view>

#include "base/unfinished_files.h"

namespace linkwright {
namespace {

// How long work may take to end by itself. With the kernel's share of ending a large process it stays under a second.
constexpr long kGraceNanoseconds = 500'000'000;

// Ctrl-C, the end that a service manager asks for, and the loss of the terminal.
constexpr std::array<int, 3> kSignals = {SIGINT, SIGTERM, SIGHUP};

// A signal handler can reach nothing but static objects.
Cancellation interrupted;
std::atomic<bool> signalled{false};
std::atomic<bool> told{false};
bool on_terminal = false;
timer_t deadline;
bool has_deadline = false;

void on_deadline(int) {
  if (naming_files_began()) return;  // a moment from its end, with all that was asked for
  remove_unfinished_files();
  tell_interrupted();
  _exit(EXIT_FAILURE);
}

void handle(int signal_number, void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  sigaction(signal_number, &action, nullptr);
}

bool is_ignored(int signal_number) {
  struct sigaction action {};
  return sigaction(signal_number, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

void start_grace() {
  if (has_deadline) {
    const itimerspec grace{{0, 0}, {0, kGraceNanoseconds}};
    timer_settime(deadline, 0, &grace, nullptr);
  } else {
    alarm(1);
  }
}

// A second signal is from someone who will not wait. One handler serves both: two signals that are pending together get
// their handlers before either runs.
void on_signal(int signal_number) {
  const int error = errno;
  if (signalled.exchange(true)) {
    remove_unfinished_files();
    signal(signal_number, SIG_DFL);
    raise(signal_number);
  } else {
    interrupted.request();
    start_grace();
  }
  errno = error;
}

}  // namespace

const Cancellation& end_by_interruption() {
  on_terminal = isatty(STDERR_FILENO) != 0;
  has_deadline = timer_create(CLOCK_MONOTONIC, nullptr, &deadline) == 0;  // raises SIGALRM
  handle(SIGALRM, on_deadline);
  for (const int number : kSignals) {
    if (number != SIGHUP || !is_ignored(number)) handle(number, on_signal);  // nohup ignores it
  }
  return interrupted;
}

void tell_interrupted() noexcept {
  if (told.exchange(true)) return;
  constexpr std::string_view kMessage =
      "linkwright: interrupted; nothing of this run is left behind, and older files are as they were\n";
  const auto tell = [](std::string_view text) {
    // Nothing can be done for a closed stderr.
    [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, text.data(), text.size());
  };
  if (on_terminal) tell("\r\033[K");  // over the line of progress
  tell(kMessage);
}

}  // namespace linkwright
