// Reads any bytes as settings, a job, a comparison in short form or keys of block_on: no crash, no hang, no leak, a
// message in UTF-8 for what is refused, and what is written reads back as the same.

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "expr/expression.h"
#include "model/comparison_library.h"
#include "model/json_reader.h"
#include "model/linkage_job.h"
#include "model/linkage_model.h"

namespace {

using namespace linkwright;  // NOLINT(google-build-using-namespace)
using Json = nlohmann::ordered_json;

void check_message(const Status& status) {
  if (status.ok()) return;
  if (status.message().empty()) std::abort();
  (void)Json(status.message()).dump();  // throws for bytes that are not UTF-8
}

void check_model(const Json& json) {
  const auto model = LinkageModel::from_json(json, "settings.json");
  check_message(model.status());
  if (!model.ok()) return;
  const Json written = model->to_json();
  const auto again = LinkageModel::from_json(written, "written.json");
  if (!again.ok() || again->to_json() != written) std::abort();
}

void check_job(const Json& json) {
  const auto job = LinkageJob::from_json(json, "/base", "job.json");
  check_message(job.status());
  if (!job.ok()) return;
  const Json written = job->to_json();
  const auto again = LinkageJob::from_json(written, "/base", "written.json");
  if (!again.ok() || again->to_json() != written) std::abort();
}

void check_comparison(const Json& json) {
  const auto comparison = read_comparison(json, "settings.json", "comparisons[0]");
  check_message(comparison.status());
  if (!comparison.ok()) return;
  LinkageModel model;
  model.comparisons = {*comparison};
  check_model(model.to_json());
}

void check_block_on(const Json& json) {
  const auto sql = block_on_sql(json, "settings.json", "block_on");
  check_message(sql.status());
  if (sql.ok() && !Expression::parse(*sql).ok()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto json = parse_json(std::string_view(reinterpret_cast<const char*>(data), size), "any.json");
  check_message(json.status());
  if (!json.ok()) return 0;
  check_model(*json);
  // A job may name a file of settings, which is not what is tried here.
  const bool names_a_file =
      json->is_object() && (json->value("settings", Json()).is_string() || json->value("model", Json()).is_string());
  if (!names_a_file) check_job(*json);
  check_comparison(*json);
  check_block_on(json->is_object() && json->contains("block_on") ? (*json)["block_on"] : *json);
  return 0;
}
