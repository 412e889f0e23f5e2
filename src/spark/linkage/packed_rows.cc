#include "spark/linkage/packed_rows.h"

#include <arrow/array.h>
#include <arrow/record_batch.h>
#include <arrow/table.h>
#include <arrow/type.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/add_once.h"
#include "base/column_name.h"
#include "engine/training.h"
#include "kernel/frequency_file.h"
#include "kernel/pair_task.h"
#include "kernel/parcel_stream.h"
#include "kernel/survey.h"
#include "spark/config/uuid.h"
#include "spark/linkage/batch_columns.h"
#include "spark/linkage/query_progress.h"
#include "spark/linkage/term_frequencies.h"

namespace linkwright::spark {
namespace {

namespace fs = std::filesystem;
using Options = nlohmann::ordered_json;

// A part of a cut block has so many rows: a tile of two parts is 16 million pairs.
constexpr int64_t kRowsOfPart = 4096;
constexpr int64_t kTilesPerPartition = 4;

// A file that is sent and then forgotten.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& name) {
    std::error_code failure;
    const fs::path folder = fs::temp_directory_path(failure);
    path_ = ((failure ? fs::path(".") : folder) / (name + "." + random_uuid())).string();
  }
  ~TemporaryFile() {
    std::error_code failure;
    fs::remove(path_, failure);
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  const std::string& path() const { return path_; }
  Status write(const std::string& bytes) const {
    std::ofstream file(path_, std::ios::binary);
    file << bytes;
    file.close();
    return file ? Status::OK() : Status::IOError(path_, ": term frequencies cannot be written");
  }

 private:
  std::string path_;
};

// What the rows of a survey tell together.
class Findings {
 public:
  Status add(const SurveyRow& row) {
    switch (row.kind) {
      case SurveyKind::kRecords:
        break;
      case SurveyKind::kValues:
        if (row.rows == nullptr) {
          has_too_many_values_ = true;
          break;
        }
        return frequencies_.add_counts(row.name, *row.rows);
      case SurveyKind::kBlocks:
        for (int64_t i = 0; i < row.rows->num_rows(); ++i) {
          blocks_[column_of<arrow::UInt64Array>(*row.rows, "lw_block").Value(i)] +=
              column_of<arrow::Int64Array>(*row.rows, "lw_rows").Value(i);
        }
        break;
      case SurveyKind::kDatasets:
        for (int64_t i = 0; i < row.rows->num_rows(); ++i) add_dataset(*row.rows, i);
    }
    return Status::OK();
  }

  bool has_too_many_values() const { return has_too_many_values_; }
  const TermFrequencies& frequencies() const { return frequencies_; }
  std::map<uint64_t, int64_t> blocks() && { return std::move(blocks_); }

  Result<DatasetCounts> datasets(const LinkageModel& model) const {
    const bool has_sources = model.has_sources();
    if (without_dataset_ > 0) {
      return Status::Invalid("column '", model.source_dataset_column_name, "' is null in ", without_dataset_,
                             " records; it must name each record's dataset");
    }
    DatasetCounts counts;
    for (const auto& [name, found] : datasets_) {
      if (found.null_ids > 0) {
        return Status::Invalid("column '", model.unique_id_column_name, "'",
                               has_sources ? " of dataset '" + name + "'" : "", " is null in ", found.null_ids,
                               " records; every record needs an id");
      }
      counts.emplace_back(name, static_cast<uint64_t>(found.rows));
    }
    if (counts.empty() && !has_sources) counts.emplace_back("", 0);
    return counts;
  }

 private:
  struct Dataset {
    int64_t rows = 0;
    int64_t null_ids = 0;
  };

