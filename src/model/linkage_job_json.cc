#include <array>
#include <cmath>
#include <filesystem>
#include <limits>
#include <utility>

#include "base/memory_budget.h"
#include "base/remote_path.h"
#include "model/comparison_checks.h"
#include "model/comparison_library.h"
#include "model/json_reader.h"
#include "model/linkage_job.h"

namespace linkwright {
namespace {

using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

std::string absolute_path(const std::string& path, const std::string& base) {
  if (has_scheme(path) || fs::path(path).is_absolute()) return path;
  return (fs::path(base) / path).lexically_normal().string();
}

std::string dataset_name(const std::string& path) {
  std::string name = fs::path(path).filename().string();
  return name.substr(0, name.find('.'));
}

Result<InputSpec> read_input(const Json& json, const std::string& base, const std::string& where,
                             const std::string& path) {
  InputSpec input;
  if (json.is_string()) {
    if (json.get<std::string>().empty()) return Status::Invalid(where, ": ", path, ": is empty; expected a path");
    input.paths.push_back(absolute_path(json.get<std::string>(), base));
    input.name = dataset_name(input.paths[0]);
    return input;
  }
  ARROW_ASSIGN_OR_RAISE(JsonObject object, JsonObject::make(json, where, path));
  ARROW_ASSIGN_OR_RAISE(const std::vector<std::string> paths, object.names_or_empty("path"));
  ARROW_ASSIGN_OR_RAISE(input.table, object.text_or("table", ""));
  if (!paths.empty() && !input.table.empty())
    return object.error("table", "stands beside a path; expected one of them");
  if (paths.empty() && input.table.empty()) {
    return object.error("path", "is missing; expected a file, a glob, or a list of them");
  }
  for (const std::string& file : paths) input.paths.push_back(absolute_path(file, base));
  if (object.has("format")) {
    static const std::array<std::string, 2> kFormats = {"parquet", "delta"};
    ARROW_ASSIGN_OR_RAISE(const size_t format, object.choice("format", kFormats, 0));
    if (paths.empty()) return object.error("format", "stands beside a table, which knows its own");
    input.format = kFormats[format];
  }
  if (object.has("version")) {
    if (input.table.empty() && input.format != "delta") {
      return object.error("version", "is for tables, and for folders with \"format\": \"delta\"");
    }
    constexpr int64_t kMostVersions = int64_t{1} << 53;
    ARROW_ASSIGN_OR_RAISE(input.version, object.whole_or("version", 0, 0, kMostVersions));
  }
  const std::string unnamed = paths.empty() ? input.table.substr(input.table.rfind('.') + 1) : dataset_name(paths[0]);
  ARROW_ASSIGN_OR_RAISE(input.name, object.name_or("name", unnamed));
  if (const Json* types = object.find("types"); types != nullptr) {
    ARROW_ASSIGN_OR_RAISE(JsonObject columns, object.object("types"));
    static const std::array<std::string, 5> kTypes = {"text", "integer", "double", "date", "timestamp"};
    for (const auto& [column, type] : types->items()) {
      ARROW_ASSIGN_OR_RAISE(const size_t choice, columns.choice(column, kTypes, 0));
      input.types.emplace_back(column, kTypes[choice]);
    }
  }
  ARROW_RETURN_NOT_OK(object.check_unknown_keys());
  return input;
}

// A rule as SQL, or in short form: {"block_on": ["first_name", "dob"]}.
Result<std::string> read_rule(JsonObject& object) {
  if (const Json* keys = object.find("block_on"); keys != nullptr) {
    return block_on_sql(*keys, object.where(), object.path_of("block_on"));
  }
  ARROW_ASSIGN_OR_RAISE(std::string rule, object.text("rule"));
  ARROW_RETURN_NOT_OK(check_sql(rule, object.where() + ": " + object.path_of("rule")));
  return rule;
}

// Deterministic rules: one as a text, or a list of texts and short forms.
Result<std::vector<std::string>> read_rules(JsonObject& object) {
  const Json* rules = object.find("rules");
  if (rules == nullptr || (rules->is_array() && rules->empty())) {
    return object.error("rules", "is missing; expected deterministic rules");
  }
  const Json list = rules->is_array() ? *rules : Json::array({*rules});
  std::vector<std::string> read;
  for (size_t i = 0; i < list.size(); ++i) {
    const std::string path = object.path_of(rules->is_array() ? "rules[" + std::to_string(i) + "]" : "rules");
    if (list[i].is_string()) {
      read.push_back(list[i].get<std::string>());
      ARROW_RETURN_NOT_OK(check_sql(read.back(), object.where() + ": " + path));
      continue;
    }
    ARROW_ASSIGN_OR_RAISE(JsonObject rule, JsonObject::make(list[i], object.where(), path));
    ARROW_ASSIGN_OR_RAISE(read.emplace_back(), read_rule(rule));
    ARROW_RETURN_NOT_OK(rule.check_unknown_keys());
  }
  return read;
}

Result<std::vector<DeriveSpec>> read_derive(JsonObject& object, const std::string& where) {
  std::vector<DeriveSpec> derived;
  const Json* derive = object.find("derive");
  if (derive == nullptr) return derived;
  ARROW_ASSIGN_OR_RAISE(JsonObject columns, object.object("derive"));
  for (const auto& [column, sql] : derive->items()) {
    ARROW_ASSIGN_OR_RAISE(std::string text, columns.text(column));
    if (column.empty()) return object.error("derive", "has an empty key; expected the name of a column");
    ARROW_RETURN_NOT_OK(check_sql(text, where + ": " + columns.path_of(column)));
    derived.push_back({column, std::move(text)});
  }
  return derived;
}

Result<EmTraining> read_em(const Json& json, const std::string& where, const std::string& path) {
  EmTraining em;
  if (json.is_string()) {
    em.rule = json.get<std::string>();
    ARROW_RETURN_NOT_OK(check_sql(em.rule, where + ": " + path));
    return em;
  }
  ARROW_ASSIGN_OR_RAISE(JsonObject object, JsonObject::make(json, where, path));
  ARROW_ASSIGN_OR_RAISE(em.rule, read_rule(object));
  ARROW_ASSIGN_OR_RAISE(em.without_term_frequencies, object.boolean_or("without_term_frequencies", false));
  ARROW_ASSIGN_OR_RAISE(em.fix_m_probabilities, object.boolean_or("fix_m_probabilities", false));
  ARROW_ASSIGN_OR_RAISE(em.fix_u_probabilities, object.boolean_or("fix_u_probabilities", true));
  if (em.fix_m_probabilities && em.fix_u_probabilities) {
    return object.error("fix_m_probabilities",
                        "with u fixed as well there is nothing to estimate; set \"fix_u_probabilities\": false");
  }
  ARROW_ASSIGN_OR_RAISE(em.fix_probability_two_random_records_match,
                        object.boolean_or("fix_probability_two_random_records_match", false));
  ARROW_ASSIGN_OR_RAISE(em.populate_prior_from_trained_values,
                        object.boolean_or("populate_probability_two_random_records_match_from_trained_values", false));
  ARROW_RETURN_NOT_OK(object.check_unknown_keys());
  return em;
}

Result<TrainingSpec> read_training(JsonObject object, const std::string& base) {
  TrainingSpec training;
  if (object.has("prior")) {
    ARROW_ASSIGN_OR_RAISE(JsonObject prior, object.object("prior"));
    PriorTraining& spec = training.prior.emplace();
    ARROW_ASSIGN_OR_RAISE(spec.rules, read_rules(prior));
    ARROW_ASSIGN_OR_RAISE(spec.recall, prior.number_or("recall", 1.0));
    if (!(spec.recall > 0 && spec.recall <= 1)) {
      return prior.error("recall", "expected the share of all matches that the rules find, above 0 and up to 1");
    }
    ARROW_RETURN_NOT_OK(prior.check_unknown_keys());
  }
  if (object.has("u")) {
    ARROW_ASSIGN_OR_RAISE(JsonObject u, object.object("u"));
    UTraining& spec = training.u.emplace();
    static const std::array<std::string, 2> kMethods = {"sample", "all_pairs"};
    ARROW_ASSIGN_OR_RAISE(const size_t method, u.choice("method", kMethods, 0));
    spec.method = static_cast<UTraining::Method>(method);
    ARROW_ASSIGN_OR_RAISE(spec.max_pairs, u.number_or("max_pairs", 1e6));
    if (!(spec.max_pairs >= 1)) return u.error("max_pairs", "expected a count of 1 or more");
    constexpr int64_t kLargestSeed = 9'000'000'000'000'000;  // below 2^53: doubles hold it exactly
    ARROW_ASSIGN_OR_RAISE(const int64_t seed, u.whole_or("seed", 1, 0, kLargestSeed));
    spec.seed = static_cast<uint64_t>(seed);
    ARROW_RETURN_NOT_OK(u.check_unknown_keys());
  }
  ARROW_ASSIGN_OR_RAISE(const auto sessions, object.list_or_empty("em"));
  for (size_t i = 0; i < sessions.size(); ++i) {
    ARROW_ASSIGN_OR_RAISE(training.em.emplace_back(),
                          read_em(*sessions[i], object.where(), object.path_of("em[" + std::to_string(i) + "]")));
  }
  if (object.has("m_from_label_column")) {
    ARROW_ASSIGN_OR_RAISE(training.m_from_label_column.emplace().column, object.name("m_from_label_column"));
  }
  if (const Json* labels = object.find("m_from_pairwise_labels"); labels != nullptr) {
    ARROW_ASSIGN_OR_RAISE(training.m_from_pairwise_labels.emplace().labels,
                          read_input(*labels, base, object.where(), object.path_of("m_from_pairwise_labels")));
    const InputSpec& read = training.m_from_pairwise_labels->labels;
    if (!read.table.empty() || !read.format.empty()) {
      return object.error("m_from_pairwise_labels", "expected a file of labels, which is read by this program");
    }
  }
  ARROW_RETURN_NOT_OK(object.check_unknown_keys());
  return training;
}

Result<std::vector<double>> numbers(JsonObject& object, const std::string& key) {
  const Json* value = object.find(key);
  std::vector<double> numbers;
  if (value == nullptr) return numbers;
  if (value->is_array() && value->empty()) return object.error(key, "is an empty list; leave it out for no threshold");
  for (const Json& item : value->is_array() ? *value : Json::array({*value})) {
    if (!item.is_number()) return object.error(key, "expected a number or a list of numbers, found " + value->dump());
    numbers.push_back(item.get<double>());
  }
  return numbers;
}

Result<std::vector<Threshold>> read_thresholds(JsonObject& object) {
  ARROW_ASSIGN_OR_RAISE(const std::vector<double> probabilities, numbers(object, "threshold_match_probability"));
  ARROW_ASSIGN_OR_RAISE(const std::vector<double> weights, numbers(object, "threshold_match_weight"));
  if (!probabilities.empty() && !weights.empty()) {
    return object.error("threshold_match_weight", "is given beside threshold_match_probability; keep one");
  }
  std::vector<Threshold> thresholds;
  const std::string place = object.where() + ": " + object.path_of("threshold_match_probability");
  for (const double probability : probabilities) {
    ARROW_RETURN_NOT_OK(check_probability(probability, place));
    thresholds.push_back({probability, std::nullopt});
  }
  for (const double weight : weights) thresholds.push_back({std::nullopt, weight});
  return thresholds;
}

Result<Threshold> read_predict(JsonObject object) {
  ARROW_ASSIGN_OR_RAISE(const std::vector<Threshold> thresholds, read_thresholds(object));
  if (thresholds.size() > 1) return object.error("threshold_match_probability", "predict takes one threshold");
  ARROW_RETURN_NOT_OK(object.check_unknown_keys());
  return thresholds.empty() ? Threshold{} : thresholds[0];
}

Result<ClusterSpec> read_cluster(JsonObject object) {
  ClusterSpec cluster;
  ARROW_ASSIGN_OR_RAISE(cluster.thresholds, read_thresholds(object));
  if (cluster.thresholds.empty()) cluster.thresholds.emplace_back();
  static const std::array<std::string, 2> kMethods = {"connected_components", "best_link"};
  ARROW_ASSIGN_OR_RAISE(const size_t method, object.choice("method", kMethods, 0));
  cluster.method = static_cast<ClusterSpec::Method>(method);
  ARROW_ASSIGN_OR_RAISE(cluster.duplicate_free_datasets, object.texts_or_empty("duplicate_free_datasets"));
  static const std::array<std::string, 2> kTies = {"lowest_id", "drop"};
  ARROW_ASSIGN_OR_RAISE(const size_t ties, object.choice("ties", kTies, 0));
  cluster.ties = static_cast<ClusterSpec::Ties>(ties);
  if (cluster.method == ClusterSpec::Method::kBestLink && cluster.thresholds.size() > 1) {
    return object.error("threshold_match_probability", "best_link takes one threshold");
  }
  ARROW_RETURN_NOT_OK(object.check_unknown_keys());
  return cluster;
}

Result<OutputSpec> read_output(JsonObject object, const std::string& base) {
  OutputSpec output;
  ARROW_ASSIGN_OR_RAISE(const std::string directory, object.text_or("dir", "out"));
  output.directory = absolute_path(directory, base);
  static const std::array<std::string, 3> kFormats = {"parquet", "csv", "ndjson"};
  ARROW_ASSIGN_OR_RAISE(const size_t format, object.choice("format", kFormats, 0));
  output.format = static_cast<OutputFormat>(format);
  ARROW_RETURN_NOT_OK(object.check_unknown_keys());
  return output;
}

Result<EngineSpec> read_engine(JsonObject object) {
  EngineSpec engine;
  static const std::array<std::string, 2> kKinds = {"embedded", "spark"};
  ARROW_ASSIGN_OR_RAISE(const size_t kind, object.choice("kind", kKinds, 0));
  engine.kind = kKinds[kind];
  constexpr int64_t kMostThreads = 4096;
  ARROW_ASSIGN_OR_RAISE(const int64_t threads, object.whole_or("threads", 0, 0, kMostThreads));
  engine.threads = static_cast<int>(threads);
  if (object.has("memory_limit")) {
    ARROW_ASSIGN_OR_RAISE(const std::string limit, object.text("memory_limit"));
    auto bytes = parse_bytes(limit);
    if (!bytes.ok()) return object.error("memory_limit", bytes.status().message());
    engine.memory_limit_bytes = *bytes;
  }
  if (const Json* spark = object.find("spark"); spark != nullptr) {
    ARROW_RETURN_NOT_OK(object.object("spark").status());
    engine.spark_json = spark->dump();
  }
  ARROW_RETURN_NOT_OK(object.check_unknown_keys());
  return engine;
}

Result<LinkageModel> read_model(JsonObject& object, const std::string& base) {
  const bool has_settings = object.has("settings");
  if (has_settings == object.has("model")) {
    return object.error("settings", has_settings ? "is given beside \"model\"; keep one"
                                                 : "is missing; give \"settings\" (to be trained) or a \"model\"");
  }
  const std::string key = has_settings ? "settings" : "model";
  const Json& value = *object.find(key);
  if (value.is_string()) return LinkageModel::from_file(absolute_path(value.get<std::string>(), base));
  auto model = LinkageModel::from_json(value, object.where() + ": " + key);
  return model;
}

Status check_inputs(const LinkageJob& job, const JsonObject& object) {
  if (job.inputs.empty()) return object.error("inputs", "is missing or empty; a job needs at least one input");
  if (job.model.link_type == LinkType::kDedupeOnly && job.inputs.size() > 1) {
    return object.error("inputs",
                        "several inputs with link_type dedupe_only; use link_only or link_and_dedupe in the "
                        "settings, or list the files in one input's \"path\" to read them as one dataset");
  }
  for (size_t i = 0; i < job.inputs.size(); ++i) {
    for (size_t other = 0; other < i; ++other) {
      if (job.inputs[i].name == job.inputs[other].name) {
        return object.error("inputs", "two inputs are named '" + job.inputs[i].name + "'; give each its own \"name\"");
      }
    }
  }
  return Status::OK();
}

}  // namespace

bool TrainingSpec::empty() const {
  return !prior && !u && em.empty() && !m_from_label_column && !m_from_pairwise_labels;
}

std::optional<double> Threshold::as_match_weight() const {
  if (match_weight) return match_weight;
  if (!match_probability || *match_probability <= 0) return std::nullopt;
  if (*match_probability >= 1) return std::numeric_limits<double>::infinity();
  return std::log2(*match_probability / (1 - *match_probability));
}

Result<LinkageJob> LinkageJob::from_file(const std::string& path) {
  ARROW_ASSIGN_OR_RAISE(const Json json, read_json_file(path));
  return from_json(json, fs::absolute(path).parent_path().string(), path);
}

Result<LinkageJob> LinkageJob::from_json(const Json& json, const std::string& base, const std::string& where) {
  ARROW_ASSIGN_OR_RAISE(JsonObject object, JsonObject::make(json, where, ""));
  LinkageJob job;
  ARROW_ASSIGN_OR_RAISE(job.name, object.text_or("name", ""));
  ARROW_ASSIGN_OR_RAISE(const auto inputs, object.list_or_empty("inputs"));
  for (size_t i = 0; i < inputs.size(); ++i) {
    ARROW_ASSIGN_OR_RAISE(job.inputs.emplace_back(),
                          read_input(*inputs[i], base, where, "inputs[" + std::to_string(i) + "]"));
  }
  ARROW_ASSIGN_OR_RAISE(job.derive, read_derive(object, where));
  ARROW_ASSIGN_OR_RAISE(job.model, read_model(object, base));
  if (object.has("training")) {
    ARROW_ASSIGN_OR_RAISE(JsonObject training, object.object("training"));
    ARROW_ASSIGN_OR_RAISE(job.training, read_training(std::move(training), base));
  }
  if (object.has("predict")) {
    ARROW_ASSIGN_OR_RAISE(JsonObject predict, object.object("predict"));
    ARROW_ASSIGN_OR_RAISE(job.predict, read_predict(std::move(predict)));
  }
  if (object.has("cluster")) {
    ARROW_ASSIGN_OR_RAISE(JsonObject cluster, object.object("cluster"));
    ARROW_ASSIGN_OR_RAISE(job.cluster, read_cluster(std::move(cluster)));
    if (!job.predict) job.predict.emplace();
  }
  job.output.directory = absolute_path("out", base);
  if (object.has("output")) {
    ARROW_ASSIGN_OR_RAISE(JsonObject output, object.object("output"));
    ARROW_ASSIGN_OR_RAISE(job.output, read_output(std::move(output), base));
  }
  if (object.has("engine")) {
    ARROW_ASSIGN_OR_RAISE(JsonObject engine, object.object("engine"));
    ARROW_ASSIGN_OR_RAISE(job.engine, read_engine(std::move(engine)));
  }
  static const std::array<std::string, 2> kRoundings = {"fused", "plain"};
  ARROW_ASSIGN_OR_RAISE(const size_t rounding, object.choice("jaro_winkler", kRoundings, 0));
  job.plain_jaro_winkler = rounding == 1;
  ARROW_RETURN_NOT_OK(object.check_unknown_keys());
  ARROW_RETURN_NOT_OK(check_inputs(job, object));
  return job;
}

}  // namespace linkwright
