#include "io/csv_reader.h"

#include <arrow/util/utf8.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <set>
#include <utility>

namespace linkwright {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

// The candidate that stands most often outside of quotes in the first line.
char detect_delimiter(std::string_view text) {
  static constexpr std::string_view kCandidates = ",;\t|";
  std::array<size_t, kCandidates.size()> counts{};
  bool quoted = false;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (!quoted && (c == '\n' || c == '\r')) break;
    const size_t candidate = kCandidates.find(c);
    if (!quoted && candidate != std::string_view::npos) ++counts[candidate];
  }
  const auto most = std::max_element(counts.begin(), counts.end()) - counts.begin();
  return kCandidates[static_cast<size_t>(most)];
}

bool is_utf8(const char* text, size_t size) {
  return arrow::util::ValidateUTF8(reinterpret_cast<const uint8_t*>(text), static_cast<int64_t>(size));
}

// Byte offset of the first byte that is not part of a UTF-8 character; npos when all are.
size_t find_invalid_utf8(std::string_view text) {
  if (is_utf8(text.data(), text.size())) return std::string_view::npos;
  // Halve to the neighbourhood of the first bad character, cutting at starts of characters; then go character by
  // character.
  size_t good = 0;
  size_t bad = text.size();
  while (bad - good > 16) {
    size_t middle = good + (bad - good) / 2;
    while (middle > good && (static_cast<unsigned char>(text[middle]) & 0xC0) == 0x80) --middle;
    if (middle == good) break;
    (is_utf8(text.data() + good, middle - good) ? good : bad) = middle;
  }
  for (size_t length = 1; length <= 4 && good + length <= text.size(); ++length) {
    if (!is_utf8(text.data() + good, length)) continue;
    good += length;
    length = 0;
  }
  return good;
}

}  // namespace

Result<CsvReader> CsvReader::make(std::string_view text, std::string file, char delimiter) {
  arrow::util::InitializeUTF8();
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) {
    return Status::Invalid(file, " is UTF-16; save it as UTF-8 (for example: iconv -f UTF-16 -t UTF-8)");
  }
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  CsvReader reader(text, std::move(file));
  if (text.empty()) return Status::Invalid(reader.file_, " is empty; expected a header line with column names");
  reader.all_utf8_ = find_invalid_utf8(text) == std::string_view::npos;
  reader.delimiter_ = delimiter != 0 ? delimiter : detect_delimiter(text);
  std::vector<CsvField> header;
  std::string problem;
  if (!reader.next_line(&header, &problem)) return Status::Invalid(reader.file_, ":1: ", problem);
  std::set<std::string> seen;
  for (size_t i = 0; i < header.size(); ++i) {
    std::string name(header[i].text);
    if (find_invalid_utf8(name) != std::string_view::npos) {
      return Status::Invalid(reader.file_, ":1: column ", i + 1,
                             " has a name that is not UTF-8; re-encode the file "
                             "(for example: iconv -f LATIN1 -t UTF-8)");
    }
    if (name.empty()) {
      return Status::Invalid(reader.file_, ":1: column ", i + 1, " has no name; give every column one in the header");
    }
    if (!seen.insert(name).second) {
      return Status::Invalid(reader.file_, ":1: two columns are named '", name, "'; rename one");
    }
    reader.columns_.push_back(std::move(name));
  }
  return reader;
}

// Reads from behind an opening quote to behind the closing one.
bool CsvReader::read_quoted(CsvField* field, std::string* problem) {
  const size_t start = at_;
  std::string* copy = nullptr;
  size_t piece = start;
  for (;;) {
    const auto* quote = static_cast<const char*>(std::memchr(text_.data() + at_, '"', text_.size() - at_));
    if (quote == nullptr) {
      *problem = "a quote that opens in this line is not closed before the end of the file";
      at_ = text_.size();
      return false;
    }
    const auto place = static_cast<size_t>(quote - text_.data());
    line_ += std::count(text_.data() + at_, quote, '\n');
    at_ = place + 1;
    if (at_ < text_.size() && text_[at_] == '"') {  // a doubled quote stands for one
      if (copy == nullptr) copy = &unescaped_.emplace_back();
      copy->append(text_, piece, at_ - piece);
      ++at_;
      piece = at_;
      continue;
    }
    if (copy == nullptr) {
      field->text = text_.substr(start, place - start);
    } else {
      copy->append(text_, piece, place - piece);
      field->text = *copy;
    }
    return true;
  }
}

// Reads one line into `fields`; false with the problem when it is bad. Stands behind the line in any case.
bool CsvReader::next_line(std::vector<CsvField>* fields, std::string* problem) {
  fields->clear();
  // Views into these must stay valid until the next line, so they may not move: room for one a column.
  unescaped_.clear();
  unescaped_.reserve(std::max<size_t>(columns_.size(), 4096));
  record_start_ = at_;
  record_line_ = line_;
  bool good = true;
  for (;;) {
    CsvField field;
    if (at_ < text_.size() && text_[at_] == '"') {
      ++at_;
      good = read_quoted(&field, problem) && good;
      if (unescaped_.size() == unescaped_.capacity()) {
        *problem = "has more quoted fields than any header";
        good = false;
        unescaped_.clear();
      }
    }
    const size_t start = at_;
    while (at_ < text_.size() && text_[at_] != delimiter_ && text_[at_] != '\n' && text_[at_] != '\r') ++at_;
    if (field.text.data() == nullptr) {
      field.text = text_.substr(start, at_ - start);
      field.is_null = field.text.empty();
    } else if (at_ > start && good) {
      *problem = "field " + std::to_string(fields->size() + 1) +
                 " goes on after its closing quote; double quotes "
                 "inside a quoted field";
      good = false;
    }
    fields->push_back(field);
    if (at_ >= text_.size()) return good;
    const char end = text_[at_++];
    if (end == delimiter_) continue;
    if (end == '\r' && at_ < text_.size() && text_[at_] == '\n') ++at_;
    ++line_;
    return good;
  }
}

Status CsvReader::read(const std::function<Status(std::span<const CsvField>)>& accept,
                       const std::function<Status(const CsvReject&)>& reject, const Cancellation* cancellation) {
  std::vector<CsvField> fields;
  std::string problem;
  size_t lines = 0;
  while (at_ < text_.size()) {
    if (cancellation != nullptr && ++lines % 4096 == 0) ARROW_RETURN_NOT_OK(cancellation->check());
    bool good = next_line(&fields, &problem);
    const std::string_view content = text_.substr(record_start_, at_ - record_start_);
    if (good && fields.size() == 1 && fields[0].is_null && columns_.size() > 1) continue;  // an empty line
    if (good && fields.size() != columns_.size()) {
      problem = "has " + std::to_string(fields.size()) + " fields where the header has " +
                std::to_string(columns_.size()) + " columns";
      good = false;
    }
    if (good && !all_utf8_) {
      for (size_t i = 0; i < fields.size() && good; ++i) {
        const size_t invalid = find_invalid_utf8(fields[i].text);
        if (invalid == std::string_view::npos) continue;
        problem = "column " + std::to_string(i + 1) + " ('" + columns_[i] +
                  "') has a byte that is not UTF-8 at place " + std::to_string(invalid + 1) +
                  "; re-encode the file (for example: iconv -f LATIN1 -t UTF-8)";
        good = false;
      }
    }
    ARROW_RETURN_NOT_OK(good ? accept(fields) : reject({record_line_, problem, content}));
  }
  return Status::OK();
}

}  // namespace linkwright
