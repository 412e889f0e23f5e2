#include <algorithm>

#include "io/csv_records.h"
#include "io/utf8_text.h"
#include "token/csv_columns.h"
#include "token/text_table_formats.h"

namespace linkwright {
namespace {

constexpr size_t kRowsAtOnce = 1024;

class CsvTextTable : public TextTableReader {
 public:
  CsvTextTable(std::string path, TextDialect dialect, char delimiter, std::unique_ptr<RecordBlocks> blocks)
      : path_(std::move(path)), blocks_(std::move(blocks)) {
    layout_.dialect = dialect;
    layout_.delimiter = delimiter;
    blocks_->cut_with(
        [delimiter](std::string_view data, bool at_end) { return csv_last_record_end(data, delimiter, at_end); });
  }

  /// The header is the first line that is not blank; what follows it in its block comes first from `next`.
  Status read_header() {
    ARROW_ASSIGN_OR_RAISE(const bool any, blocks_->next(&first_));
    if (!any) return Status::OK();
    std::string unescaped;
    CsvCursor cursor(first_.bytes, layout_.delimiter, &unescaped);
    if (!cursor.skip_blank_lines()) {
      first_.bytes.clear();
      return Status::OK();
    }
    for (bool last = false; !last;) {
      const CsvFieldText field = cursor.next();
      if (!field.closed) return never_closed(first_.first_line);
      headers_.emplace_back(field.text);
      headers_.back() += field.rest;
      last = field.last;
    }
    ARROW_RETURN_NOT_OK(check_utf8(std::string_view(first_.bytes).substr(0, cursor.position()), first_.first_line));
    first_.first_line += cursor.lines();
    first_.bytes.erase(0, cursor.position());
    return Status::OK();
  }

  Status select(std::vector<int> slots, size_t slot_count) override {
    layout_.slots = std::move(slots);
    layout_.slot_count = slot_count;
    return Status::OK();
  }

  Result<bool> next(TextBlock* block) override {
    if (first_.bytes.empty()) return blocks_->next(&block->text);
    block->text = std::move(first_);
    first_.bytes.clear();
    return true;
  }

  Result<bool> parse(const TextBlock& block, size_t* position, TextColumns* out) const override {
    if (*position == 0) {
      ARROW_RETURN_NOT_OK(check_utf8(block.text.bytes, block.text.first_line));
      ARROW_RETURN_NOT_OK(check_quotes_close(block.text));
    }
    if (*position >= block.text.bytes.size()) return false;
    *position += parse_csv_records(layout_, std::string_view(block.text.bytes).substr(*position), kRowsAtOnce, out);
    return true;
  }

 private:
  Status check_utf8(std::string_view bytes, int64_t first_line) const {
    const size_t at = find_invalid_utf8(bytes);
    if (at == std::string_view::npos) return Status::OK();
    const auto line = first_line + std::count(bytes.begin(), bytes.begin() + static_cast<ptrdiff_t>(at), '\n');
    return Status::Invalid(path_, ", line ", line, ": byte ", static_cast<int>(static_cast<unsigned char>(bytes[at])),
                           " is not UTF-8; if the file is in Latin-1, convert it: iconv -f latin1 -t utf-8 ", path_);
  }

  /// Only the last block can end inside a quoted field.
  Status check_quotes_close(const RecordBlock& block) const {
    const std::string_view bytes = block.bytes;
    if (!block.ends_file || bytes.find('"') == std::string_view::npos) return Status::OK();
    std::string unescaped;
    CsvCursor cursor(bytes, layout_.delimiter, &unescaped);
    while (!cursor.at_end()) {
      const int64_t record_line = block.first_line + cursor.lines();
      for (bool last = false; !last;) {
        const CsvFieldText field = cursor.next();
        if (!field.closed) return never_closed(record_line);
        last = field.last;
      }
    }
    return Status::OK();
  }

  Status never_closed(int64_t line) const {
    return Status::Invalid(path_, ": a quote in the record that starts at line ", line,
                           " is never closed; double it or close it");
  }

  std::string path_;
  CsvLayout layout_;
  std::unique_ptr<RecordBlocks> blocks_;
  RecordBlock first_;  // what follows the header in its block, until it is given out
};

}  // namespace

Result<std::unique_ptr<TextTableReader>> open_csv_text(const std::string& path, TextDialect dialect, char delimiter) {
  ARROW_ASSIGN_OR_RAISE(auto blocks, RecordBlocks::open(path));
  auto reader = std::make_unique<CsvTextTable>(path, dialect, delimiter, std::move(blocks));
  ARROW_RETURN_NOT_OK(reader->read_header());
  return reader;
}

}  // namespace linkwright
