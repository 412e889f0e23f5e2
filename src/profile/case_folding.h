#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/cancellation.h"
#include "base/status.h"
#include "profile/table_profile.h"

namespace arrow {
class Table;
}

namespace linkwright {

/// A column that is written in several cases, and the derived column in lower case that is compared in its place.
struct FoldedColumn {
  std::string column;
  std::string derived;  // its name, which no column has
  double share = 0;     // of different values that are another one but for case
};

/// Text columns worth comparing of which lower case makes at least one value in a hundred equal to another: `ANNA` in
/// one file and `Anna` in the other. Looks at some hundred thousand records. Cancelled between pieces of columns.
Result<std::vector<FoldedColumn>> columns_to_fold(const arrow::Table& table, const TableProfile& profile,
                                                  const Cancellation* cancellation);

/// The table with the derived columns in the places of their columns, in lower case as the SQL function `lower`.
Result<std::shared_ptr<arrow::Table>> with_folded_columns(std::shared_ptr<arrow::Table> table,
                                                          const std::vector<FoldedColumn>& folded,
                                                          const Cancellation* cancellation);

}  // namespace linkwright
