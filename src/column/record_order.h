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

/// The input records in order of id (see RecordTable): `order[row]` is the input record at that row. Empty when the
/// input is in order already, which is told in one pass.
///
/// `ids` is int64, or text of either width. `source_of_record` is empty for a single dataset; else it indexes
/// `source_names`. Errors: a null id, an id that occurs twice in its dataset; both say which records.
Result<std::vector<uint32_t>> record_order(const arrow::Array& ids, std::span<const uint16_t> source_of_record,
                                           std::span<const std::string> source_names, const std::string& id_column);

}  // namespace linkwright
