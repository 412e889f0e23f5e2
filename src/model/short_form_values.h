#pragma once

#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "model/column_term.h"
#include "model/json_reader.h"

namespace linkwright {

/// A number as Python writes it: 1 for 1, 1.0 for 1.0, 1e-07 and 1e+16 beyond what it writes out.
std::string python_text(const nlohmann::ordered_json& number);

/// What a threshold may be, both ends included.
struct NumberRange {
  double lowest = std::numeric_limits<double>::lowest();
  double highest = std::numeric_limits<double>::max();
};
constexpr NumberRange kShares = {0, 1};
constexpr NumberRange kNotNegative = {0};

/// Reads the arguments of comparisons and levels in short form, under the names of Splink's parameters. Each error has
/// the JSON path.
class ShortFormReader {
 public:
  using Json = nlohmann::ordered_json;

  explicit ShortFormReader(JsonObject object) : object_(std::move(object)) {}

  JsonObject& object() { return object_; }
  Status error(const std::string& key, const std::string& what) const { return object_.error(key, what); }

  /// A column, under "column" or Splink's "col_name"; or under `key` alone.
  Result<ColumnTerm> column();
  Result<ColumnTerm> column(const std::string& key);
  Result<std::optional<ColumnTerm>> optional_column(const std::string& key);

  /// One number as it is written, so that 1 and 1.0 stay apart; without `fallback` it must be given.
  Result<Json> number(const std::string& key, NumberRange range = {}, const Json& fallback = nullptr);
  /// One number or a list of them under `key`, or under "thresholds" where `or_thresholds`.
  Result<std::vector<Json>> numbers(const std::string& key, NumberRange range, const Json& fallback,
                                    bool or_thresholds = false);
  /// One of `choices`, which must be given.
  Result<std::string> choice(const std::string& key, std::span<const std::string> choices);

 private:
  Result<Json> checked(const std::string& place, const Json& value, NumberRange range) const;

  JsonObject object_;
};

}  // namespace linkwright
