#include "spark/linkage/sql_pairs.h"

#include <algorithm>
#include <utility>

#include "base/joined.h"
#include "block/blocking_rule.h"

namespace linkwright::spark {
namespace {

// An arm of a rule as a condition over l and r.
struct SqlArm {
  size_t rule = 0;
  std::string condition;
  std::vector<std::string> exploded;  // arrays of which every element makes a key
};

class PairQuery {
 public:
  PairQuery(const LinkageModel& model, const SqlColumns& columns, const std::string& nodes)
      : model_(model), columns_(columns), nodes_(nodes) {}

  Status add_rules(SqlRefusals* refusals) {
    for (size_t rule = 0; rule < model_.blocking_rules.size(); ++rule) {
      const BlockingRuleSettings& settings = model_.blocking_rules[rule];
      ARROW_ASSIGN_OR_RAISE(const BlockingRule parsed, BlockingRule::parse(settings.sql, settings.arrays_to_explode));
      const SqlColumns columns = columns_.with_elements_of(settings.arrays_to_explode);
      std::vector<std::string> exploded;
      for (const std::string& name : settings.arrays_to_explode) exploded.push_back(columns_.name_in_data(name));
      for (const RuleArm& arm : parsed.arms) {
        ARROW_ASSIGN_OR_RAISE(std::string sql,
                              refusals->note(condition(arm, columns), "blocking rule '" + settings.sql + "'"));
        arms_.push_back({rule, std::move(sql), exploded});
      }
    }
    if (arms_.empty()) arms_.push_back({0, "TRUE", {}});  // without rules, every record meets every other
    return Status::OK();
  }

  std::string text(const std::vector<std::string>& carried) const {
    std::vector<std::string> columns;
    for (const std::string& name : carried) {
      columns.push_back("l." + sql_name(name) + " AS " + sql_name(name + "_l"));
      columns.push_back("r." + sql_name(name) + " AS " + sql_name(name + "_r"));
    }
    if (!is_exploding()) {
      return all_arms([&](const SqlArm& arm) { return joined(with(columns, rule_number(arm)), ", "); }, "SELECT ");
    }
    // Elements make a pair many times, so pairs are told apart by their ids before they get their columns.
    const std::string ids =
        all_arms([&](const SqlArm& arm) { return "l.lw_id AS lw_id_l, r.lw_id AS lw_id_r, " + rule_number(arm); },
                 "SELECT DISTINCT ");
    return "SELECT " + joined(with(columns, "p.lw_rule"), ", ") + "\nFROM (SELECT lw_id_l, lw_id_r, min(lw_rule) AS " +
           "lw_rule FROM (" + ids + ") GROUP BY lw_id_l, lw_id_r) AS p\nJOIN " + nodes_ +
           " AS l ON l.lw_id = p.lw_id_l JOIN " + nodes_ + " AS r ON r.lw_id = p.lw_id_r";
  }

 private:
  static Result<std::string> condition(const RuleArm& arm, const SqlColumns& columns) {
    std::vector<std::string> parts;
    for (const KeyEquality& key : arm.keys) {
      const Expression equality = Expression::call("=", {key.left, key.right});
      ARROW_ASSIGN_OR_RAISE(std::string sql, columns.of_rule(equality));
      parts.push_back("(" + sql + ")");
    }
    for (const Expression& filter : arm.filters) {
      ARROW_ASSIGN_OR_RAISE(std::string sql, columns.of_rule(filter));
      parts.push_back("(" + sql + ")");
    }
    return parts.empty() ? "TRUE" : joined(parts, " AND ");
  }

  bool is_exploding() const {
    return std::any_of(arms_.begin(), arms_.end(), [](const SqlArm& arm) { return !arm.exploded.empty(); });
  }

  static std::string rule_number(const SqlArm& arm) { return std::to_string(arm.rule) + " AS lw_rule"; }

  static std::vector<std::string> with(std::vector<std::string> columns, std::string last) {
    columns.push_back(std::move(last));
    return columns;
  }

  // The nodes, a row an element of the arrays that an arm explodes.
  std::string side(const SqlArm& arm) const {
    std::string rows = nodes_;
    for (const std::string& name : arm.exploded) {
      rows = "(SELECT * EXCEPT (" + sql_name(name) + "), explode(" + sql_name(name) + ") AS " + sql_name(name) +
             " FROM " + rows + ")";
    }
    return rows;
  }

  // Arms before this one; a null of theirs excludes nothing, and those that explode exclude nothing either.
  std::string exclusion(const SqlArm* arm) const {
    std::vector<std::string> earlier;
    for (const SqlArm* other = arms_.data(); other != arm; ++other) {
      if (other->exploded.empty() && arm->exploded.empty()) {
        earlier.push_back("coalesce(" + other->condition + ", FALSE)");
      }
    }
    return earlier.empty() ? "" : "\n  AND NOT (" + joined(earlier, " OR ") + ")";
  }

  template <typename SelectList>
  std::string all_arms(SelectList select_list, const std::string& select) const {
    const std::string source = sql_name(model_.source_dataset_column_name);
    std::vector<std::string> queries;
    for (const SqlArm& arm : arms_) {
      std::string query = select + select_list(arm) + "\nFROM " + side(arm) + " AS l JOIN " + side(arm) +
                          " AS r\n  ON " + arm.condition + "\n  AND l.lw_id < r.lw_id";
      if (model_.links_only()) query += " AND l." + source + " <> r." + source;
      queries.push_back(query + exclusion(&arm));
    }
    return joined(queries, "\nUNION ALL\n");
  }

  const LinkageModel& model_;
  const SqlColumns& columns_;
  const std::string& nodes_;
  std::vector<SqlArm> arms_;
};

}  // namespace

Result<std::string> sql_pairs(const LinkageModel& model, const SqlColumns& columns, const std::string& nodes,
                              const std::vector<std::string>& carried, SqlRefusals* refusals) {
  PairQuery query(model, columns, nodes);
  ARROW_RETURN_NOT_OK(query.add_rules(refusals));
  return query.text(carried);
}

}  // namespace linkwright::spark
