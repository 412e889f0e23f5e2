#include "engine/input_survey.h"

#include <algorithm>
#include <utility>

#include "engine/job_records.h"
#include "expr/expression.h"

namespace linkwright {
namespace {

// Takes in what a table of the same records holds beside those known.
void add_table(const TableSurvey& table, InputSurvey* survey) {
  survey->rows += table.rows;
  for (const ColumnSurvey& column : table.columns) {
    const auto known = std::find_if(survey->columns.begin(), survey->columns.end(),
                                    [&](const ColumnSurvey& other) { return other.name == column.name; });
    if (known == survey->columns.end()) {
      if (survey->inputs.empty()) survey->columns.push_back(column);
      continue;
    }
    known->is_text = known->is_text || column.is_text;
    known->values += column.values;
    known->bytes += column.bytes;
    known->distinct_values += column.distinct_values;
    known->distinct_bytes += column.distinct_bytes;
  }
}

// Of a derived column nothing is known but what it is made of: as many values as all combinations, if that is less
// than the records.
Result<ColumnSurvey> survey_derived(const DeriveSpec& derived, const InputSurvey& survey) {
  ARROW_ASSIGN_OR_RAISE(const Expression expression, Expression::parse(derived.sql));
  ColumnSurvey column{derived.column, true, survey.rows, 0, 0, 0};
  double combinations = 1;
  double length = 0;
  for (const ColumnReference& reference : expression.columns()) {
    const ColumnSurvey* input = survey.find(reference.name);
    if (input == nullptr) continue;
    combinations *= static_cast<double>(input->distinct_values) + 1;
    length += input->is_text ? average_text_bytes(*input) : 8;
  }
  const double distinct = std::min(combinations, static_cast<double>(survey.rows));
  column.distinct_values = static_cast<uint64_t>(distinct);
  column.bytes = static_cast<uint64_t>(length * static_cast<double>(survey.rows));
  column.distinct_bytes = static_cast<uint64_t>(length * distinct);
  return column;
}

}  // namespace

const ColumnSurvey* InputSurvey::find(const std::string& name) const {
  const auto found =
      std::find_if(columns.begin(), columns.end(), [&](const auto& column) { return column.name == name; });
  return found == columns.end() ? nullptr : &*found;
}

double average_text_bytes(const ColumnSurvey& column) {
  return column.values == 0 ? 0 : static_cast<double>(column.bytes) / static_cast<double>(column.values);
}

Result<InputSurvey> survey_inputs(const LinkageJob& job, const RunContext& context) {
  InputSurvey survey;
  for (const InputSpec& input : job.inputs) {
    ReadOptions options = read_options(input, context.cancellation);
    ARROW_RETURN_NOT_OK(check_is_file(input));
    ARROW_ASSIGN_OR_RAISE(TableSurvey table, survey_tables(input.paths, options));
    add_table(table, &survey);
    survey.inputs.push_back(std::move(table));
  }
  for (const DeriveSpec& derived : job.derive) {
    ARROW_ASSIGN_OR_RAISE(ColumnSurvey column, survey_derived(derived, survey));
    survey.columns.push_back(std::move(column));
  }
  return survey;
}

}  // namespace linkwright
