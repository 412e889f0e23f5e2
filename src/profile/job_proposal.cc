#include "profile/job_proposal.h"

#include <arrow/array/builder_binary.h>
#include <arrow/chunked_array.h>
#include <arrow/table.h>
#include <arrow/type.h>
#include <arrow/type_traits.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/add_once.h"
#include "base/joined.h"
#include "base/with_commas.h"
#include "expr/printer.h"
#include "profile/column_overlap.h"
#include "profile/column_text.h"

namespace linkwright {
namespace {

using Json = nlohmann::ordered_json;

// Enough that a level which one pair in a hundred thousand reaches by chance is seen some thirty times.
constexpr double kPairsForU = 3e6;

std::string percent(double share) { return std::to_string(std::lround(100 * share)) + " %"; }

bool is_text(const arrow::DataType& type) {
  const arrow::DataType& value =
      type.id() == arrow::Type::DICTIONARY ? *static_cast<const arrow::DictionaryType&>(type).value_type() : type;
  return arrow::is_base_binary_like(value.id());
}

/// Text of any Arrow type (a reader's choice) as large_utf8, so that columns of several inputs meet.
Result<std::shared_ptr<arrow::Array>> as_large_text(const arrow::ChunkedArray& column) {
  arrow::LargeStringBuilder builder;
  Status status;
  ARROW_RETURN_NOT_OK(
      visit_text(column, sample_rows(column.length(), column.length()), [&](size_t, std::string_view text) {
        if (status.ok()) status = text.data() == nullptr ? builder.AppendNull() : builder.Append(text);
      }));
  ARROW_RETURN_NOT_OK(status);
  return builder.Finish();
}

/// A column of all inputs one after the other; null if one does not have it, or with a type that does not meet the
/// others.
Result<std::shared_ptr<arrow::ChunkedArray>> common_column(std::span<const ProposedInput> inputs,
                                                           const std::string& name) {
  arrow::ChunkedArrayVector columns;
  for (const ProposedInput& input : inputs) {
    const auto column = input.table->GetColumnByName(name);
    if (column == nullptr) return nullptr;
    columns.push_back(column);
  }
  const auto type = columns[0]->type();
  const bool are_equal =
      std::all_of(columns.begin(), columns.end(), [&](const auto& column) { return column->type()->Equals(*type); });
  const bool are_text =
      std::all_of(columns.begin(), columns.end(), [&](const auto& column) { return is_text(*column->type()); });
  if (!are_equal && !are_text) return nullptr;
  arrow::ArrayVector chunks;
  for (const auto& column : columns) {
    if (are_equal) {
      chunks.insert(chunks.end(), column->chunks().begin(), column->chunks().end());
    } else {
      ARROW_ASSIGN_OR_RAISE(chunks.emplace_back(), as_large_text(*column));
    }
  }
  return std::make_shared<arrow::ChunkedArray>(std::move(chunks), are_equal ? type : arrow::large_utf8());
}

/// The columns that all inputs have, in the order of the first, of all records one input after the other. Columns left
/// out are noted.
Result<std::shared_ptr<arrow::Table>> common_table(std::span<const ProposedInput> inputs,
                                                   std::vector<std::string>& notes) {
  if (inputs.size() == 1) return inputs[0].table;
  arrow::FieldVector fields;
  arrow::ChunkedArrayVector columns;
  for (const std::string& name : inputs[0].table->ColumnNames()) {
    ARROW_ASSIGN_OR_RAISE(auto column, common_column(inputs, name));
    if (column == nullptr) {
      notes.push_back("column '" + name + "' of " + inputs[0].name +
                      " is not in every input with a type that fits, and is left out");
      continue;
    }
    fields.push_back(arrow::field(name, column->type()));
    columns.push_back(std::move(column));
  }
  if (fields.empty()) {
    return Status::Invalid(
        "the inputs have no column in common, so their records cannot be compared; rename columns so that equal things "
        "have equal names");
  }
  int64_t rows = 0;
  for (const ProposedInput& input : inputs) rows += input.table->num_rows();
  return arrow::Table::Make(arrow::schema(std::move(fields)), std::move(columns), rows);
}

/// An id need only be unique within its input; the profile of all inputs together would not find it.
void guess_unique_id(std::span<const ProposedInput> inputs, std::span<const TableProfile> profiles,
                     TableProfile& together) {
  if (inputs.size() == 1) return;
  for (ColumnProfile& column : together.columns) {
    const bool is_id = std::all_of(profiles.begin(), profiles.end(), [&](const TableProfile& profile) {
      return std::any_of(profile.columns.begin(), profile.columns.end(), [&](const ColumnProfile& its) {
        return its.name == column.name && its.guess.role == ColumnRole::kUniqueId;
      });
    });
    if (is_id) {
      for (ColumnProfile& other : together.columns) {
        if (other.guess.role == ColumnRole::kUniqueId) other.guess = {ColumnRole::kIgnored, "another column is the id"};
      }
      column.guess = {ColumnRole::kUniqueId, "every value of an input is different"};
      return;
    }
  }
}

Json settings_of(const JobProposal& proposal, bool is_link) {
  Json comparisons = Json::array(), rules = Json::array();
  for (const ComparisonChoice& choice : proposal.comparisons.chosen) comparisons.push_back(choice.comparison);
  for (const BlockingCandidate& rule : proposal.blocking.rules) {
    rules.push_back({{"blocking_rule", rule.sql}, {"sql_dialect", "duckdb"}});
  }
  return {{"link_type", is_link ? "link_only" : "dedupe_only"},
          {"unique_id_column_name", proposal.unique_id},
          {"probability_two_random_records_match", 0.0001},
          {"comparisons", std::move(comparisons)},
          {"blocking_rules_to_generate_predictions", std::move(rules)},
          {"retain_matching_columns", true},
          {"retain_intermediate_calculation_columns", false}};
}

Json training_of(const BlockingPlan& plan) {
  Json training = Json::object();
  if (!plan.deterministic.empty()) {
    Json rules = Json::array();
    for (const BlockingCandidate& rule : plan.deterministic) rules.push_back(rule.sql);
    // A guess of a guess: to the nearest 5 %, and never so low that few rules would make many matches.
    const double recall = std::clamp(std::round(plan.deterministic_recall * 20) / 20, .3, .95);
    training["prior"] = {{"rules", std::move(rules)}, {"recall", recall}};
  }
  training["u"] = {{"method", "sample"}, {"max_pairs", kPairsForU}, {"seed", 1}};
  if (!plan.em.empty()) {
    training["em"] = Json::array();
    for (const BlockingCandidate& rule : plan.em) {
      training["em"].push_back({{"rule", rule.sql}, {"without_term_frequencies", true}});
    }
  }
  return training;
}

std::string lower_sql(const FoldedColumn& column) { return "lower(" + quoted_name(column.column, '"') + ")"; }

Json job_of(const JobProposal& proposal, std::span<const ProposedInput> inputs, const ProposalOptions& options) {
  Json job{{"name", options.job_name}, {"inputs", Json::array()}};
  for (const ProposedInput& input : inputs) {
    Json entry;
    if (input.paths.size() == 1) {
      entry["path"] = input.paths[0];
    } else {
      entry["path"] = input.paths;
    }
    entry["name"] = input.name;
    for (const std::string& column : input.text_columns) entry["types"][column] = "text";
    job["inputs"].push_back(std::move(entry));
  }
  for (const FoldedColumn& column : proposal.folded) job["derive"][column.derived] = lower_sql(column);
  job["settings"] = settings_of(proposal, inputs.size() > 1);
  job["training"] = training_of(proposal.blocking);
  job["predict"] = {{"threshold_match_probability", options.predict_threshold}};
  job["cluster"] = {{"threshold_match_probability", options.cluster_threshold}};
  job["output"] = {{"dir", options.output_directory}, {"format", options.output_format}};
  return job;
}

Status check_can_link(const JobProposal& proposal) {
  if (proposal.comparisons.chosen.empty()) {
    return Status::Invalid("no column is worth comparing: ", joined(proposal.comparisons.passed_over, "; "),
                           ". Write a job file that says which columns to compare");
  }
  if (proposal.blocking.rules.empty()) {
    return Status::Invalid("no blocking rule can be proposed: ", joined(proposal.blocking.notes, "; "),
                           ". Write a job file with blocking rules of your own");
  }
  return Status::OK();
}

// Puts columns in lower case in the places of those that are written in several cases.
Status fold_case(std::shared_ptr<arrow::Table>* together, std::vector<std::shared_ptr<arrow::Table>>* tables,
                 JobProposal* proposal, ThreadPool& pool, const Cancellation* cancellation) {
  ARROW_ASSIGN_OR_RAISE(proposal->folded, columns_to_fold(**together, proposal->profile, cancellation));
  if (proposal->folded.empty()) return Status::OK();
  ARROW_ASSIGN_OR_RAISE(*together, with_folded_columns(*together, proposal->folded, cancellation));
  for (auto& table : *tables) {
    ARROW_ASSIGN_OR_RAISE(table, with_folded_columns(table, proposal->folded, cancellation));
  }
  ARROW_ASSIGN_OR_RAISE(TableProfile profile, profile_table(**together, pool, {.cancellation = cancellation}));
  for (size_t i = 0; i < profile.columns.size(); ++i) {  // what a column is, its own name and values have said
    profile.columns[i].guess = proposal->profile.columns[i].guess;
  }
  proposal->profile = std::move(profile);
  return Status::OK();
}

}  // namespace

Result<JobProposal> propose_job(std::span<const ProposedInput> inputs, ThreadPool& pool,
                                const ProposalOptions& options) {
  if (inputs.empty()) return Status::Invalid("there is no input to propose a job for");
  JobProposal proposal;
  ARROW_ASSIGN_OR_RAISE(std::shared_ptr<arrow::Table> table, common_table(inputs, proposal.notes));
  ARROW_ASSIGN_OR_RAISE(proposal.profile, profile_table(*table, pool, {.cancellation = options.cancellation}));
  std::vector<TableProfile> profiles;
  std::vector<std::shared_ptr<arrow::Table>> tables;
  for (const ProposedInput& input : inputs) {
    if (inputs.size() > 1) {
      ARROW_ASSIGN_OR_RAISE(profiles.emplace_back(),
                            profile_table(*input.table, pool, {.cancellation = options.cancellation}));
    }
    tables.push_back(input.table);
  }
  guess_unique_id(inputs, profiles, proposal.profile);
  ARROW_RETURN_NOT_OK(fold_case(&table, &tables, &proposal, pool, options.cancellation));
  ARROW_RETURN_NOT_OK(ignore_repeated_columns(*table, proposal.profile));
  for (const ColumnProfile& column : proposal.profile.columns) {
    if (column.guess.role == ColumnRole::kUniqueId) proposal.unique_id = column.name;
  }
  if (proposal.unique_id.empty()) {
    proposal.unique_id = "row_number";
    proposal.notes.push_back("no column is a unique id: records are told apart by their row number");
  }

  proposal.comparisons = choose_comparisons(proposal.profile.columns);
  std::vector<size_t> compared;
  for (size_t i = 0; i < proposal.profile.columns.size(); ++i) {
    const bool is_chosen =
        std::any_of(proposal.comparisons.chosen.begin(), proposal.comparisons.chosen.end(),
                    [&](const ComparisonChoice& choice) { return choice.column == proposal.profile.columns[i].name; });
    if (is_chosen) compared.push_back(i);
  }
  ARROW_ASSIGN_OR_RAISE(proposal.blocking,
                        plan_blocking(tables, proposal.profile, compared, pool,
                                      {.only_across_tables = inputs.size() > 1,
                                       .most_pairs = options.most_pairs,
                                       .names_read_each_other = proposal.comparisons.names_read_each_other,
                                       .cancellation = options.cancellation}));
  ARROW_RETURN_NOT_OK(check_can_link(proposal));
  proposal.job = job_of(proposal, inputs, options);
  return proposal;
}

Result<std::vector<std::string>> columns_to_read_as_text(std::span<const ProposedInput> inputs, ThreadPool& pool,
                                                         const Cancellation* cancellation) {
  constexpr int64_t kRowsToLookAt = 20'000;
  std::vector<std::string> names;
  for (const ProposedInput& input : inputs) {
    ARROW_ASSIGN_OR_RAISE(
        const TableProfile profile,
        profile_table(*input.table, pool, {.most_rows = kRowsToLookAt, .cancellation = cancellation}));
    for (const ColumnProfile& column : profile.columns) {
      const ColumnRole role = column.guess.role;
      const bool is_code = role == ColumnRole::kPostcode || role == ColumnRole::kPhone ||
                           role == ColumnRole::kNationalId ||
                           (role == ColumnRole::kDate && !column.guess.date_format.empty());
      const bool is_text_elsewhere = std::any_of(inputs.begin(), inputs.end(), [&](const ProposedInput& other) {
        const auto its = other.table->GetColumnByName(column.name);
        return its != nullptr && is_text(*its->type());
      });
      if (!column.is_text && (is_code || is_text_elsewhere)) add_once(column.name, &names);
    }
  }
  return names;
}

std::string JobProposal::to_text() const {
  std::string text = profile.to_text();
  if (!folded.empty()) text += "\nDerived columns\n";
  for (const FoldedColumn& column : folded) {
    text += "  " + column.derived + ": " + lower_sql(column) + ", because " + percent(column.share) +
            " of the values of " + column.column + " are another one but for case\n";
  }
  text += "\nComparisons\n";
  for (const ComparisonChoice& choice : comparisons.chosen) {
    text += "  " + choice.column + ": " + choice.name + ", because " + choice.why + "\n";
  }
  for (const std::string& reason : comparisons.passed_over) text += "  " + reason + "\n";
  text += "\nBlocking rules (together expected to make " + percent(blocking.coverage) + " of the matching pairs)\n";
  for (const BlockingCandidate& rule : blocking.rules) {
    text += "  " + rule.sql + ": " + (rule.is_exact ? "" : "about ") + with_commas(rule.pairs) + " pairs, " +
            percent(rule.coverage) + " of the matching ones\n";
  }
  text += "\nTraining\n";
  for (const BlockingCandidate& rule : blocking.deterministic) {
    text += "  prior: " + rule.sql + " (hardly ever true by chance)\n";
  }
  for (const BlockingCandidate& rule : blocking.em) text += "  expectation maximisation: " + rule.sql + "\n";
  text += "  u probabilities: from a seeded sample of " + with_commas(static_cast<uint64_t>(kPairsForU)) + " pairs\n";
  if (!notes.empty() || !blocking.notes.empty()) text += "\nTo note\n";
  for (const std::string& note : notes) text += "  " + note + "\n";
  for (const std::string& note : blocking.notes) text += "  " + note + "\n";
  text += "\nShares of matching pairs are expected from missing values and usual error rates, not measured.\n";
  return text;
}

Json JobProposal::to_json() const {
  Json chosen = Json::array(), rules = Json::array();
  for (const ComparisonChoice& choice : comparisons.chosen) {
    chosen.push_back({{"column", choice.column}, {"comparison", choice.comparison}, {"why", choice.why}});
  }
  for (const BlockingCandidate& rule : blocking.rules) {
    rules.push_back({{"rule", rule.sql},
                     {"pairs", rule.pairs},
                     {"pairs_are_exact", rule.is_exact},
                     {"expected_coverage", rule.coverage}});
  }
  std::vector<std::string> all_notes = notes;
  all_notes.insert(all_notes.end(), blocking.notes.begin(), blocking.notes.end());
  Json derived = Json::object();
  for (const FoldedColumn& column : folded) derived[column.derived] = lower_sql(column);
  return {{"profile", profile.to_json()},       {"derived_columns", std::move(derived)},
          {"comparisons", std::move(chosen)},   {"not_compared", comparisons.passed_over},
          {"blocking_rules", std::move(rules)}, {"expected_coverage", blocking.coverage},
          {"notes", std::move(all_notes)},      {"job", job}};
}

}  // namespace linkwright
