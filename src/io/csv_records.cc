#include "io/csv_records.h"

#include <emmintrin.h>

#include <algorithm>
#include <array>
#include <bit>

namespace linkwright {
namespace {

constexpr size_t kNone = std::string_view::npos;

// Where the field without quotes at `at` ends: sixteen characters at a time, then one by one.
size_t plain_field_end(std::string_view data, size_t at, char delimiter) {
  const __m128i delimiters = _mm_set1_epi8(delimiter);
  const __m128i feeds = _mm_set1_epi8('\n');
  const __m128i carriages = _mm_set1_epi8('\r');
  for (; at + sizeof(__m128i) <= data.size(); at += sizeof(__m128i)) {
    const __m128i chars = _mm_loadu_si128(reinterpret_cast<const __m128i*>(data.data() + at));
    const __m128i line_ends = _mm_or_si128(_mm_cmpeq_epi8(chars, feeds), _mm_cmpeq_epi8(chars, carriages));
    const int ends = _mm_movemask_epi8(_mm_or_si128(line_ends, _mm_cmpeq_epi8(chars, delimiters)));
    if (ends != 0) return at + static_cast<size_t>(std::countr_zero(static_cast<unsigned>(ends)));
  }
  for (; at < data.size(); ++at) {
    const char c = data[at];
    if (c == delimiter || c == '\n' || c == '\r') break;
  }
  return at;
}

// Just behind the quote that closes the field opened at `at`; kNone without one.
size_t closing_quote_end(std::string_view data, size_t at) {
  for (++at; (at = data.find('"', at)) != kNone; at += 2) {
    if (at + 1 >= data.size() || data[at + 1] != '"') return at + 1;
  }
  return kNone;
}

// Behind the line end at `at`; kNone when a \r is the last byte and a \n may follow.
size_t line_end(std::string_view data, size_t at, bool at_end) {
  if (data[at] == '\n') return at + 1;
  if (at + 1 == data.size()) return at_end ? at + 1 : kNone;
  return data[at + 1] == '\n' ? at + 2 : at + 1;
}

}  // namespace

CsvCursor::CsvCursor(std::string_view data, char delimiter, std::string* unescaped)
    : data_(data), delimiter_(delimiter), unescaped_(unescaped) {
  unescaped_->clear();
}

bool CsvCursor::skip_blank_lines() {
  while (!at_end() && (data_[at_] == '\n' || data_[at_] == '\r')) {
    at_ = line_end(data_, at_, true);
    ++lines_;
  }
  return !at_end();
}

CsvFieldText CsvCursor::next() {
  CsvFieldText field;
  if (!at_end() && data_[at_] == '"') {
    read_quoted(&field);
  } else {
    const size_t end = plain_field_end(data_, at_, delimiter_);
    field.text = data_.substr(std::min(at_, end), end - std::min(at_, end));
    at_ = end;
  }
  if (!at_end() && data_[at_] == delimiter_) {
    ++at_;
    return field;
  }
  field.last = true;
  if (!at_end()) {
    at_ = line_end(data_, at_, true);
    ++lines_;
  }
  return field;
}

void CsvCursor::read_quoted(CsvFieldText* field) {
  field->quoted = true;
  const size_t start = at_ + 1;
  const size_t close = closing_quote_end(data_, at_);
  field->closed = close != kNone;
  const size_t end = field->closed ? close - 1 : data_.size();
  field->text = data_.substr(start, end - start);
  lines_ += std::count(field->text.begin(), field->text.end(), '\n');
  if (field->text.find('"') != kNone) {
    if (unescaped_->capacity() < data_.size()) unescaped_->reserve(data_.size());  // once: views must not move
    const size_t copied = unescaped_->size();
    for (size_t i = start; i < end; ++i) {
      unescaped_->push_back(data_[i]);
      if (data_[i] == '"') ++i;  // two quotes stand for one
    }
    field->text = std::string_view(*unescaped_).substr(copied);
  }
  const size_t behind = field->closed ? close : data_.size();
  at_ = plain_field_end(data_, behind, delimiter_);
  field->rest = data_.substr(behind, at_ - behind);
}

size_t csv_record_end(std::string_view data, size_t start, char delimiter, bool at_end) {
  for (size_t at = start;;) {
    if (at < data.size() && data[at] == '"') {
      at = closing_quote_end(data, at);
      // A quote at the very end of the data may be the first of two.
      if (at == kNone || (at == data.size() && !at_end)) return kNone;
    }
    at = plain_field_end(data, at, delimiter);
    if (at == data.size()) return at_end ? at : kNone;
    if (data[at] != delimiter) return line_end(data, at, at_end);
    ++at;
  }
}

size_t csv_last_record_end(std::string_view data, char delimiter, bool at_end) {
  if (at_end) return data.size();
  if (data.find('"') == kNone) {  // then every line is a record
    const size_t feed = data.rfind('\n');
    if (feed != kNone) return feed + 1;
    const size_t carriage = data.rfind('\r', data.size() < 2 ? 0 : data.size() - 2);
    return carriage == kNone || carriage + 1 >= data.size() ? 0 : carriage + 1;
  }
  size_t end = 0;
  for (size_t next; end < data.size() && (next = csv_record_end(data, end, delimiter, false)) != kNone;) end = next;
  return end;
}

std::optional<CsvSeparatorLine> csv_separator_line(std::string_view data) {
  const size_t quote = data.starts_with('"') ? 1 : 0;
  constexpr size_t kName = 4;
  const std::string_view name = data.substr(std::min(quote, data.size()), kName);
  if (name != "sep=" && name != "Sep=" && name != "SEP=") return std::nullopt;
  size_t end = quote + kName + 1;
  if (end + quote >= data.size()) return std::nullopt;
  const char delimiter = data[end - 1];
  if (delimiter == '"' || delimiter == '\r' || delimiter == '\n') return std::nullopt;
  if (quote == 1 && data[end++] != '"') return std::nullopt;
  if (data[end] == '\r') ++end;
  if (end < data.size() && data[end] == '\n') return CsvSeparatorLine{delimiter, end + 1};
  return data[end - 1] == '\r' ? std::optional(CsvSeparatorLine{delimiter, end}) : std::nullopt;
}

char detect_delimiter(std::string_view data) {
  static constexpr std::string_view kCandidates = ",;\t|";
  std::array<size_t, kCandidates.size()> counts{};
  bool quoted = false;
  for (const char c : data) {
    if (c == '"') quoted = !quoted;
    if (!quoted && (c == '\n' || c == '\r')) break;
    const size_t candidate = kCandidates.find(c);
    if (!quoted && candidate != kNone) ++counts[candidate];
  }
  const auto most = std::max_element(counts.begin(), counts.end()) - counts.begin();
  return kCandidates[static_cast<size_t>(most)];
}

}  // namespace linkwright
