#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "model/linkage_model.h"

namespace linkwright {

/// A comparison written in short form: {"comparison": "NameComparison", "column": "first_name"}.
bool is_short_form(const nlohmann::ordered_json& json);

/// Writes a short form out. Names, arguments, SQL and labels are those of Splink 5's comparison library, with
/// "column" for its col_name and any argument of `configure` beside the template's own.
/// Errors: an unknown template or argument, with the nearest known one and the JSON path.
Result<Comparison> expand_comparison(const nlohmann::ordered_json& json, const std::string& where,
                                     const std::string& path);

/// Names of all templates that `expand_comparison` knows.
std::span<const std::string> comparison_templates();

/// The rule that records agree on all keys, each a column or an expression over columns:
/// ["a", "substr(b,1,3)"] gives (l."a" = r."a") AND (substr(l."b",1,3) = substr(r."b",1,3)).
Result<std::string> block_on_sql(const std::vector<std::string>& keys);

}  // namespace linkwright
