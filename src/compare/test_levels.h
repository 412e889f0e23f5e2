#pragma once

// The levels of a comparison by definition, for tests.

#include <string>
#include <vector>

#include "column/pair_tile.h"
#include "column/record_table.h"
#include "expr/arrow_values.h"
#include "expr/evaluator.h"
#include "model/linkage_model.h"

namespace linkwright::test {

inline Comparison comparison_of(const std::vector<std::string>& conditions) {
  Comparison comparison;
  comparison.output_column_name = "c";
  for (const std::string& condition : conditions) {
    ComparisonLevel level;
    level.sql_condition = condition;
    level.label_for_charts = condition;
    comparison.levels.push_back(level);
  }
  return comparison;
}

/// Each condition as SQL, in order, evaluated for this pair alone; the number of levels where none holds.
inline Result<size_t> level_by_sql(const Comparison& comparison, const RecordTable& records, RowPair pair) {
  for (size_t level = 0; level < comparison.levels.size(); ++level) {
    const std::string& sql = comparison.levels[level].sql_condition;
    if (comparison.levels[level].is_else()) return level;
    ARROW_ASSIGN_OR_RAISE(const Expression parsed, Expression::parse(sql));
    const Expression condition = parsed.with_sides([&](std::string_view name) { return records.has_column(name); });
    ARROW_ASSIGN_OR_RAISE(const Evaluator evaluator, Evaluator::compile(condition, sql, [&](const ColumnReference& c) {
                            return records.column_type(c.name);
                          }));
    std::vector<Value> values;
    std::vector<ArrayValues> dictionaries;
    for (const ColumnReference& column : evaluator.columns()) {
      ARROW_ASSIGN_OR_RAISE(const EncodedColumn* encoded, records.column(column.name));
      ARROW_ASSIGN_OR_RAISE(ArrayValues dictionary, ArrayValues::make(encoded->values));
      dictionaries.push_back(std::move(dictionary));
      const uint32_t code = encoded->codes[column.side == Side::kLeft ? pair.left : pair.right];
      values.push_back(code == 0 ? Value::null() : dictionaries.back().at(code - 1));
    }
    Evaluator::Scratch scratch;
    ARROW_ASSIGN_OR_RAISE(const Value holds, evaluator.evaluate(values, scratch));
    if (holds.kind == ValueKind::kBoolean && holds.boolean) return level;
  }
  return comparison.levels.size();
}

}  // namespace linkwright::test
