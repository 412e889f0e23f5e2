#include "engine/large_blocks.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "expr/arrow_values.h"
#include "expr/expression.h"

namespace linkwright {
namespace {

constexpr uint64_t kFewestPairs = 1'000'000;
constexpr size_t kMostBlocks = 10;  // since each makes a tenth of all pairs
constexpr double kSmallestShare = 1.0 / kMostBlocks;

// What an expression over one record gives for a row, as text.
Result<std::string> text_of_row(const Expression& expression, uint32_t row, const RecordTable& records,
                                const EvaluationOptions& evaluation) {
  const std::string sql = "CAST((" + expression.to_sql() + ") AS VARCHAR)";
  ARROW_ASSIGN_OR_RAISE(const Expression as_text, Expression::parse(sql));
  const auto types = [&](const ColumnReference& column) { return records.column_type(column.name); };
  ARROW_ASSIGN_OR_RAISE(const Evaluator evaluator, Evaluator::compile(as_text, sql, types, evaluation));
  std::vector<ArrayValues> dictionaries;
  std::vector<Value> values;
  dictionaries.reserve(evaluator.columns().size());
  for (const ColumnReference& reference : evaluator.columns()) {
    ARROW_ASSIGN_OR_RAISE(const EncodedColumn* column, records.column(reference.name));
    ARROW_ASSIGN_OR_RAISE(ArrayValues dictionary, ArrayValues::make(column->values));
    dictionaries.push_back(std::move(dictionary));
    const uint32_t code = column->codes[row];
    values.push_back(code == 0 ? Value::null() : dictionaries.back().at(code - 1));
  }
  Evaluator::Scratch scratch;
  ARROW_ASSIGN_OR_RAISE(const Value text, evaluator.evaluate(values, scratch));
  return text.kind == ValueKind::kText ? std::string(text.text()) : std::string();
}

}  // namespace

bool is_large_block(uint64_t pairs, uint64_t all) {
  return pairs >= kFewestPairs && static_cast<double>(pairs) >= kSmallestShare * static_cast<double>(all);
}

Result<std::string> key_text(const RuleArm& arm, uint32_t row, const RecordTable& records,
                             const EvaluationOptions& evaluation) {
  std::string key;
  for (const KeyEquality& equality : arm.keys) {
    ARROW_ASSIGN_OR_RAISE(const std::string text, text_of_row(equality.left, row, records, evaluation));
    key += (key.empty() ? "'" : ", '") + text + "'";
  }
  return key;
}

std::string LargeBlock::to_text() const {
  std::array<char, 64> percent;
  std::snprintf(percent.data(), percent.size(), "%.0f %%", 100 * share);
  std::string text = "rule " + std::to_string(rule) + " (" + rule_sql + ") puts " + std::to_string(rows) +
                     " records into one block, that of record " + example_id;
  if (!key.empty()) text += " with " + key;
  return text + ": " + std::to_string(pairs) + " pairs, " + percent.data() +
         " of all. If that value is a placeholder, make it null with a derived column; else add a condition to the "
         "rule";
}

Result<std::vector<LargeBlock>> find_large_blocks(const CandidatePairs& pairs, const RecordTable& records,
                                                  const EvaluationOptions& evaluation) {
  std::vector<LargeBlock> found;
  const uint64_t all = pairs.num_pairs_before_exclusion();
  for (size_t rule = 0; rule < pairs.num_rules(); ++rule) {
    if (pairs.num_pairs_before_exclusion(rule) < kFewestPairs) continue;
    for (const CandidatePairs::BlockSize& block : pairs.largest_blocks(rule, kMostBlocks)) {
      const RuleArm& condition = pairs.condition(block.arm);
      // Without a key the rule is meant to compare every record with every other.
      if (!is_large_block(block.num_pairs, all) || condition.keys.empty()) continue;
      std::string key;
      if (pairs.rule(rule).arrays_to_explode.empty()) {
        ARROW_ASSIGN_OR_RAISE(key, key_text(condition, block.example_row, records, evaluation));
      }
      found.push_back({rule, pairs.rule(rule).sql, std::move(key), records.id_text(block.example_row),
                       std::max(block.left_rows, block.right_rows), block.num_pairs,
                       static_cast<double>(block.num_pairs) / static_cast<double>(all)});
    }
  }
  return found;
}

}  // namespace linkwright
