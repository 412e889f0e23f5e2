#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "expr/expression.h"

namespace linkwright {

/// `left = right` of a blocking rule: an expression over the left record and one over the right.
struct KeyEquality {
  Expression left;
  Expression right;
};

/// Equalities that make the key of a block, and what else must hold for a pair in it. Without an equality every record
/// meets every other.
struct RuleArm {
  std::vector<KeyEquality> keys;
  std::vector<Expression> filters;  // all must be true
  std::string rule_sql;             // of the whole rule, where errors about its parts point
};

/// A blocking rule, taken apart. Most rules have one arm; a rule whose top is an OR without a common equality has an
/// arm a branch, so that no branch turns it into a comparison of everything with everything.
struct BlockingRule {
  std::string sql;
  std::vector<RuleArm> arms;
  std::vector<std::string> arrays_to_explode;

  /// Errors: SQL that does not parse; a column without `l.` or `r.` (with its position); more than 64 arms.
  static Result<BlockingRule> parse(std::string_view sql, std::vector<std::string> arrays_to_explode = {});

  /// The names of all columns, each once, in order of first appearance.
  std::vector<std::string> columns() const;
};

/// The error with the rule named in front of it.
Status in_blocking_rule(std::string_view rule_sql, const Status& error);

}  // namespace linkwright
