#include "spark/linkage/sql_patterns.h"

#include "column/agreement_pattern.h"
#include "spark/linkage/sql_levels.h"
#include "spark/linkage/sql_pairs.h"
#include "spark/linkage/term_frequencies.h"

namespace linkwright::spark {
namespace {

LinkageModel with_rules(LinkageModel model, const std::vector<std::string>& rules) {
  model.blocking_rules.clear();
  for (const std::string& rule : rules) model.blocking_rules.emplace_back().sql = rule;
  return model;
}

std::string sum_of(const std::vector<std::string>& terms, std::string_view of_none) {
  std::string sum;
  for (const std::string& term : terms) sum.append(sum.empty() ? "" : " + ").append(term);
  return sum.empty() ? std::string(of_none) : sum;
}

std::string level_number(size_t level) { return std::to_string(level) + "L"; }

}  // namespace

Result<std::string> sql_pair_count(const LinkageModel& model, const std::vector<std::string>& rules,
                                   const SqlColumns& columns, const std::string& nodes, SqlRefusals* refusals) {
  ARROW_ASSIGN_OR_RAISE(const std::string pairs, sql_pairs(with_rules(model, rules), columns, nodes, {}, refusals));
  return "SELECT count(*) AS lw_pairs FROM (\n" + pairs + ")";
}

Result<std::string> sql_pattern_counts(const LinkageModel& model, const PatternQuestion& question,
                                       const SqlColumns& columns, const std::string& nodes, SqlRefusals* refusals) {
  LinkageModel asked = with_rules(model, {question.rule});
  asked.comparisons.clear();
  std::vector<size_t> outcomes;
  for (const size_t c : question.comparisons) {
    asked.comparisons.push_back(model.comparisons[c]);
    outcomes.push_back(model.comparisons[c].levels.size());
  }
  ARROW_ASSIGN_OR_RAISE(const PatternSpace patterns, PatternSpace::make(outcomes));
  std::vector<std::string> carried;
  std::string levels;
  std::string adjustments;
  std::vector<std::string> pattern;
  std::vector<std::string> adjusted;
  std::vector<std::string> adjustment;
  for (size_t c = 0; c < asked.comparisons.size(); ++c) {
    const Comparison& comparison = asked.comparisons[c];
    const std::string level = "lw_level_" + std::to_string(c);
    ARROW_ASSIGN_OR_RAISE(
        const std::string number,
        sql_level(comparison, level_number, level_number(patterns.no_level(c)), columns, &carried, refusals));
    levels += ",\n  " + number + " AS " + level;
    pattern.push_back(level + " * " + std::to_string(patterns.stride(c)) + "L");
    if (!question.with_adjustments) continue;
    ARROW_ASSIGN_OR_RAISE(const std::string added, sql_adjustment(comparison, level, level_number));
    if (added.empty()) continue;
    const std::string name = "lw_adjustment_" + std::to_string(c);
    adjustments += ",\n  " + added + " AS " + name;
    adjusted.push_back("if(" + name + " IS NULL, 0L, " + std::to_string(uint64_t{1} << c) + "L)");
    adjustment.push_back("coalesce(" + name + ", 0D)");
  }
  if (!adjustments.empty()) {
    for (const std::string& column : term_frequency_columns(asked)) carried.push_back(frequency_column(column));
  }
  ARROW_ASSIGN_OR_RAISE(const std::string pairs, sql_pairs(asked, columns, nodes, carried, refusals));
  return "WITH lw_pairs AS (\n" + pairs + "),\nlw_levels AS (SELECT *" + levels +
         "\nFROM lw_pairs),\nlw_adjustments AS (SELECT *" + adjustments +
         "\nFROM lw_levels),\nlw_patterns AS (SELECT " + sum_of(pattern, "0L") + " AS lw_pattern,\n  " +
         sum_of(adjusted, "0L") + " AS lw_adjusted,\n  " + sum_of(adjustment, "0D") +
         " AS lw_adjustment\nFROM lw_adjustments)\n" +
         "SELECT lw_pattern, lw_adjusted, lw_adjustment, count(*) AS lw_pairs\nFROM lw_patterns\n" +
         "GROUP BY lw_pattern, lw_adjusted, lw_adjustment";
}

}  // namespace linkwright::spark
