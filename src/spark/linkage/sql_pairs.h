#pragma once

#include <string>
#include <vector>

#include "base/status.h"
#include "model/linkage_model.h"
#include "spark/linkage/sql_columns.h"
#include "spark/linkage/sql_refusals.h"

namespace linkwright::spark {

/// The id by which records are ordered and told apart: a column of nodes, as Splink makes it.
inline constexpr const char* kSqlIdColumn = "lw_id";

/// A query of the candidate pairs of a model: each pair once, under the first rule that makes it, left id < right id,
/// with columns x_l and x_r for every x of `carried`, and lw_rule. Rules become joins on their equalities (one for each
/// arm of a rule that is an OR), in which the arms before are excluded.
/// `nodes` is a view whose columns are `columns`, lw_id and `carried`.
Result<std::string> sql_pairs(const LinkageModel& model, const SqlColumns& columns, const std::string& nodes,
                              const std::vector<std::string>& carried, SqlRefusals* refusals);

}  // namespace linkwright::spark
