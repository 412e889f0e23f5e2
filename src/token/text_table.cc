#include "token/text_table.h"

#include "io/file_content.h"
#include "token/text_table_formats.h"

namespace linkwright {

void TextColumns::clear(size_t slots) {
  rows = 0;
  columns.resize(slots);
  for (auto& column : columns) column.clear();
  malformed_rows = 0;
  unquoted.clear();
  converted.clear();
  owner.reset();
}

Result<std::unique_ptr<TextTableReader>> TextTableReader::open(const std::string& path, const Options& options) {
  ARROW_ASSIGN_OR_RAISE(const ContentFormat format, content_format(path, UnknownEnding::kTakeForCsv));
  switch (format) {
    case ContentFormat::kParquet:
      return open_parquet_text(path);
    case ContentFormat::kJson:
      return open_json_text(path);
    case ContentFormat::kCsv:
      break;
  }
  const bool tabs = path.find(".tsv") != std::string::npos;
  return open_csv_text(path, options.dialect, options.delimiter != 0 ? options.delimiter : tabs ? '\t' : ',');
}

}  // namespace linkwright
