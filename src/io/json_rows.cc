#include "io/json_rows.h"

#include <arrow/table.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <optional>
#include <utility>

#include "io/json_columns.h"
#include "io/json_parser.h"
#include "io/utf8_text.h"

namespace linkwright {
namespace {

constexpr std::string_view kSpace = " \t\r\n";
constexpr size_t kRowsBetweenChecks = 4096;

JsonKind kind_of_number(std::string_view source) {
  int64_t number = 0;
  const auto [end, error] = std::from_chars(source.data(), source.data() + source.size(), number);
  return error == std::errc() && end == source.data() + source.size() ? JsonKind::kInteger : JsonKind::kDouble;
}

// Whether text of valid JSON has a surrogate, whose bytes would begin so.
bool has_half_a_pair(std::string_view text) { return text.find('\xed') != std::string_view::npos && !is_utf8(text); }

// Takes what the parser finds in one value into columns, where it is an object of scalars and lists of them; else
// knows what is wrong with it.
class RowHandler : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, RowHandler> {
 public:
  explicit RowHandler(JsonColumns* columns) : columns_(columns) {}

  void begin() {
    depth_ = 0;
    problem_.reset();
    columns_->begin_row();
  }
  const std::optional<std::string>& problem() const { return problem_; }

  // NOLINTBEGIN(readability-identifier-naming): RapidJSON's names
  bool Null() { return add(JsonKind::kNull, {}); }
  bool Bool(bool value) { return add(JsonKind::kBoolean, value ? "true" : "false"); }
  bool RawNumber(const char* source, rapidjson::SizeType size, bool) {
    return add(kind_of_number({source, size}), {source, size});
  }
  bool String(const char* text, rapidjson::SizeType size, bool) {
    return !has_half_a_pair({text, size}) && add(JsonKind::kText, {text, size});
  }
  bool Key(const char* key, rapidjson::SizeType size, bool) {
    if (has_half_a_pair({key, size})) return false;
    if (depth_ == 1 && !problem_) columns_->begin_value({key, size});
    return true;
  }
  bool StartObject() {
    if (depth_++ > 0) is_nested();
    return true;
  }
  bool StartArray() {
    if (depth_ == 0) is_no_object();
    if (depth_ == 1 && !problem_) columns_->begin_list();
    if (depth_ > 1) is_nested();
    ++depth_;
    return true;
  }
  bool EndObject(rapidjson::SizeType) { return --depth_ >= 0; }
  bool EndArray(rapidjson::SizeType) { return --depth_ >= 0; }
  // NOLINTEND(readability-identifier-naming)

 private:
  bool add(JsonKind kind, std::string_view text) {
    if (depth_ == 0) is_no_object();
    if (problem_) return true;
    depth_ == 1 ? columns_->add_scalar(kind, text) : columns_->add_item(kind, text);
    return true;
  }
  void is_no_object() { problem_ = "a record must be an object {...}"; }
  void is_nested() {
    if (!problem_) problem_ = "key '" + columns_->key() + "' holds a nested object or list; flatten it first";
  }

  JsonColumns* columns_;
  int depth_ = 0;
  std::optional<std::string> problem_;
};

// What is wrong with a line's JSON, if anything.
std::optional<std::string> parse_line(std::string_view line, RowHandler* handler) {
  if (!is_utf8(line)) {
    return "not UTF-8 at byte " + std::to_string(find_invalid_utf8(line) + 1) + " of the line; convert the file";
  }
  JsonParser parser(line);
  handler->begin();
  std::optional<JsonFault> fault = parser.parse_value(handler);
  if (!fault && !parser.at_end()) fault = JsonFault{parser.offset(), "The object is followed by something else."};
  if (!fault) return handler->problem();
  if (fault->reason.ends_with('.')) fault->reason.pop_back();  // what to do about it follows
  return "the line is not valid JSON at column " + std::to_string(fault->offset + 1) + ": " + fault->reason;
}

// Reads the elements of an array, from behind its bracket on to where none follows.
class ElementReader {
 public:
  ElementReader(std::string_view text, std::string file, int64_t first_line)
      : text_(text), file_(std::move(file)), line_(first_line), parser_(text) {}

  JsonParser& parser() { return parser_; }

