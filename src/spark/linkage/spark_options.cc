#include "spark/linkage/spark_options.h"

#include <array>
#include <nlohmann/json.hpp>

#include "model/json_reader.h"

namespace linkwright::spark {
namespace {

constexpr int64_t kMostPartitions = 100'000;
constexpr int64_t kMostProcesses = 100'000;

// Settings are text to Spark; numbers and truths are written as it reads them.
Result<std::string> setting(const JsonObject& conf, const std::string& key, const nlohmann::ordered_json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number() || value.is_boolean()) return value.dump();
  return conf.error(key, "expected a text, a number, true or false");
}

Result<SparkOptions::Output> read_output(JsonObject& spark) {
  SparkOptions::Output output;
  const nlohmann::ordered_json* written = spark.find("output");
  if (written == nullptr) return output;
  if (!written->is_object()) {
    ARROW_ASSIGN_OR_RAISE(output.folder, spark.text("output"));
    return output;
  }
  ARROW_ASSIGN_OR_RAISE(JsonObject object, spark.object("output"));
  ARROW_ASSIGN_OR_RAISE(output.folder, object.name_or("dir", ""));
  static const std::array<std::string, 2> kFormats = {"parquet", "delta"};
  ARROW_ASSIGN_OR_RAISE(const size_t format, object.choice("format", kFormats, 0));
  output.is_delta = format == 1;
  ARROW_ASSIGN_OR_RAISE(output.predictions_table, object.name_or("predictions", ""));
  ARROW_ASSIGN_OR_RAISE(output.clusters_table, object.name_or("clusters", ""));
  ARROW_RETURN_NOT_OK(object.check_unknown_keys());
  return output;
}

}  // namespace

Result<SparkOptions> read_spark_options(const std::string& json, const std::string& where) {
  SparkOptions options;
  if (json.empty()) return options;
  ARROW_ASSIGN_OR_RAISE(const nlohmann::ordered_json parsed, parse_json(json, where));
  ARROW_ASSIGN_OR_RAISE(JsonObject object, JsonObject::make(parsed, where, "engine.spark"));
  const auto optional_name = [&](const std::string& key, std::optional<std::string>* value) -> Status {
    if (!object.has(key)) return Status::OK();
    return object.name(key).Value(&value->emplace());
  };
  ARROW_RETURN_NOT_OK(optional_name("remote", &options.connection.remote));
  ARROW_RETURN_NOT_OK(optional_name("profile", &options.connection.profile));
  ARROW_RETURN_NOT_OK(optional_name("cluster_id", &options.connection.cluster_id));
  const auto optional_number = [&](const std::string& key, int64_t most, std::optional<int>* value) -> Status {
    if (!object.has(key)) return Status::OK();
    ARROW_ASSIGN_OR_RAISE(const int64_t number, object.whole_or(key, 1, 1, most));
    *value = static_cast<int>(number);
    return Status::OK();
  };
  ARROW_RETURN_NOT_OK(optional_number("partitions", kMostPartitions, &options.partitions));
  ARROW_ASSIGN_OR_RAISE(options.local.master, object.text_or("master", ""));
  ARROW_ASSIGN_OR_RAISE(options.local.spark_home, object.text_or("spark_home", ""));
  ARROW_ASSIGN_OR_RAISE(options.local.executor_memory, object.text_or("executor_memory", ""));
  ARROW_ASSIGN_OR_RAISE(options.local.driver_memory, object.text_or("driver_memory", ""));
  ARROW_ASSIGN_OR_RAISE(options.local.local_dir, object.text_or("local_dir", ""));
  ARROW_RETURN_NOT_OK(optional_number("num_executors", kMostProcesses, &options.local.num_executors));
  ARROW_RETURN_NOT_OK(optional_number("executor_cores", kMostProcesses, &options.local.executor_cores));
  ARROW_RETURN_NOT_OK(optional_number("shuffle_partitions", kMostPartitions, &options.local.shuffle_partitions));
  if (object.has("conf")) {
    ARROW_ASSIGN_OR_RAISE(JsonObject conf, object.object("conf"));
    for (const auto& [key, value] : object.find("conf")->items()) {
      ARROW_ASSIGN_OR_RAISE(std::string text, setting(conf, key, value));
      options.conf.emplace_back(key, std::move(text));
    }
  }
  static const std::array<std::string, 3> kNativeUses = {"auto", "never", "required"};
  ARROW_ASSIGN_OR_RAISE(const size_t native, object.choice("native", kNativeUses, 0));
  options.native = static_cast<NativeUse>(native);
  ARROW_ASSIGN_OR_RAISE(options.kernel, object.text_or("kernel", ""));
  ARROW_ASSIGN_OR_RAISE(options.output, read_output(object));
  ARROW_RETURN_NOT_OK(object.check_unknown_keys());
  return options;
}

}  // namespace linkwright::spark
