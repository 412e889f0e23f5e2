#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/status.h"
#include "column/record_table.h"
#include "column/value_dictionary.h"
#include "expr/value.h"

namespace linkwright {

/// Finds rows of records by their ids, or by dataset and id where records have datasets. Takes about 40 bytes a record
/// and the ids' own. Not thread-safe.
class RowsById {
 public:
  /// Errors: ids of a type that SQL does not have.
  static Result<RowsById> make(const RecordTable& records);

  /// Integers or text, as the records' ids are; those to find must be of the same type.
  const ValueType& id_type() const { return id_type_; }

  /// None where no record has that id. `source` counts only where records have datasets.
  std::optional<uint32_t> find(std::string_view source, const Value& id);

 private:
  explicit RowsById(ValueType id_type, bool has_sources) : id_type_(id_type), has_sources_(has_sources) {}
  std::string_view key(std::string_view source, const Value& id);

  ValueType id_type_;
  bool has_sources_;
  ByteStringDictionary rows_;  // codes are rows from 1 on
  std::string key_;
};

}  // namespace linkwright
