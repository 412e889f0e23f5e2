#include "io/csv_reader.h"

#include <set>
#include <utility>

#include "io/utf8_text.h"

namespace linkwright {

Result<std::unique_ptr<CsvReader>> CsvReader::open(const std::string& path, char delimiter) {
  ARROW_ASSIGN_OR_RAISE(auto blocks, RecordBlocks::open(path));
  auto reader = std::unique_ptr<CsvReader>(new CsvReader(path, std::move(blocks)));
  char used = delimiter;
  if (const auto separator = csv_separator_line(reader->blocks_->ahead())) {
    if (used == 0) used = separator->delimiter;
    reader->blocks_->skip_line(separator->size);
  }
  if (used == 0) used = detect_delimiter(reader->blocks_->ahead());
  reader->delimiter_ = used;
  reader->blocks_->cut_with(
      [used](std::string_view data, bool at_end) { return csv_last_record_end(data, used, at_end); });
  ARROW_RETURN_NOT_OK(reader->read_header());
  return reader;
}

Result<bool> CsvReader::next_block() {
  ARROW_ASSIGN_OR_RAISE(const bool more, blocks_->next(&block_));
  if (!more) return false;
  cursor_ = CsvCursor(block_.bytes, delimiter_, &unescaped_);
  block_is_utf8_ = find_invalid_utf8(block_.bytes) == std::string_view::npos;
  return true;
}

Status CsvReader::read_header() {
  ARROW_ASSIGN_OR_RAISE(const bool more, next_block());
  if (!more) return Status::Invalid(path_, " is empty; expected a header line with column names");
  const std::string place = path_ + ":" + std::to_string(block_.first_line);
  if (const auto problem = read_line()) return Status::Invalid(place, ": ", *problem);
  std::set<std::string> seen;
  for (size_t i = 0; i < fields_.size(); ++i) {
    std::string name(fields_[i].text);
    if (find_invalid_utf8(name) != std::string_view::npos) {
      return Status::Invalid(place, ": column ", i + 1,
                             " has a name that is not UTF-8; re-encode the file "
                             "(for example: iconv -f LATIN1 -t UTF-8)");
    }
    if (name.empty()) {
      return Status::Invalid(place, ": column ", i + 1, " has no name; give every column one in the header");
    }
    if (!seen.insert(name).second) {
      return Status::Invalid(place, ": two columns are named '", name, "'; rename one");
    }
    columns_.push_back(std::move(name));
  }
  return Status::OK();
}

// Reads one line into `fields_`; what is wrong with its quotes, if anything. Stands behind the line in any case.
std::optional<std::string> CsvReader::read_line() {
  fields_.clear();
  std::optional<std::string> problem;
  for (bool last = false; !last;) {
    const CsvFieldText field = cursor_.next();
    fields_.push_back({field.text, !field.quoted && field.text.empty()});
    last = field.last;
    if (!field.closed) {
      problem = "a quote that opens in this line is not closed before the end of the file";
    } else if (!field.rest.empty() && !problem) {
      problem = "field " + std::to_string(fields_.size()) +
                " goes on after its closing quote; double quotes "
                "inside a quoted field";
    }
  }
  return problem;
}

std::optional<std::string> CsvReader::check_line() const {
  if (fields_.size() != columns_.size()) {
    return "the line has " + std::to_string(fields_.size()) + " fields where the header has " +
           std::to_string(columns_.size()) + " columns";
  }
  if (block_is_utf8_) return std::nullopt;
  for (size_t i = 0; i < fields_.size(); ++i) {
    const size_t invalid = find_invalid_utf8(fields_[i].text);
    if (invalid == std::string_view::npos) continue;
    return "column " + std::to_string(i + 1) + " ('" + columns_[i] + "') has a byte that is not UTF-8 at place " +
           std::to_string(invalid + 1) + "; re-encode the file (for example: iconv -f LATIN1 -t UTF-8)";
  }
  return std::nullopt;
}

Status CsvReader::read(const std::function<Status(std::span<const CsvField>)>& accept,
                       const std::function<Status(const CsvReject&)>& reject, const Cancellation* cancellation) {
  for (bool more = true; more;) {
    if (cancellation != nullptr) ARROW_RETURN_NOT_OK(cancellation->check());
    while (!cursor_.at_end()) {
      const size_t start = cursor_.position();
      const int64_t line = block_.first_line + cursor_.lines();
      std::optional<std::string> problem = read_line();
      if (!problem && fields_.size() == 1 && fields_[0].is_null && columns_.size() > 1) continue;  // an empty line
      if (!problem) problem = check_line();
      if (!problem) {
        ARROW_RETURN_NOT_OK(accept(fields_));
      } else {
        const auto content = std::string_view(block_.bytes).substr(start, cursor_.position() - start);
        ARROW_RETURN_NOT_OK(reject({line, *problem, content}));
      }
    }
    ARROW_ASSIGN_OR_RAISE(more, next_block());
  }
  return Status::OK();
}

}  // namespace linkwright
