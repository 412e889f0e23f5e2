#include "engine/rows_by_id.h"

#include "expr/arrow_values.h"

namespace linkwright {

std::string_view RowsById::key(std::string_view source, const Value& id) {
  key_.clear();
  if (has_sources_) append_key(Value::of_text(source), &key_);
  append_key(id, &key_);
  return key_;
}

Result<RowsById> RowsById::make(const RecordTable& records) {
  ARROW_ASSIGN_OR_RAISE(ArrayValues ids, ArrayValues::make(records.ids()));
  RowsById rows(ids.type(), records.has_sources());
  for (uint32_t row = 0; row < records.num_rows(); ++row) {
    const std::string_view source =
        records.has_sources() ? records.source_names()[records.source_of_row()[row]] : std::string_view();
    rows.rows_.code(rows.key(source, ids.at(row)));
  }
  return rows;
}

std::optional<uint32_t> RowsById::find(std::string_view source, const Value& id) {
  const uint32_t code = rows_.find(key(source, id));
  return code == 0 ? std::nullopt : std::optional(code - 1);
}

}  // namespace linkwright
