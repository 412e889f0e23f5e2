#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/status.h"

namespace arrow {
class Array;
}  // namespace arrow

namespace linkwright {

/// The input records in order of id (see RecordTable). Both are empty when the input is in order already, which is told
/// in one pass.
struct RecordOrder {
  std::vector<uint32_t> input_of_row;  // the input record at each row; where records are repeated, one of them
  std::vector<uint32_t> row_of_input;
};

enum class RepeatedIds { kRefused, kSameRecord };

/// `ids` is int64, or text of either width. `source_of_record` is empty for a single dataset; else it indexes
/// `source_names`. Errors: a null id, an id that occurs twice in its dataset where that is refused; both say which
/// records.
Result<RecordOrder> record_order(const arrow::Array& ids, std::span<const uint16_t> source_of_record,
                                 std::span<const std::string> source_names, const std::string& id_column,
                                 RepeatedIds repeated = RepeatedIds::kRefused);

}  // namespace linkwright
