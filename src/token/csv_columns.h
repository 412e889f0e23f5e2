#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "token/text_dialect.h"
#include "token/text_table.h"

namespace linkwright {

/// How the fields of a file's records become columns.
struct CsvLayout {
  TextDialect dialect = TextDialect::kJava;
  char delimiter = ',';
  std::vector<int> slots;  // the column that field i goes to, or -1
  size_t slot_count = 0;
};

/// Parses whole records as the references read them: fields beyond the header are ignored; fields that a short record
/// lacks are absent in Java and null in Python; text after a closing quote belongs to the field; blank lines are no
/// records. Stops after `most_rows`; returns how many bytes were read.
size_t parse_csv_records(const CsvLayout& layout, std::string_view data, size_t most_rows, TextColumns* out);

}  // namespace linkwright
