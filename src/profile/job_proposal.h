#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "base/cancellation.h"
#include "base/status.h"
#include "base/thread_pool.h"
#include "profile/blocking_plan.h"
#include "profile/case_folding.h"
#include "profile/comparison_choice.h"
#include "profile/table_profile.h"

namespace linkwright {

struct ProposedInput {
  std::string name;                  // source_dataset of its records
  std::vector<std::string> paths{};  // written into the job
  std::shared_ptr<arrow::Table> table{};
  std::vector<std::string> text_columns{};  // read as text whatever their values look like; written into the job
};

struct ProposalOptions {
  std::string job_name = "proposed";
  uint64_t most_pairs = 0;  // of all blocking rules together; 0: 50 a record, at least one million
  double predict_threshold = 0.5;
  double cluster_threshold = 0.95;
  std::string output_directory = "out";
  std::string output_format = "parquet";
  const Cancellation* cancellation = nullptr;
};

/// A complete job for data that nobody has described, and the reason for each part of it.
struct JobProposal {
  nlohmann::ordered_json job;  // a job file: LinkageJob::from_json reads it
  TableProfile profile;        // of all inputs together, with derived columns in place of theirs
  std::vector<FoldedColumn> folded;
  ComparisonChoices comparisons;
  BlockingPlan blocking;
  std::string unique_id;           // row_number where no column is one
  std::vector<std::string> notes;  // what a user should look at

  std::string to_text() const;
  nlohmann::ordered_json to_json() const;
};

/// Proposes a job: dedupe_only for one input, link_only for several. Inputs are compared by the columns that all have.
/// The same tables give the same proposal on any number of threads. Errors: no input, no column in common, nothing to
/// compare or to block by (with the reason for each column); Cancelled.
Result<JobProposal> propose_job(std::span<const ProposedInput> inputs, ThreadPool& pool,
                                const ProposalOptions& options = {});

/// Columns that were read as numbers and are none: dates, postcodes, phone numbers and identifiers lose their leading
/// zeros as numbers, and cannot be compared digit by digit; and columns that are text in another input. A reader of
/// text files is asked to keep them as text.
Result<std::vector<std::string>> columns_to_read_as_text(std::span<const ProposedInput> inputs, ThreadPool& pool,
                                                         const Cancellation* cancellation = nullptr);

}  // namespace linkwright
