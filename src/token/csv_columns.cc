#include "token/csv_columns.h"

#include "io/csv_records.h"

namespace linkwright {
namespace {

/// What a field says, with what stands behind its closing quote.
std::string_view whole_text(TextDialect dialect, const CsvFieldText& field, TextColumns* out) {
  std::string_view rest = field.rest;
  if (dialect == TextDialect::kJava) {  // skips space between the quote and the delimiter
    while (!rest.empty() && (rest.front() == ' ' || rest.front() == '\t')) rest.remove_prefix(1);
  }
  if (rest.empty()) return field.text;
  std::string& text = out->converted.emplace_back(field.text);
  text += rest;
  return text;
}

}  // namespace

size_t parse_csv_records(const CsvLayout& layout, std::string_view data, size_t most_rows, TextColumns* out) {
  out->clear(layout.slot_count);
  const RawValue lacking = layout.dialect == TextDialect::kJava ? RawValue{} : RawValue::null();
  CsvCursor cursor(data, layout.delimiter, &out->unquoted);
  const std::vector<int>& slots = layout.slots;
  while (out->rows < most_rows && cursor.skip_blank_lines()) {
    bool malformed = false;
    size_t field = 0;
    for (bool last = false; !last; ++field) {
      const CsvFieldText parsed = cursor.next();
      last = parsed.last;
      std::string_view text = parsed.text;
      if (!parsed.rest.empty()) {
        text = whole_text(layout.dialect, parsed, out);
        malformed = malformed || text.data() != parsed.text.data();
      }
      if (field < slots.size() && slots[field] >= 0) {
        out->columns[static_cast<size_t>(slots[field])].push_back(RawValue::of(text));
      }
    }
    for (; field < slots.size(); ++field) {
      if (slots[field] >= 0) out->columns[static_cast<size_t>(slots[field])].push_back(lacking);
    }
    if (malformed) ++out->malformed_rows;
    ++out->rows;
  }
  for (auto& column : out->columns) column.resize(out->rows);  // slots that no header fills
  return cursor.position();
}

}  // namespace linkwright
