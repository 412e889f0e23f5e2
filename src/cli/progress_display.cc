#include "cli/progress_display.h"

#include <unistd.h>

#include <array>
#include <cstdio>
#include <string>

namespace linkwright {
namespace {

// 1234567 -> "1.23M": short enough for a moving line.
std::string short_count(double count) {
  static constexpr std::array<const char*, 4> kUnits = {"", "k", "M", "G"};
  size_t unit = 0;
  while (count >= 1000 && unit + 1 < kUnits.size()) {
    count /= 1000;
    ++unit;
  }
  std::array<char, 32> text;
  std::snprintf(text.data(), text.size(), unit == 0 ? "%.0f%s" : "%.3g%s", count, kUnits[unit]);
  return text.data();
}

std::string line_of(const ProgressUpdate& update) {
  if (update.done == 0) return update.finished ? "" : update.stage + " ...";
  std::string line = update.stage + ": " + short_count(static_cast<double>(update.done));
  if (update.total > 0) line += " of " + short_count(static_cast<double>(update.total));
  line += " " + update.unit;
  if (update.per_second() > 0) line += ", " + short_count(update.per_second()) + "/s";
  if (!update.finished && update.eta_seconds() >= 0) {
    line += ", " + std::to_string(static_cast<int>(update.eta_seconds() + 0.5)) + " s left";
  }
  return line;
}

// One line that moves; what a stage counted stays when it has ended, and one that counted nothing leaves none.
void show_on_terminal(const ProgressUpdate& update) {
  const std::string line = line_of(update);
  std::fprintf(stderr, "\r\033[K%s%s", line.c_str(), update.finished && !line.empty() ? "\n" : "");
  std::fflush(stderr);
}

// In a log: a line for what lasts, now and then, and at the end of a stage that counted something.
class LogLines {
 public:
  void show(const ProgressUpdate& update) {
    if (update.done == 0) {
      next_ = kSecondsBetween;
      return;
    }
    if (!update.finished && update.seconds < next_) return;
    next_ = update.seconds + kSecondsBetween;
    std::fprintf(stderr, "%s\n", line_of(update).c_str());
    std::fflush(stderr);
  }

 private:
  static constexpr double kSecondsBetween = 10;
  double next_ = kSecondsBetween;
};

}  // namespace

Progress::Listener progress_display() {
  if (::isatty(STDERR_FILENO) != 0) return show_on_terminal;
  return [lines = LogLines()](const ProgressUpdate& update) mutable { lines.show(update); };
}

}  // namespace linkwright
