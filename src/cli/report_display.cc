#include "cli/report_display.h"

#include <cstdio>

#include "base/memory_budget.h"
#include "engine/run_report.h"

namespace linkwright {

void print_report(const RunReport& report) {
  std::printf("%llu records, %llu pairs compared, %llu predictions", static_cast<unsigned long long>(report.records),
              static_cast<unsigned long long>(report.pairs_compared),
              static_cast<unsigned long long>(report.predictions));
  if (report.clusters > 0) std::printf(", %llu clusters", static_cast<unsigned long long>(report.clusters));
  std::printf("\n");
  for (const StageReport& stage : report.stages) {
    std::printf("  %-14s %9.3f s  %llu %s\n", stage.stage.c_str(), stage.seconds,
                static_cast<unsigned long long>(stage.items), stage.unit.c_str());
  }
  std::printf("  %-14s %9.3f s  %s at most\n", "all", report.seconds, format_bytes(report.peak_memory_bytes).c_str());
  for (const RunReport::Input& input : report.inputs) {
    if (input.rejected_lines > 0) {
      std::printf("note: %lld lines of %s were rejected\n", static_cast<long long>(input.rejected_lines),
                  input.name.c_str());
    }
  }
  for (const std::string& note : report.notes) std::printf("note: %s\n", note.c_str());
  for (const std::string& warning : report.training.warnings) std::printf("warning: %s\n", warning.c_str());
  for (const std::string& file : report.files) std::printf("wrote %s\n", file.c_str());
}

}  // namespace linkwright
