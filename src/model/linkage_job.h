#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/status.h"
#include "model/linkage_model.h"

namespace linkwright {

/// One dataset: a file, a glob, or several files read as one; or, on Spark, a table.
struct InputSpec {
  std::vector<std::string> paths;  // absolute after loading a job file; or with a scheme ("s3://bucket/people")
  std::string table;               // instead of paths: a table that Spark knows, "catalog.schema.people"
  std::string format;              // "parquet" or "delta", for folders, which Spark reads; "": by the file's name
  std::optional<int64_t> version;  // of a table or Delta folder; none: the newest
  std::string name;                // source_dataset of its records; default: the first file's stem
  std::vector<std::pair<std::string, std::string>> types;  // column to type, over what a CSV's values look like
};

struct DeriveSpec {
  std::string column;
  std::string sql;
};

struct PriorTraining {
  std::vector<std::string> rules;
  double recall = 1.0;
};

struct UTraining {
  enum class Method { kSample, kAllPairs };
  Method method = Method::kSample;
  double max_pairs = 1e6;
  uint64_t seed = 1;
};

struct EmTraining {
  std::string rule;
  bool without_term_frequencies = false;
  bool fix_m_probabilities = false;
  bool fix_u_probabilities = true;
  bool fix_probability_two_random_records_match = false;
  bool populate_prior_from_trained_values = false;
};

struct MFromLabelColumn {
  std::string column;
};

struct MFromPairwiseLabels {
  InputSpec labels;
};

struct TrainingSpec {
  std::optional<PriorTraining> prior;
  std::optional<UTraining> u;
  std::vector<EmTraining> em;
  std::optional<MFromLabelColumn> m_from_label_column;
  std::optional<MFromPairwiseLabels> m_from_pairwise_labels;

  bool empty() const;
};

/// A threshold on the match weight (log2 of the odds). Probabilities are turned into weights when a job is read; no
/// value keeps every pair.
struct Threshold {
  std::optional<double> match_probability;
  std::optional<double> match_weight;

  std::optional<double> as_match_weight() const;  // log2(p / (1 - p)); none for p = 0 or no threshold
};

struct ClusterSpec {
  enum class Method { kConnectedComponents, kBestLink };
  enum class Ties { kLowestId, kDrop };
  Method method = Method::kConnectedComponents;
  std::vector<Threshold> thresholds;                 // one: `cluster_id`; several: a column each
  std::vector<std::string> duplicate_free_datasets;  // kBestLink
  Ties ties = Ties::kLowestId;
};

enum class OutputFormat { kParquet, kCsv, kNdjson };

struct OutputSpec {
  std::string directory;
  OutputFormat format = OutputFormat::kParquet;
};

struct EngineSpec {
  std::string kind = "embedded";
  int threads = 0;                 // 0: one a hardware thread
  int64_t memory_limit_bytes = 0;  // 0: none
  std::string spark_json;          // the object under "spark", which its engine reads; "": none
};

/// All that describes a piece of work; see docs/jobs.md for the JSON.
struct LinkageJob {
  std::string name;
  std::vector<InputSpec> inputs;
  std::vector<DeriveSpec> derive;
  LinkageModel model;
  TrainingSpec training;
  std::optional<Threshold> predict;    // none: do not predict
  std::optional<ClusterSpec> cluster;  // none: do not cluster
  OutputSpec output;
  EngineSpec engine;
  bool plain_jaro_winkler = false;  // see JaroWinklerRounding

  /// Reads a job file; paths in it are relative to its folder. Errors give file, JSON path (and line for broken JSON),
  /// what was expected, and the nearest known key.
  static Result<LinkageJob> from_file(const std::string& path);
  static Result<LinkageJob> from_json(const nlohmann::ordered_json& json, const std::string& base_directory,
                                      const std::string& where);
  nlohmann::ordered_json to_json() const;
};

}  // namespace linkwright
