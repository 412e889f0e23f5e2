#pragma once

#include <nlohmann/json.hpp>

namespace linkwright::test {

/// The settings that tests link generated people with, in people.parquet of the job's folder.
inline nlohmann::ordered_json people_settings() {
  using Json = nlohmann::ordered_json;
  Json settings;
  settings["link_type"] = "dedupe_only";
  settings["comparisons"] = Json::array({
      {{"comparison", "NameComparison"}, {"column", "first_name"}, {"term_frequency_adjustments", true}},
      {{"comparison", "NameComparison"}, {"column", "surname"}},
      {{"comparison", "DateOfBirthComparison"}, {"column", "dob"}, {"input_is_string", true}},
      {{"comparison", "EmailComparison"}, {"column", "email"}},
  });
  settings["blocking_rules_to_generate_predictions"] = Json::array(
      {"l.surname = r.surname", "l.dob = r.dob", "substr(l.first_name, 1, 2) = substr(r.first_name, 1, 2)"});
  settings["retain_intermediate_calculation_columns"] = true;
  return settings;
}

}  // namespace linkwright::test
