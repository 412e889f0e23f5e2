#include "cli/generate_command.h"

#include <CLI/CLI.hpp>
#include <cstdint>
#include <memory>
#include <string>

#include "base/thread_pool.h"
#include "cli/number_options.h"
#include "cli/progress_display.h"
#include "generate/people.h"
#include "generate/people_stream.h"
#include "io/table_writer.h"

namespace linkwright {
namespace {

struct GenerateOptions {
  PeopleOptions people;
  std::string output = "people.parquet";
  int threads = 0;
  bool quiet = false;
};

Status generate(const GenerateOptions& options, const Cancellation& cancellation) {
  ARROW_ASSIGN_OR_RAISE(const FileFormat format, file_format_of(options.output));
  ARROW_ASSIGN_OR_RAISE(const PeopleGenerator people, PeopleGenerator::make(options.people));
  ARROW_ASSIGN_OR_RAISE(const auto writer, TableWriter::open(options.output, format, PeopleGenerator::schema()));
  ThreadPool pool(options.threads);
  Progress progress(options.quiet ? Progress::Listener() : progress_display());
  progress.begin("generate", "rows", options.people.num_rows);
  ARROW_RETURN_NOT_OK(stream_people(
      people, pool, [&](const arrow::RecordBatch& batch) { return writer->write(batch); }, &progress, &cancellation));
  progress.end();
  return writer->finish();
}

}  // namespace

void add_generate_command(CLI::App& app, const Cancellation& cancellation, Status* outcome) {
  auto options = std::make_shared<GenerateOptions>();
  CLI::App* command = app.add_subcommand("generate", "Make synthetic data with known truth");
  command->require_subcommand(1);
  CLI::App* people = command->add_subcommand("people", "People: names, date of birth, address, email, and duplicates");
  people->add_option("-n,--rows", options->people.num_rows, "Rows")->required()->check(at_least(0));
  people->add_option("--seed", options->people.seed, "Another seed, other people");
  people->add_option("--duplicates", options->people.duplicate_share, "Share of rows that are corrupted copies");
  people->add_option("-o,--output", options->output, "The file: .parquet, .csv or .ndjson");
  add_threads_option(*people, options->threads);
  people->add_flag("-q,--quiet", options->quiet, "Show no progress");
  people->callback([options, &cancellation, outcome] { *outcome = generate(*options, cancellation); });
}

}  // namespace linkwright
