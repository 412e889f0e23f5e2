#include "profile/column_overlap.h"

#include <arrow/table.h>

#include <optional>
#include <string>
#include <vector>

#include "profile/column_text.h"

namespace linkwright {
namespace {

constexpr int64_t kRowsToLookAt = 4'000;
constexpr double kMostRows = .8;

using Values = std::vector<std::optional<std::string>>;

bool is_name(const ColumnProfile& column) {
  return column.guess.role == ColumnRole::kFirstName || column.guess.role == ColumnRole::kLastName ||
         column.guess.role == ColumnRole::kFullName;
}

/// Share of the records with both values for which `holds` is true; 0 when there are hardly any.
template <typename Relation>
double share_of_records(const Values& one, const Values& other, Relation holds) {
  size_t both = 0, holding = 0;
  for (size_t i = 0; i < one.size(); ++i) {
    if (!one[i] || !other[i]) continue;
    ++both;
    holding += holds(*one[i], *other[i]);
  }
  return both * 20 < one.size() || both == 0 ? 0 : static_cast<double>(holding) / static_cast<double>(both);
}

}  // namespace

Status ignore_repeated_columns(const arrow::Table& table, TableProfile& profile) {
  const std::vector<int64_t> rows = sample_rows(table.num_rows(), kRowsToLookAt);
  std::vector<Values> values(profile.columns.size());
  for (size_t i = 0; i < profile.columns.size(); ++i) {
    const ColumnProfile& column = profile.columns[i];
    const bool is_of_interest = column.is_text && column.distinct > 50 && column.guess.role != ColumnRole::kIgnored &&
                                column.guess.role != ColumnRole::kUniqueId && column.guess.role != ColumnRole::kTruth;
    const auto array = is_of_interest ? table.GetColumnByName(column.name) : nullptr;
    if (array == nullptr) continue;
    values[i].resize(rows.size());
    ARROW_RETURN_NOT_OK(visit_text(*array, rows, [&](size_t place, std::string_view text) {
      if (text.data() != nullptr) values[i][place] = std::string(text);
    }));
  }
  for (size_t i = 0; i < values.size(); ++i) {
    ColumnProfile& column = profile.columns[i];
    for (size_t other = 0; other < values.size() && !values[i].empty(); ++other) {
      if (i == other || values[other].empty()) continue;
      const ColumnProfile& part = profile.columns[other];
      const auto is_equal = [](const std::string& one, const std::string& its) { return one == its; };
      const auto contains = [](const std::string& one, const std::string& its) {
        return one.size() > its.size() && one.find(its) != std::string::npos;
      };
      if (other < i && share_of_records(values[i], values[other], is_equal) > .98) {
        column.guess = {ColumnRole::kIgnored, "it repeats the column '" + part.name + "'"};
      } else if (is_name(column) && is_name(part) && column.average_length > part.average_length + 2 &&
                 share_of_records(values[i], values[other], contains) > kMostRows) {
        column.guess = {ColumnRole::kIgnored, "it contains the column '" + part.name + "', which would count twice"};
      } else {
        continue;
      }
      values[i].clear();
    }
  }
  return Status::OK();
}

}  // namespace linkwright
