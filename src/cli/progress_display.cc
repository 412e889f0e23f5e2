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

void show_line(const ProgressUpdate& update, bool terminal) {
  std::string line = update.stage + ": " + short_count(static_cast<double>(update.done));
  if (update.total > 0) line += " of " + short_count(static_cast<double>(update.total));
  line += " " + update.unit;
  if (update.per_second() > 0) line += ", " + short_count(update.per_second()) + "/s";
  if (!update.finished && update.eta_seconds() >= 0) {
    line += ", " + std::to_string(static_cast<int>(update.eta_seconds() + 0.5)) + " s left";
  }
  std::fprintf(stderr, terminal ? "\r\033[K%s%s" : "%s%s", line.c_str(), terminal && !update.finished ? "" : "\n");
  std::fflush(stderr);
}

}  // namespace

Progress::Listener progress_display() {
  const bool terminal = ::isatty(STDERR_FILENO) != 0;
  return [terminal](const ProgressUpdate& update) {
    // Stages that counted nothing as they went say nothing; the summary has their times.
    if (update.done == 0 || (!terminal && !update.finished)) return;
    show_line(update, terminal);
  };
}

}  // namespace linkwright
