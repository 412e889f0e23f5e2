#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "base/status.h"

namespace linkwright::spark {

using Environment = std::vector<std::pair<std::string, std::string>>;

struct Launch {
  std::vector<std::string> arguments;     // the program first, found along PATH
  Environment environment;                // on top of this process's own
  std::string folder;                     // to work in
  std::string log;                        // file that gets both outputs; an earlier one is replaced
  int input = -1;                         // an open file to read from; -1: nothing to read
  std::vector<std::string> without = {};  // variables of this process that the program does not get
};

/// Starts a program that outlives us: a session of its own, no file of ours but its log and input. Returns its pid.
Result<int> start_detached(const Launch& launch);

/// Runs a program to its end and gives what it wrote to both outputs. NotImplemented when there is no such program;
/// IOError with the output when it ends with anything but 0.
Result<std::string> output_of(const std::vector<std::string>& arguments);

/// Where a program is along PATH; empty when it is nowhere.
std::string find_program(const std::string& name);

/// The variable by which the processes of one cluster, and all that they start, are known.
inline constexpr char kMarkVariable[] = "LINKWRIGHT_SPARK_CLUSTER";

/// Whether a process lives and bears the mark. One that has ended and was not waited for counts as gone.
bool is_running(int pid, const std::string& mark);

/// All processes with the mark, of whatever parent.
std::vector<int> processes_with(const std::string& mark);

/// Ends one process with the mark: asks it, and kills it when it still lives after `patience`. Java tells before, in
/// its log, what its threads are waiting for.
void end_process(int pid, const std::string& mark, std::chrono::milliseconds patience);

/// Ends all processes with the mark in the same way. IOError when some could not be ended.
Status end_processes(const std::string& mark, std::chrono::milliseconds patience);

}  // namespace linkwright::spark