  void add_dataset(const arrow::RecordBatch& rows, int64_t row) {
    const auto& names = column_of<arrow::StringArray>(rows, "lw_source");
    const int64_t count = column_of<arrow::Int64Array>(rows, "lw_rows").Value(row);
    if (names.IsNull(row)) {
      without_dataset_ += count;
      return;
    }
    Dataset& dataset = datasets_[names.GetString(row)];
    dataset.rows += count;
    dataset.null_ids += column_of<arrow::Int64Array>(rows, "lw_null_ids").Value(row);
  }

  TermFrequencies frequencies_;
  bool has_too_many_values_ = false;
  std::map<uint64_t, int64_t> blocks_;
  std::map<std::string, Dataset> datasets_;
  int64_t without_dataset_ = 0;
};

// Packs records, and reads what else a survey of them tells.
Result<Findings> survey(const Rows& records, const LinkageJob& rules, const std::vector<std::string>& counted,
                        const Session& session, const NativeKernel& kernel, RunContext& context, SurveyedRows* result) {
  Options options = Options::object();
  if (!counted.empty()) options["count_values"] = counted;
  ARROW_ASSIGN_OR_RAISE(const Rows surveyed, kernel.run("survey", options, rules, records));
  ARROW_ASSIGN_OR_RAISE(DataFrame plan, named_plan(surveyed.frame, session));
  ARROW_ASSIGN_OR_RAISE(KeptRows kept, KeptRows::cache(std::move(plan)));
  const DataFrame& rows = kept.rows();
  Findings findings;
  ARROW_ASSIGN_OR_RAISE(const auto batches, rows.filter(col("lw_kind") != lit(0)).to_batches(query_options(context)));
  for (;;) {
    ARROW_ASSIGN_OR_RAISE(const auto batch, batches->Next());
    if (batch == nullptr) break;
    ARROW_ASSIGN_OR_RAISE(const auto found, linkwright::survey_rows(*batch));
    for (const SurveyRow& row : found) ARROW_RETURN_NOT_OK(findings.add(row));
  }
  result->packed = {{rows.filter(col("lw_kind") == lit(0)).select({col(kParcelColumn)}),
                     arrow::schema({arrow::field(kParcelColumn, arrow::binary())})},
                    records.schema};
  result->kept.push_back(std::move(kept));
  return findings;
}

Result<std::shared_ptr<arrow::Schema>> spread_schema(const SurveyedRows& surveyed) {
  std::shared_ptr<arrow::Schema> schema = surveyed.packed.rows;
  const auto add = [&](const std::string& name, const std::shared_ptr<arrow::DataType>& type) {
    return schema->AddField(schema->num_fields(), arrow::field(name, type)).Value(&schema);
  };
  if (!surveyed.frequency_file.empty()) {
    for (const std::string& column : surveyed.frequency_columns) {
      ARROW_RETURN_NOT_OK(add(frequency_column(column), arrow::float64()));
    }
  }
  ARROW_RETURN_NOT_OK(add(kPartitionColumn, arrow::int32()));
  return schema;
}

}  // namespace

Result<nlohmann::ordered_json> PackedRows::with_options(nlohmann::ordered_json options) const {
  ARROW_ASSIGN_OR_RAISE(options["packed"], schema_text(*rows));
  return options;
}

Result<SurveyedRows> survey_rows(const Rows& records, const LinkageJob& rules, const Session& session,
                                 const NativeKernel& kernel, RunContext& context) {
  SurveyedRows result{{{records.frame, nullptr}, nullptr}, {}, {}, {}, "", {}};
  const std::vector<std::string> names = records.schema->field_names();
  for (const std::string& wanted : term_frequency_columns(rules.model)) {
    const std::string* column = column_meant_by(wanted, names);
    if (column == nullptr) continue;  // the kernel says what is missing, and the nearest
    add_once(*column, &result.frequency_columns);
  }
  ARROW_ASSIGN_OR_RAISE(Findings findings,
                        survey(records, rules, result.frequency_columns, session, kernel, context, &result));
  if (findings.has_too_many_values()) {
    result.kept.clear();
    ARROW_ASSIGN_OR_RAISE(const Rows with_frequencies, with_term_frequencies(records, result.frequency_columns));
    ARROW_ASSIGN_OR_RAISE(findings, survey(with_frequencies, rules, {}, session, kernel, context, &result));
  } else if (!result.frequency_columns.empty()) {
    const TemporaryFile file("linkwright-frequencies");
    ARROW_RETURN_NOT_OK(file.write(findings.frequencies().to_bytes()));
    ARROW_ASSIGN_OR_RAISE(result.frequency_file, session.add_file(file.path()));
  }
  ARROW_ASSIGN_OR_RAISE(result.datasets, findings.datasets(rules.model));
  result.rows_of_block = std::move(findings).blocks();
  return result;
}

