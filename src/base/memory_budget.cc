#include "base/memory_budget.h"

#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

namespace linkwright {

Result<int64_t> parse_bytes(std::string_view text) {
  const auto wrong = [&] {
    return Status::Invalid("'", text, "' is not a memory size; write a number with a unit, such as 8GB or 512MiB");
  };
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || !(number >= 0)) return wrong();
  std::string unit;
  for (const char c : text.substr(static_cast<size_t>(end - text.data()))) {
    if (c != ' ') unit += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  if (unit.size() == 3 && unit.substr(1) == "IB") unit.resize(1);
  if (unit.size() == 2 && unit[1] == 'B') unit.resize(1);
  if (unit == "B") unit.clear();
  static constexpr std::string_view kUnits = "KMGT";
  size_t power = 0;
  if (!unit.empty()) {
    power = unit.size() == 1 ? kUnits.find(unit[0]) + 1 : 0;
    if (power == 0) return wrong();
  }
  const double bytes = std::ldexp(number, static_cast<int>(10 * power));
  if (bytes >= 9.2e18) return wrong();
  return static_cast<int64_t>(bytes);
}

std::string format_bytes(int64_t bytes) {
  static constexpr std::array<const char*, 5> kUnits = {"B", "KiB", "MiB", "GiB", "TiB"};
  double amount = static_cast<double>(bytes);
  size_t unit = 0;
  while (std::abs(amount) >= 1024 && unit + 1 < kUnits.size()) {
    amount /= 1024;
    ++unit;
  }
  std::array<char, 32> text;
  std::snprintf(text.data(), text.size(), unit == 0 || amount >= 100 ? "%.0f %s" : "%.1f %s", amount, kUnits[unit]);
  return text.data();
}

int64_t peak_resident_bytes() {
  // Not rusage alone: a process begins with the peak of the one that started it, a big Python say.
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return int64_t{std::atoll(line.c_str() + 6)} * 1024;
  }
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return int64_t{usage.ru_maxrss} * 1024;
}

void MemoryBudget::leave_for_buffers(int64_t bytes) {
  buffer_bytes_ = std::clamp(bytes, kLeastBufferBytes, kMostBufferBytes);
}

}  // namespace linkwright
