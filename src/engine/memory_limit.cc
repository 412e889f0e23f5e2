#include "engine/memory_limit.h"

#include <optional>
#include <utility>

#include "base/memory_budget.h"
#include "io/file_content.h"
#include "io/table_reader.h"
#include "io/table_survey.h"

namespace linkwright {
namespace {

Result<MemoryPrediction> least_memory(const LinkageJob& job, const InputSurvey& inputs, const PairBounds& pairs,
                                      const RunContext& context) {
  return predict_memory(job, inputs, context.pool.threads(), pairs, MemoryAssumption::kWorst);
}

// Names the need and the remedies. What the need leaves under the limit is for buffers.
Status settle(const MemoryPrediction& needed, const char* what_to_have_fewer_of, MemoryBudget& budget) {
  if (needed.peak_bytes() <= budget.limit_bytes()) {
    budget.leave_for_buffers(budget.limit_bytes() - needed.peak_bytes() + MemoryBudget::kLeastBufferBytes);
    return Status::OK();
  }
  const MemoryPrediction::Stage& largest = needed.largest();
  const int64_t mebibytes = RunMemory{0, largest.bytes, {}}.least_limit_mebibytes();
  return Status::OutOfMemory("the job needs ", mebibytes, " MiB of memory, at its stage '", largest.stage,
                             "', and the memory limit is ", format_bytes(budget.limit_bytes()),
                             "; run it with --memory-limit ", mebibytes, "MiB or more, or with fewer ",
                             what_to_have_fewer_of);
}

constexpr const char* kOfRun = "columns, rules or threads";
constexpr const char* kOfLaterUse = "columns or threads";

// Files of text are read whole, Parquet is not. A file that cannot be read is told by reading it.
std::optional<TableSurvey> survey_of_text(const std::string& predictions, const RunContext& context) {
  const auto files =
      predictions.empty() ? Result<std::vector<std::string>>(std::vector<std::string>()) : expand_paths({predictions});
  if (!files.ok() || files->empty()) return std::nullopt;
  const auto format = content_format(files->front());
  if (!format.ok() || *format == ContentFormat::kParquet) return std::nullopt;
  ReadOptions options;
  options.cancellation = context.cancellation;
  auto survey = survey_tables({predictions}, options);
  return survey.ok() ? std::optional(*std::move(survey)) : std::nullopt;
}

}  // namespace

Result<RunMemory> predict_memory(const LinkageJob& job, const RecordTable& records, RunContext& context) {
  ARROW_ASSIGN_OR_RAISE(const InputSurvey inputs, survey_inputs(job, context));
  ARROW_ASSIGN_OR_RAISE(const PairBounds pairs, count_pairs_before_exclusion(job, records, context.pool));
  const int threads = context.pool.threads();
  ARROW_ASSIGN_OR_RAISE(const MemoryPrediction expected,
                        predict_memory(job, inputs, threads, pairs, MemoryAssumption::kUsual));
  ARROW_ASSIGN_OR_RAISE(const MemoryPrediction least, least_memory(job, inputs, pairs, context));
  return RunMemory{expected.peak_bytes(), least.peak_bytes(), expected.stages};
}

Result<MemoryLimit> MemoryLimit::check(const LinkageJob& job, RunContext& context) {
  MemoryLimit limit;
  if (!context.budget.is_limited()) return limit;
  StageTimer timer(context, "survey", "rows");
  ARROW_ASSIGN_OR_RAISE(InputSurvey inputs, survey_inputs(job, context));
  timer.finish(inputs.rows);
  ARROW_ASSIGN_OR_RAISE(const MemoryPrediction needed, least_memory(job, inputs, PairBounds{}, context));
  const Status settled = settle(needed, kOfRun, context.budget);
  if (settled.ok()) return limit;
  if (needed.peak_bytes_before_pairs() > context.budget.limit_bytes()) return settled;
  limit.open_ = std::make_unique<InputSurvey>(std::move(inputs));
  return limit;
}

Status MemoryLimit::check_pairs(const LinkageJob& job, const RecordTable& records, RunContext& context) {
  if (open_ == nullptr) return Status::OK();
  ARROW_ASSIGN_OR_RAISE(const PairBounds pairs, count_pairs_before_exclusion(job, records, context.pool));
  ARROW_ASSIGN_OR_RAISE(const MemoryPrediction needed, least_memory(job, *open_, pairs, context));
  open_.reset();
  return_freed_memory();
  return settle(needed, kOfRun, context.budget);
}

Status check_memory_of(LaterUse use, const LinkageJob& job, const std::string& predictions, RunContext& context) {
  if (!context.budget.is_limited()) return Status::OK();
  StageTimer timer(context, "survey", "rows");
  ARROW_ASSIGN_OR_RAISE(const InputSurvey inputs, survey_inputs(job, context));
  const std::optional<TableSurvey> text = survey_of_text(predictions, context);
  ARROW_RETURN_NOT_OK(context.check_cancelled());
  timer.finish(inputs.rows);
  ARROW_ASSIGN_OR_RAISE(const MemoryPrediction needed,
                        predict_memory_of(use, job, inputs, context.pool.threads(), text ? &*text : nullptr));
  return settle(needed, kOfLaterUse, context.budget);
}

}  // namespace linkwright
