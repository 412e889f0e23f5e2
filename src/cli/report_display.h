#pragma once

namespace linkwright {

struct RunReport;

/// Prints what a run did: counts, seconds of every stage, notes, warnings and the files written.
void print_report(const RunReport& report);

}  // namespace linkwright
