#include <cstdio>
#include <cstring>
#include "engine/embedded_engine.h"
int main(int argc, char** argv) {
  auto job = linkwright::LinkageJob::from_file(argv[2]);
  if (!job.ok()) { std::fprintf(stderr, "%s\n", job.status().ToString().c_str()); return 1; }
  for (int i = 3; i + 1 < argc; ++i) { if (!std::strcmp(argv[i], "-o")) job->output.directory = argv[i + 1]; if (!std::strcmp(argv[i], "--threads")) job->engine.threads = atoi(argv[i+1]); }
  auto r = linkwright::run_job(*job, {});
  if (!r.ok()) { std::fprintf(stderr, "%s\n", r.status().ToString().c_str()); return 1; }
  for (auto& s : r->stages) std::printf("%-12s %8.3f s %12lu %s\n", s.stage.c_str(), s.seconds, s.items, s.unit.c_str());
  std::printf("pairs %lu predictions %lu clusters %lu  %.3f s %.0f MiB\n", r->pairs_compared, r->predictions, r->clusters, r->seconds, double(r->peak_memory_bytes) / 1048576);
}