Result<SpreadRows> spread_rows(const SurveyedRows& surveyed, const LinkageJob& rules, const NativeKernel& kernel,
                               int partitions) {
  Options options = Options::object();
  options["partitions"] = partitions;
  Options cuts = Options::array();
  for (const auto& [hash, parts] : cut_blocks(surveyed.rows_of_block, partitions)) {
    Options cut = Options::array();
    cut.push_back(hash);
    cut.push_back(parts);
    cuts.push_back(std::move(cut));
  }
  options["cut_blocks"] = std::move(cuts);
  Options spreading = options;
  if (!surveyed.frequency_file.empty()) {
    spreading["frequency_file"] = surveyed.frequency_file;
    spreading["frequency_columns"] = surveyed.frequency_columns;
  }
  ARROW_ASSIGN_OR_RAISE(spreading, surveyed.packed.with_options(std::move(spreading)));
  ARROW_ASSIGN_OR_RAISE(const Rows spread, kernel.run("spread", spreading, rules, surveyed.packed.parcels));
  ARROW_ASSIGN_OR_RAISE(auto schema, spread_schema(surveyed));
  PackedRows packed{{spread.frame.repartition(partitions, {col("lw_place")}).select({col(kParcelColumn)}),
                     surveyed.packed.parcels.schema},
                    std::move(schema)};
  ARROW_ASSIGN_OR_RAISE(options, packed.with_options(std::move(options)));
  return SpreadRows{std::move(packed), std::move(options)};
}

std::vector<std::pair<uint64_t, uint32_t>> cut_blocks(const std::map<uint64_t, int64_t>& rows_of_block,
                                                      int partitions) {
  std::vector<std::pair<uint64_t, uint32_t>> cut;
  if (partitions < 2) return cut;
  const auto most = static_cast<int64_t>(std::ceil(std::sqrt(2.0 * kTilesPerPartition * partitions)));
  for (const auto& [hash, rows] : rows_of_block) {
    const int64_t parts = std::min(most, rows / kRowsOfPart);
    if (parts > 1) cut.emplace_back(hash, static_cast<uint32_t>(parts));
  }
  return cut;
}

LinkageJob with_all_rules(const LinkageJob& job) {
  LinkageJob all = job;
  std::vector<BlockingRuleSettings> rules;
  if (job.predict) rules = job.model.blocking_rules;
  const auto add = [&](const std::string& sql) { rules.emplace_back().sql = sql; };
  if (job.predict && rules.empty()) add("1 = 1");
  if (job.training.prior) {
    for (const std::string& sql : job.training.prior->rules) add(sql);
  }
  for (const EmTraining& em : job.training.em) add(em.rule);
  if (job.training.m_from_label_column) {
    add(label_column_question(job.model, *job.training.m_from_label_column).rule);
  }
  all.model.blocking_rules = std::move(rules);
  all.training = {};
  all.derive.clear();
  return all;
}

Result<DataFrame> named_plan(const DataFrame& frame, const Session& session) {
  std::string name = "lw_" + random_uuid();
  std::replace(name.begin(), name.end(), '-', '_');
  ARROW_RETURN_NOT_OK(frame.create_or_replace_temp_view(name));
  return session.table(name);
}

}  // namespace linkwright::spark
