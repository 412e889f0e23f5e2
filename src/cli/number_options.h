#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "base/memory_budget.h"
#include "base/status.h"

namespace linkwright {

/// A check for options that are numbers. CLI11's own names the largest double there is, in 300 digits.
inline CLI::Validator at_least(int minimum) {
  const std::string expected = "at least " + std::to_string(minimum);
  const auto check = [minimum, expected](const std::string& text) {
    double number = 0;
    const bool is_good = CLI::detail::lexical_cast(text, number) && number >= minimum;
    return is_good ? std::string() : "'" + text + "' must be a number of " + expected;
  };
  return CLI::Validator(check, expected);
}

/// A check for amounts of memory, such as 8GB.
inline CLI::Validator memory_size() {
  const auto check = [](const std::string& text) {
    const Result<int64_t> bytes = parse_bytes(text);
    return bytes.ok() ? std::string() : bytes.status().message();
  };
  return CLI::Validator(check, "SIZE");
}

/// `--threads`, the same for every command; at most as many as a job file may ask for. `threads` is an int or an
/// optional one.
template <typename Threads>
void add_threads_option(CLI::App& command, Threads& threads) {
  constexpr int kMostThreads = 4096;
  command.add_option("--threads", threads, "Threads; 0: one a processor")->check(CLI::Range(0, kMostThreads));
}

}  // namespace linkwright
