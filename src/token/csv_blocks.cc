#include "token/csv_blocks.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace linkwright {
namespace {

constexpr size_t kNone = std::string_view::npos;

constexpr std::array<bool, 256> kEndsPlainField = [] {
  std::array<bool, 256> ends{};
  ends[','] = ends['\n'] = ends['\r'] = true;
  return ends;
}();

size_t plain_field_end(std::string_view data, size_t at) {
  while (at < data.size() && !kEndsPlainField[static_cast<unsigned char>(data[at])]) ++at;
  return at;
}

/// Just behind the quote that closes the field opened at `at`; kNone without one.
size_t closing_quote_end(std::string_view data, size_t at) {
  for (++at; (at = data.find('"', at)) != kNone; at += 2) {
    if (at + 1 >= data.size() || data[at + 1] != '"') return at + 1;
  }
  return kNone;
}

/// Behind the line end at `at`, kNone when a \r is the last byte and a \n may follow.
size_t line_end(std::string_view data, size_t at, bool at_end) {
  if (data[at] == '\n') return at + 1;
  if (at + 1 == data.size()) return at_end ? at + 1 : kNone;
  return data[at + 1] == '\n' ? at + 2 : at + 1;
}

/// Reads the fields of records one after the other.
class FieldCursor {
 public:
  FieldCursor(TextDialect dialect, std::string_view data, std::string* unquoted)
      : dialect_(dialect), data_(data), unquoted_(unquoted) {}

  size_t position() const { return at_; }
  bool at_end() const { return at_ >= data_.size(); }
  bool malformed() const { return malformed_; }
  void start_record() { malformed_ = false; }

  /// Skips line ends; false at the end of the data.
  bool skip_blank_lines() {
    while (!at_end() && (data_[at_] == '\n' || data_[at_] == '\r')) ++at_;
    return !at_end();
  }

  /// The next field; sets whether it is the record's last.
  std::string_view next(bool* last) {
    std::string_view field;
    if (!at_end() && data_[at_] == '"') {
      field = quoted();
    } else {
      const size_t end = plain_field_end(data_, at_);
      field = data_.substr(at_, end - at_);
      at_ = end;
    }
    *last = at_end() || data_[at_] != ',';
    at_ = *last && !at_end() ? line_end(data_, at_, true) : at_ + 1;
    return field;
  }

 private:
  std::string_view quoted() {
    const size_t start = unquoted_->size();
    const size_t close = closing_quote_end(data_, at_);
    const size_t end = close == kNone ? data_.size() : close - 1;
    for (size_t i = at_ + 1; i < end; ++i) {
      unquoted_->push_back(data_[i]);
      if (data_[i] == '"') ++i;  // two quotes stand for one
    }
    at_ = close == kNone ? data_.size() : close;
    std::string_view rest = data_.substr(at_, plain_field_end(data_, at_) - at_);
    at_ += rest.size();
    if (dialect_ == TextDialect::kJava) {  // skips space between the quote and the comma
      while (!rest.empty() && (rest.front() == ' ' || rest.front() == '\t')) rest.remove_prefix(1);
    }
    malformed_ = malformed_ || !rest.empty();
    unquoted_->append(rest);
    return std::string_view(*unquoted_).substr(start);
  }

  TextDialect dialect_;
  std::string_view data_;
  std::string* unquoted_;
  size_t at_ = 0;
  bool malformed_ = false;
};

}  // namespace

size_t csv_record_end(std::string_view data, size_t start, bool at_end) {
  for (size_t at = start;;) {
    if (at < data.size() && data[at] == '"') {
      at = closing_quote_end(data, at);
      // A quote at the very end of the data may be the first of two.
      if (at == kNone || (at == data.size() && !at_end)) return kNone;
    }
    at = plain_field_end(data, at);
    if (at == data.size()) return at_end ? at : kNone;
    if (data[at] != ',') return line_end(data, at, at_end);
    ++at;
  }
}

size_t csv_last_record_end(std::string_view data, bool at_end) {
  if (at_end) return data.size();
  if (data.find('"') == kNone) {
    const size_t feed = data.rfind('\n');
    if (feed != kNone) return feed + 1;
    const size_t carriage = data.rfind('\r', data.size() < 2 ? 0 : data.size() - 2);
    return carriage == kNone || carriage + 1 >= data.size() ? 0 : carriage + 1;
  }
  size_t end = 0;
  for (size_t next; end < data.size() && (next = csv_record_end(data, end, false)) != kNone;) end = next;
  return end;
}

std::vector<std::string> csv_fields(TextDialect dialect, std::string_view record) {
  std::vector<std::string> fields;
  std::string unquoted;
  unquoted.reserve(record.size());
  FieldCursor cursor(dialect, record, &unquoted);
  if (!cursor.skip_blank_lines()) return fields;
  for (bool last = false; !last;) fields.emplace_back(cursor.next(&last));
  return fields;
}

size_t parse_csv_records(TextDialect dialect, std::string_view data, const std::vector<int>& slots, size_t slot_count,
                         size_t most_rows, TextColumns* out) {
  out->clear(slot_count);
  out->unquoted.reserve(data.size());  // views into it must not move
  const RawValue lacking = dialect == TextDialect::kJava ? RawValue{} : RawValue::null();
  FieldCursor cursor(dialect, data, &out->unquoted);
  while (out->rows < most_rows && cursor.skip_blank_lines()) {
    cursor.start_record();
    size_t field = 0;
    for (bool last = false; !last; ++field) {
      const std::string_view text = cursor.next(&last);
      if (field < slots.size() && slots[field] >= 0) {
        out->columns[static_cast<size_t>(slots[field])].push_back(RawValue::of(text));
      }
    }
    for (; field < slots.size(); ++field) {
      if (slots[field] >= 0) out->columns[static_cast<size_t>(slots[field])].push_back(lacking);
    }
    if (cursor.malformed()) ++out->malformed_rows;
    ++out->rows;
  }
  for (auto& column : out->columns) column.resize(out->rows);  // slots that no header fills
  return std::min(cursor.position(), data.size());
}

}  // namespace linkwright
