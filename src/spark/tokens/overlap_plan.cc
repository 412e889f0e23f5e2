#include "spark/tokens/overlap_plan.h"

#include "token/overlap_report.h"

namespace linkwright::spark {
namespace {

std::string tokens_column(size_t rule) { return "lw_t" + std::to_string(rule); }

/// How many choices of a token of each rule a record has; a double, which large numbers do not overflow.
std::string choices_of(const OverlapOptions::RuleSet& set) {
  std::string product = "1D";
  for (const size_t rule : set.rules) product += " * size(" + tokens_column(rule) + ")";
  return product;
}

/// The list of these choices: the digests of each, one behind the other.
std::string keys_of(const OverlapOptions::RuleSet& set) {
  std::string keys = tokens_column(set.rules.front());
  for (size_t i = 1; i < set.rules.size(); ++i) {
    const std::string number = std::to_string(i);
    keys = "flatten(transform(" + keys + ", k" + number + " -> transform(" + tokens_column(set.rules[i]) + ", d" +
           number + " -> concat(k" + number + ", d" + number + "))))";
  }
  return keys;
}

/// A row for each key that a record has under a set. `side` is "1" or "2".
DataFrame keyed_records(const DataFrame& records, const std::vector<OverlapOptions::RuleSet>& sets,
                        const std::string& side) {
  std::string keys;
  for (size_t set = 0; set < sets.size(); ++set) {
    keys += (set == 0 ? "" : ", ") + ("transform(" + keys_of(sets[set]) + ", k -> named_struct('lw_set', ") +
            std::to_string(set) + ", 'lw_key', k))";
  }
  const Column dataset = col("lw_dataset") == lit(side == "1" ? 0 : 1);
  return records.filter(dataset && col("lw_count").is_null())
      .select({col("RecordId").alias("lw_id" + side), col("lw_row").alias("lw_row" + side),
               expr("inline(concat(" + keys + "))")});
}

}  // namespace

Column row_number(bool has_order) {
  // Spark reads the parts of one file in their order.
  return has_order ? expr("monotonically_increasing_id()") : lit(int64_t{0});
}

DataFrame overlap_records(const DataFrame& digests, size_t rules) {
  // One list of rows a record, nearly always of one row: Spark's aggregates take time for each object that they hold.
  std::string row;
  for (size_t rule = 0; rule < rules; ++rule) row += (rule == 0 ? "" : ", ") + tokens_column(rule);
  std::vector<Column> columns = {col("lw_dataset"), col("lw_count"), col("RecordId"), col("lw_row"), col("lw_rows")};
  for (size_t rule = 0; rule < rules; ++rule) {
    const std::string name = tokens_column(rule);
    columns.push_back(expr("array_except(lw_digests." + name + ", array(CAST(NULL AS BINARY)))").alias(name));
  }
  return digests.group_by({col("lw_dataset"), col("lw_count"), col("RecordId")})
      .agg({expr("min(lw_row) AS lw_row"), expr("sum(lw_rows) AS lw_rows"),
            expr("collect_list(struct(" + row + ")) AS lw_digests")})
      .select(columns);
}

DataFrame overlap_tallies(const DataFrame& records, const std::vector<OverlapOptions::RuleSet>& sets) {
  std::string choices = "greatest(0D";
  for (const auto& set : sets) choices += ", " + choices_of(set);
  choices += ")";
  return records.group_by({col("lw_dataset"), col("lw_count")})
      .agg({expr("sum(lw_rows) AS lw_rows"), expr("count(*) AS lw_records"),
            expr("max(least(" + choices + ", " + std::to_string(2 * kMostChoices) + ")) AS lw_choices"),
            expr("max(CASE WHEN " + choices + " > " + std::to_string(kMostChoices) +
                 " THEN RecordId END) AS lw_crowded")});
}

DataFrame overlap_pairs(const DataFrame& records, const std::vector<OverlapOptions::RuleSet>& sets, bool has_choices) {
  const DataFrame pairs = keyed_records(records, sets, "1")
                              .join(keyed_records(records, sets, "2"), {"lw_set", "lw_key"})
                              .select({col("lw_set"), col("lw_row1"), col("lw_id1"), col("lw_row2"), col("lw_id2")});
  return has_choices ? pairs.distinct() : pairs;
}

DataFrame overlap_matching(const DataFrame& pairs) {
  return pairs.group_by({col("lw_set")})
      .agg({expr("count(DISTINCT lw_id1) AS lw_matching1"), expr("count(DISTINCT lw_id2) AS lw_matching2")});
}

DataFrame overlap_matches(const DataFrame& pairs, size_t set) {
  return pairs.filter(col("lw_set") == lit(static_cast<int32_t>(set)))
      .sort({col("lw_row1"), col("lw_id1"), col("lw_row2"), col("lw_id2")})
      .select({col("lw_id1"), col("lw_id2")});
}

DataFrame overlap_table(const DataFrame& pairs, const OverlapOptions& options) {
  std::vector<Column> names;
  for (const auto& set : options.distinct_rule_sets()) names.push_back(lit(matching_rules_name(set.names)));
  return pairs.select(
      {call_function("element_at", {call_function("array", names), col("lw_set") + lit(1)}).alias("MatchingRules"),
       col("lw_id1").alias(options.name1 + "_RecordId"), col("lw_id2").alias(options.name2 + "_RecordId")});
}

}  // namespace linkwright::spark
