#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "base/status.h"
#include "engine/run_context.h"
#include "linkwright/spark.h"
#include "model/linkage_job.h"
#include "spark/linkage/id_check.h"
#include "spark/linkage/kept_rows.h"
#include "spark/linkage/native_kernel.h"

namespace linkwright::spark {

/// Records in parcels, of which Spark sees the bytes only.
struct PackedRows {
  Rows parcels;
  std::shared_ptr<arrow::Schema> rows;  // of the records in them

  /// Options of an operation, told that its rows are in parcels.
  Result<nlohmann::ordered_json> with_options(nlohmann::ordered_json options) const;
};

/// What one look at all records found, and the records themselves, packed, which the cluster keeps.
struct SurveyedRows {
  PackedRows packed;
  DatasetCounts datasets;
  std::map<uint64_t, int64_t> rows_of_block;  // of the large ones
  std::vector<std::string> frequency_columns;
  std::string frequency_file;  // on every executor; "": the parcels have the frequencies
  std::vector<KeptRows> kept;
};

/// Reads a job's records once: packs them, counts them, their values for term frequencies, and what is in large blocks
/// of any of `rules`, which are a job's with all its rules as the model's. Errors: a null id, a record without dataset.
Result<SurveyedRows> survey_rows(const Rows& records, const LinkageJob& rules, const Session& session,
                                 const NativeKernel& kernel, RunContext& context);

/// Records by the partitions of their blocks.
struct SpreadRows {
  PackedRows packed;
  nlohmann::ordered_json options;  // of the operations on them
};

/// Sends every record to the partitions of all its blocks under the rules of `rules`, with its term frequencies. Lazy.
Result<SpreadRows> spread_rows(const SurveyedRows& surveyed, const LinkageJob& rules, const NativeKernel& kernel,
                               int partitions);

/// Into how many parts blocks are cut: those whose pairs one task would be long at.
std::vector<std::pair<uint64_t, uint32_t>> cut_blocks(const std::map<uint64_t, int64_t>& rows_of_block, int partitions);

/// A job whose model has all rules that training and predicting ask for.
LinkageJob with_all_rules(const LinkageJob& job);

/// A plan under a name, which Spark then does not work out anew with each query.
Result<DataFrame> named_plan(const DataFrame& frame, const Session& session);

}  // namespace linkwright::spark