  Result<std::shared_ptr<arrow::Table>> read(const std::function<Status(const CsvReject&)>& reject,
                                             const Cancellation* cancellation) {
    JsonColumns columns;
    RowHandler handler(&columns);
    bool more = !parser_.at_end() && parser_.next_byte() != ']';
    while (more) {
      if (cancellation != nullptr && number_ % kRowsBetweenChecks == 0) ARROW_RETURN_NOT_OK(cancellation->check());
      ARROW_RETURN_NOT_OK(read_element(&columns, &handler, reject));
      more = parser_.next_byte() == ',';
      if (more) parser_.skip_byte();
    }
    return columns.finish();
  }

  Status not_valid(size_t offset, const std::string& reason) const {
    const std::string_view before = text_.substr(0, offset);
    const int64_t line = line_ + std::count(before.begin() + static_cast<ptrdiff_t>(counted_), before.end(), '\n');
    const size_t line_begin = before.rfind('\n') + 1;  // npos + 1 is 0
    return Status::Invalid(file_, ":", line, ":", offset - line_begin + 1, ": the array is not valid JSON: ", reason);
  }

 private:
  Status read_element(JsonColumns* columns, RowHandler* handler,
                      const std::function<Status(const CsvReject&)>& reject) {
    parser_.next_byte();
    const size_t begin = parser_.offset();
    ++number_;
    line_ += std::count(text_.begin() + static_cast<ptrdiff_t>(counted_), text_.begin() + static_cast<ptrdiff_t>(begin),
                        '\n');
    counted_ = begin;
    if (parser_.at_end() || parser_.next_byte() == ']') return not_valid(begin, "An element is missing.");
    handler->begin();
    if (const auto fault = parser_.parse_value(handler)) return not_valid(fault->offset, fault->reason);
    const std::string_view source = text_.substr(begin, parser_.offset() - begin);
    if (!is_utf8(source)) return not_valid(begin + find_invalid_utf8(source), "This is not UTF-8; convert the file.");
    if (!handler->problem()) {
      columns->end_row();
      return Status::OK();
    }
    return reject({line_, "element " + std::to_string(number_) + " of the array: " + *handler->problem(), source});
  }

  std::string_view text_;
  std::string file_;
  int64_t line_;  // at `counted_`
  size_t counted_ = 0;
  size_t number_ = 0;
  JsonParser parser_;
};

}  // namespace

Result<std::shared_ptr<arrow::Table>> read_json_rows(std::string_view text, const std::string& file,
                                                     const std::function<Status(const CsvReject&)>& reject,
                                                     const Cancellation* cancellation) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  const size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) {
    return Status::Invalid(file, " is empty; expected a JSON array of objects, or an object a line");
  }
  if (text[first] != '[') return read_json_lines(text, 1, reject, cancellation);
  ElementReader elements(text, file, 1);
  JsonParser& parser = elements.parser();
  parser.next_byte();
  parser.skip_byte();
  ARROW_ASSIGN_OR_RAISE(auto table, elements.read(reject, cancellation));
  if (parser.next_byte() != ']') return elements.not_valid(parser.offset(), "Missing a comma or ] after an element.");
  parser.skip_byte();
  if (parser.at_end()) return table;
  return elements.not_valid(parser.offset(), "It is followed by something else.");
}

Result<std::shared_ptr<arrow::Table>> read_json_elements(std::string_view text, const std::string& file,
                                                         int64_t first_line,
                                                         const std::function<Status(const CsvReject&)>& reject,
                                                         const Cancellation* cancellation) {
  ElementReader elements(text, file, first_line);
  ARROW_ASSIGN_OR_RAISE(auto table, elements.read(reject, cancellation));
  const size_t offset = elements.parser().offset();
  if (elements.parser().at_end()) return table;
  return elements.not_valid(offset, "Missing a comma or ] after an element.");
}

Result<std::shared_ptr<arrow::Table>> read_json_lines(std::string_view text, int64_t first_line,
                                                      const std::function<Status(const CsvReject&)>& reject,
                                                      const Cancellation* cancellation) {
  JsonColumns columns;
  RowHandler handler(&columns);
  int64_t line = first_line - 1;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view content = text.substr(at, end - at);
    at = end + 1;
    ++line;
    if (cancellation != nullptr && line % kRowsBetweenChecks == 0) ARROW_RETURN_NOT_OK(cancellation->check());
    if (content.find_first_not_of(kSpace) == std::string_view::npos) continue;
    const std::optional<std::string> problem = parse_line(content, &handler);
    if (problem) {
      ARROW_RETURN_NOT_OK(reject({line, *problem, content}));
    } else {
      columns.end_row();
    }
  }
  return columns.finish();
}

}  // namespace linkwright
