#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "base/status.h"
#include "model/linkage_model.h"

namespace linkwright {

/// Reads a comparison: in long form, as Splink's settings JSON has it, or in short form, with a class of Splink 5's
/// comparison library as "comparison" ({"comparison": "NameComparison", "column": "first_name"}), the parameters of its
/// constructor ("column" for col_name) and those of `configure` beside it. Levels of either form may be in short form,
/// see comparison_levels.h. What is written out has Splink's SQL, labels and names.
///
/// Errors: what check_comparison refuses, and an unknown template or key, with the nearest known one; all with the JSON
/// path.
Result<Comparison> read_comparison(const nlohmann::ordered_json& json, const std::string& where,
                                   const std::string& path);

/// Names of all templates that "comparison" may have.
std::vector<std::string> comparison_templates();

/// Splink's rule that records agree on all keys: ["a", "substr(b,1,3)"] gives
/// (l."a" = r."a") AND (SUBSTRING(l.b, 1, 3) = SUBSTRING(r.b, 1, 3)). A key is what ColumnTerm::from_json takes; a
/// single one needs no list. Errors: no key, or one that reads no column and so would block everything, with the JSON
/// path.
Result<std::string> block_on_sql(const nlohmann::ordered_json& keys, const std::string& where, const std::string& path);

}  // namespace linkwright
