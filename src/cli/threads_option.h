#pragma once

#include <CLI/CLI.hpp>

namespace linkwright {

/// `--threads`, the same for every command; at most as many as a job file may ask for. `threads` is an int or an
/// optional one.
template <typename Threads>
void add_threads_option(CLI::App& command, Threads& threads) {
  constexpr int kMostThreads = 4096;
  command.add_option("--threads", threads, "Threads; 0: one a processor")->check(CLI::Range(0, kMostThreads));
}

}  // namespace linkwright
