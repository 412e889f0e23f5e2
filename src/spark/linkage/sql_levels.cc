#include "spark/linkage/sql_levels.h"

#include <cmath>

#include "model/match_weights.h"
#include "spark/linkage/term_frequencies.h"

namespace linkwright::spark {
namespace {

// greatest() passes over a null, and is null where both frequencies are.
std::string adjusted(const TermFrequencyAdjustment& wanted) {
  const std::string column = frequency_column(wanted.column);
  std::string most = "greatest(" + sql_name(column + "_l") + ", " + sql_name(column + "_r") + ")";
  if (wanted.minimum_u > 0) {
    most = "CASE WHEN " + most + " IS NOT NULL THEN greatest(" + most + ", " + sql_number(wanted.minimum_u) + ") END";
  }
  return sql_number(wanted.weight) + " * (" + sql_number(std::log2(wanted.u_probability)) + " - log2(" + most + "))";
}

}  // namespace

Result<std::string> sql_level(const Comparison& comparison, const std::function<std::string(size_t level)>& value,
                              std::string_view none, const SqlColumns& columns, std::vector<std::string>* columns_read,
                              SqlRefusals* refusals) {
  std::string text = "CASE";
  std::string otherwise(none);
  for (size_t l = 0; l < comparison.levels.size(); ++l) {
    const ComparisonLevel& level = comparison.levels[l];
    if (level.is_else()) {
      otherwise = value(l);
      break;
    }
    const std::string place =
        "comparison '" + comparison.output_column_name + "', level '" + level.label_for_charts + "'";
    ARROW_ASSIGN_OR_RAISE(const std::string sql,
                          refusals->note(columns.of_pair(level.sql_condition, columns_read), place));
    text += "\n  WHEN " + sql + " THEN " + value(l);
  }
  // Where ELSE is the only level there is nothing to ask.
  return text == "CASE" ? otherwise : text + " ELSE " + otherwise + " END";
}

Result<std::string> sql_adjustment(const Comparison& comparison, const std::string& level,
                                   const std::function<std::string(size_t level)>& value) {
  std::string text;
  for (size_t l = 0; l < comparison.levels.size(); ++l) {
    ARROW_ASSIGN_OR_RAISE(const auto wanted, term_frequency_adjustment(comparison, l));
    if (wanted) text += " WHEN " + value(l) + " THEN " + adjusted(*wanted);
  }
  return text.empty() ? text : "CASE " + level + text + " END";
}

}  // namespace linkwright::spark
