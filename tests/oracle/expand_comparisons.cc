// Writes out comparisons and blocking rules in short form for comparison_library_cases.py: a JSON object a line in, a
// line out. {"comparison": ...} gives the comparison, {"block_on": ...} the rule, and either may give {"error": ...}.

#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

#include "model/comparison_library.h"
#include "model/linkage_model.h"

namespace {

using Json = nlohmann::ordered_json;
using namespace linkwright;  // NOLINT(google-build-using-namespace)

Json expanded(const Json& input) {
  if (input.contains("block_on")) {
    const auto sql = block_on_sql(input["block_on"], "input", "block_on");
    return sql.ok() ? Json{{"blocking_rule", *sql}} : Json{{"error", sql.status().message()}};
  }
  const auto comparison = read_comparison(input, "input", "");
  if (!comparison.ok()) return Json{{"error", comparison.status().message()}};
  LinkageModel model;
  model.comparisons = {*comparison};
  return model.to_json()["comparisons"][0];
}

}  // namespace

int main() {
  std::string line;
  while (std::getline(std::cin, line)) std::cout << expanded(Json::parse(line)).dump() << '\n';
}
