#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/status.h"
#include "block/sent_row.h"

namespace arrow {
class Table;
}  // namespace arrow

namespace linkwright {

/// Leaves out rows that meet no other row of their arm, block and tile, and so make no pair: where rules are narrow,
/// most rows are of this kind. A few of them may stay. `sent` are the rows' keys, and are left out alike.
Result<std::shared_ptr<arrow::Table>> without_lonely_rows(const std::shared_ptr<arrow::Table>& rows,
                                                          std::vector<SentRow>* sent);

}  // namespace linkwright
