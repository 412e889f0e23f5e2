#include "evaluate/record_numbers.h"

#include <arrow/array.h>
#include <arrow/table.h>
#include <arrow/type.h>

#include "base/nearest_name.h"
#include "base/type_name.h"

namespace linkwright {
namespace {

uint64_t key_of(uint32_t source, uint32_t id) { return static_cast<uint64_t>(source) << 32 | id; }

/// Codes of a column of pairs in terms of the records' column.
Result<std::vector<uint32_t>> codes_in(const EncodedColumn& column, const EncodedColumn& records) {
  if (!column.values->type()->Equals(*records.values->type())) {
    return Status::TypeError("column '", column.name, "' is ", type_name(*column.values->type()), ", but '",
                             records.name, "' of the records is ", type_name(*records.values->type()),
                             "; both must be the same ids");
  }
  ARROW_ASSIGN_OR_RAISE(const std::vector<uint32_t> translated, translate_codes(*column.values, *records.values));
  std::vector<uint32_t> codes;
  codes.reserve(column.codes.size());
  for (const uint32_t code : column.codes) codes.push_back(translated[code]);
  return codes;
}

}  // namespace

Result<EncodedColumn> encoded_column(const arrow::Table& table, const std::string& name, const std::string& what) {
  const auto column = table.GetColumnByName(name);
  if (column == nullptr) {
    return Status::KeyError(what, " have no column '", name, "'", suggestion(name, table.ColumnNames()));
  }
  return encode_column(name, *column);
}

Result<RecordNumbers> RecordNumbers::make(const arrow::Table& records, const std::string& id_column,
                                          const std::string& source_column, const Cancellation* cancellation) {
  RecordNumbers numbers;
  numbers.cancellation_ = cancellation;
  ARROW_ASSIGN_OR_RAISE(numbers.ids_, encoded_column(records, id_column, "the records"));
  if (records.GetColumnByName(source_column) != nullptr) {
    ARROW_ASSIGN_OR_RAISE(numbers.sources_, encoded_column(records, source_column, "the records"));
  }
  numbers.row_of_.reserve(numbers.ids_.codes.size());
  for (uint32_t row = 0; row < numbers.ids_.codes.size(); ++row) {
    ARROW_RETURN_NOT_OK(check_cancelled_at(row, cancellation));
    const uint32_t source = numbers.has_sources() ? numbers.sources_.codes[row] : 0;
    if (numbers.ids_.codes[row] == 0) {
      return Status::Invalid("record ", row + 1, " has no '", id_column, "'; every record needs an id");
    }
    const auto [found, is_new] = numbers.row_of_.emplace(key_of(source, numbers.ids_.codes[row]), row);
    if (!is_new) {
      return Status::Invalid("records ", found->second + 1, " and ", row + 1, " have the same '", id_column, "'",
                             numbers.has_sources() ? " and source dataset" : "", "; ids must be unique");
    }
  }
  return numbers;
}

Result<std::vector<uint32_t>> RecordNumbers::rows_of(const arrow::Table& pairs, const std::string& suffix,
                                                     const std::string& what) const {
  ARROW_ASSIGN_OR_RAISE(const EncodedColumn pair_ids, encoded_column(pairs, ids_.name + suffix, what));
  ARROW_ASSIGN_OR_RAISE(const std::vector<uint32_t> ids, codes_in(pair_ids, ids_));
  std::vector<uint32_t> sources(ids.size(), 0);
  if (has_sources()) {
    ARROW_ASSIGN_OR_RAISE(const EncodedColumn pair_sources, encoded_column(pairs, sources_.name + suffix, what));
    ARROW_ASSIGN_OR_RAISE(sources, codes_in(pair_sources, sources_));
  }
  std::vector<uint32_t> rows;
  rows.reserve(ids.size());
  for (size_t i = 0; i < ids.size(); ++i) {
    ARROW_RETURN_NOT_OK(check_cancelled_at(i, cancellation_));
    const auto found = row_of_.find(key_of(sources[i], ids[i]));
    if (ids[i] == kNoCode || found == row_of_.end()) {
      return Status::KeyError("row ", i + 1, " of ", what, " has in '", ids_.name, suffix,
                              "' an id that no record has; are they of the same data?");
    }
    rows.push_back(found->second);
  }
  return rows;
}

}  // namespace linkwright
