#include "engine/memory_limit.h"

#include <utility>

#include "base/memory_budget.h"

namespace linkwright {
namespace {

Result<MemoryPrediction> least_memory(const LinkageJob& job, const InputSurvey& inputs, const PairBounds& pairs,
                                      const RunContext& context) {
  return predict_memory(job, inputs, context.pool.threads(), pairs, MemoryAssumption::kWorst);
}

Status refuse(const MemoryPrediction& needed, const MemoryBudget& budget) {
  const MemoryPrediction::Stage& largest = needed.largest();
  const int64_t mebibytes = RunMemory{0, largest.bytes, {}}.least_limit_mebibytes();
  return Status::OutOfMemory("the job needs ", mebibytes, " MiB of memory, at its stage '", largest.stage,
                             "', and the memory limit is ", format_bytes(budget.limit_bytes()),
                             "; run it with --memory-limit ", mebibytes,
                             "MiB or more, or with fewer columns, rules or threads");
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
  const int64_t allowed = context.budget.limit_bytes();
  if (needed.peak_bytes() <= allowed) {
    context.budget.leave_for_buffers(allowed - needed.peak_bytes() + MemoryBudget::kLeastBufferBytes);
    return limit;
  }
  if (needed.peak_bytes_before_pairs() > allowed) return refuse(needed, context.budget);
  limit.open_ = std::make_unique<InputSurvey>(std::move(inputs));
  return limit;
}

Status MemoryLimit::check_pairs(const LinkageJob& job, const RecordTable& records, RunContext& context) {
  if (open_ == nullptr) return Status::OK();
  ARROW_ASSIGN_OR_RAISE(const PairBounds pairs, count_pairs_before_exclusion(job, records, context.pool));
  ARROW_ASSIGN_OR_RAISE(const MemoryPrediction needed, least_memory(job, *open_, pairs, context));
  open_.reset();
  return_freed_memory();
  const int64_t allowed = context.budget.limit_bytes();
  if (needed.peak_bytes() > allowed) return refuse(needed, context.budget);
  context.budget.leave_for_buffers(allowed - needed.peak_bytes() + MemoryBudget::kLeastBufferBytes);
  return Status::OK();
}

}  // namespace linkwright
