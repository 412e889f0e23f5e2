#include <utf8proc.h>

#include <algorithm>
#include <array>

#include "expr/block_functions.h"
#include "expr/function_library.h"
#include "expr/text_case.h"
#include "expr/utf8.h"

namespace linkwright {
namespace {

constexpr SqlKind kText = SqlKind::kVarchar;
constexpr SqlKind kInteger = SqlKind::kBigint;
constexpr size_t kLongestText = size_t{16} << 20;  // functions that multiply text stop here, with an error

Value too_long(Frame& frame, std::string_view function) {
  return frame.fail(std::string(function) + " makes a text of more than 16 MiB");
}

// --- substrings, by code points

Value substring(Values values, Frame& frame) {
  constexpr int64_t kLimit = 4294967296;
  const int64_t offset = values[1].integer;
  const bool has_length = values.size() > 2;
  const int64_t length = has_length ? values[2].integer : kLimit;
  if (offset > kLimit || offset < -kLimit || length > kLimit || length < -kLimit) {
    return frame.fail("the offset or length of substring is out of range");
  }
  const std::string_view text = values[0].text();
  // Counting from the end needs the size; an offset of 0 is the place before the first character.
  int64_t begin = offset - 1;
  if (offset == 0) begin = has_length ? -1 : 0;
  if (offset < 0) begin = static_cast<int64_t>(count_code_points(text)) + offset;
  int64_t end = begin + length;
  if (length < 0) std::swap(begin, end);
  return Value::of_text(code_point_range(text, begin, end));
}

Value left(Values values, Frame& /*frame*/) {
  const std::string_view text = values[0].text();
  const int64_t count = values[1].integer;
  if (count >= 0) return Value::of_text(code_point_range(text, 0, count));
  const auto size = static_cast<int64_t>(count_code_points(text));
  return Value::of_text(code_point_range(text, 0, count < -size ? 0 : size + count));
}

Value right(Values values, Frame& /*frame*/) {
  const std::string_view text = values[0].text();
  const int64_t count = values[1].integer;
  const auto size = static_cast<int64_t>(count_code_points(text));
  if (count >= 0) return Value::of_text(code_point_range(text, count > size ? 0 : size - count, size));
  return Value::of_text(count < -size ? std::string_view() : code_point_range(text, -count, size));
}

// --- trimming

// Whether the code point at `offset` is one of `characters`; its size.
size_t trimmed_size(std::string_view text, size_t offset, std::string_view characters) {
  const size_t size = std::min(code_point_size(text[offset]), text.size() - offset);
  const std::string_view code_point = text.substr(offset, size);
  for (size_t i = 0; i < characters.size(); i += code_point_size(characters[i])) {
    if (characters.substr(i, code_point_size(characters[i])) == code_point) return size;
  }
  return 0;
}

std::string_view trim_left(std::string_view text, std::string_view characters) {
  while (!text.empty()) {
    const size_t size = trimmed_size(text, 0, characters);
    if (size == 0) break;
    text.remove_prefix(size);
  }
  return text;
}

std::string_view trim_right(std::string_view text, std::string_view characters) {
  while (!text.empty()) {
    size_t start = text.size() - 1;
    while (start > 0 && (static_cast<unsigned char>(text[start]) & 0xC0) == 0x80) --start;
    if (trimmed_size(text, start, characters) != text.size() - start) break;
    text.remove_suffix(text.size() - start);
  }
  return text;
}

enum class TrimSide { kLeft, kRight, kBoth };

ScalarFunction trim(TrimSide side) {
  return [side](Values values, Frame& /*frame*/) {
    const std::string_view characters = values.size() > 1 ? values[1].text() : " ";
    std::string_view text = values[0].text();
    if (side != TrimSide::kRight) text = trim_left(text, characters);
    if (side != TrimSide::kLeft) text = trim_right(text, characters);
    return Value::of_text(text);
  };
}

ScalarFunction pad(std::string_view function, bool at_left) {
  return [function, at_left](Values values, Frame& frame) {
    const std::string_view text = values[0].text();
    const std::string_view filler = values[2].text();
    const int64_t width = std::max<int64_t>(values[1].integer, 0);
    const auto size = static_cast<int64_t>(count_code_points(text));
    if (size >= width) return Value::of_text(code_point_range(text, 0, width));
    if (filler.empty()) return frame.fail(std::string(function) + " has nothing to pad with");
    if (static_cast<size_t>(width) > kLongestText) return too_long(frame, function);
    std::string padding;
    const auto filler_size = static_cast<int64_t>(count_code_points(filler));
    int64_t missing = width - size;
    for (; missing >= filler_size; missing -= filler_size) padding += filler;
    padding += code_point_range(filler, 0, missing);
    return frame.text(at_left ? padding + std::string(text) : std::string(text) + padding);
  };
}

// --- joining and replacing

Value repeat(Values values, Frame& frame) {
  const std::string_view text = values[0].text();
  const auto count = static_cast<size_t>(std::max<int64_t>(values[1].integer, 0));
  if (!text.empty() && count > kLongestText / text.size()) return too_long(frame, "repeat");
  char* const bytes = frame.arena().allocate_bytes(text.size() * count);
  for (size_t i = 0; i < count && !text.empty(); ++i) std::copy(text.begin(), text.end(), bytes + i * text.size());
  return Value::of_text({bytes, text.size() * count});
}

Value replace(Values values, Frame& frame) {
  const std::string_view text = values[0].text();
  const std::string_view from = values[1].text();
  const std::string_view to = values[2].text();
  size_t found = from.empty() ? std::string_view::npos : text.find(from);
  if (found == std::string_view::npos) return values[0];
  std::string result;
  size_t start = 0;
  for (; found != std::string_view::npos; found = text.find(from, start)) {
    result.append(text, start, found - start);
    result += to;
    if (result.size() > kLongestText) return too_long(frame, "replace");
    start = found + from.size();
  }
  result.append(text, start);
  return frame.text(result);
}

// Each code point of `from` becomes the one at the same place of `to`, or nothing when `to` is shorter.
Value translate(Values values, Frame& frame) {
  const std::string_view text = values[0].text();
  const std::string_view from = values[1].text();
  std::string result;
  for (size_t offset = 0; offset < text.size();) {
    const std::string_view code_point = text.substr(offset, code_point_size(text[offset]));
    offset += code_point.size();
    int64_t place = 0;
    size_t i = 0;
    while (i < from.size() && from.substr(i, code_point_size(from[i])) != code_point) {
      i += code_point_size(from[i]);
      ++place;
    }
    result += i >= from.size() ? code_point : code_point_range(values[2].text(), place, place + 1);
  }
  return frame.text(result);
}

Value join_texts(Values values, std::string_view separator, Frame& frame) {
  size_t size = 0;
  for (const Value& value : values) size += value.is_null() ? 0 : value.text_bytes.size + separator.size();
  if (size > kLongestText) return too_long(frame, "joining");
  char* const bytes = frame.arena().allocate_bytes(size);
  char* end = bytes;
  bool first = true;
  for (const Value& value : values) {
    if (value.is_null()) continue;
    if (!first) end = std::copy(separator.begin(), separator.end(), end);
    end = std::copy(value.text().begin(), value.text().end(), end);
    first = false;
  }
  return Value::of_text({bytes, static_cast<size_t>(end - bytes)});
}

Value join_lists(Values lists, Frame& frame) {
  size_t size = 0;
  for (const Value& list : lists) size += list.is_null() ? 0 : list.list().size();
  const std::span<Value> items = frame.arena().allocate_values(size);
  auto end = items.begin();
  for (const Value& list : lists) {
    if (!list.is_null()) end = std::copy(list.list().begin(), list.list().end(), end);
  }
  return Value::of_list(items);
}

// concat passes over nulls, || does not; both also join lists.
Binder concatenation(bool takes_nulls) {
  return [takes_nulls](const BindContext& context) -> Result<BoundCall> {
    const bool has_list = std::any_of(context.operands.begin(), context.operands.end(),
                                      [](const Operand& operand) { return operand.type.is_list(); });
    SqlType type = kVarchar;
    if (has_list) {
      ARROW_ASSIGN_OR_RAISE(type, common_type(context.function, context.operands, false));
      if (!type.is_list()) return Status::Invalid(context.function, " cannot join a list and a text; use list_append");
    }
    const bool all_null = std::all_of(context.operands.begin(), context.operands.end(),
                                      [](const Operand& operand) { return operand.type.is_null(); });
    const auto join = [has_list](Values values, Frame& frame) {
      return has_list ? join_lists(values, frame) : join_texts(values, "", frame);
    };
    const SqlType result = all_null && !takes_nulls ? SqlType{} : type;
    return BoundCall{std::vector<SqlType>(context.operands.size(), type), result, join, takes_nulls};
  };
}

Result<BoundCall> bind_concat_ws(const BindContext& context) {
  const auto join = [](Values values, Frame& frame) {
    return values[0].is_null() ? Value::null() : join_texts(values.subspan(1), values[0].text(), frame);
  };
  return BoundCall{std::vector<SqlType>(context.operands.size(), kVarchar), kVarchar, join, true};
}

// --- splitting

std::vector<std::string_view> split(std::string_view text, std::string_view separator) {
  std::vector<std::string_view> parts;
  if (separator.empty()) {
    for (size_t offset = 0; offset < text.size(); offset += parts.back().size()) {
      parts.push_back(text.substr(offset, code_point_size(text[offset])));
    }
    if (parts.empty()) parts.push_back(text);
    return parts;
  }
  size_t start = 0;
  for (size_t found = text.find(separator); found != std::string_view::npos; found = text.find(separator, start)) {
    parts.push_back(text.substr(start, found - start));
    start = found + separator.size();
  }
  parts.push_back(text.substr(start));
  return parts;
}

Value split_part(Values values, Frame& /*frame*/) {
  const std::vector<std::string_view> parts = split(values[0].text(), values[1].text());
  const auto size = static_cast<int64_t>(parts.size());
  const int64_t index = values[2].integer;
  if (index == 0 || index > size || index < -size) return Value::of_text("");
  return Value::of_text(parts[static_cast<size_t>(index > 0 ? index - 1 : size + index)]);
}

Result<BoundCall> bind_string_split(const BindContext& /*context*/) {
  const auto split_text = [](Values values, Frame& frame) {
    const std::vector<std::string_view> parts = split(values[0].text(), values[1].text());
    const std::span<Value> items = frame.arena().allocate_values(parts.size());
    std::transform(parts.begin(), parts.end(), items.begin(), Value::of_text);
    return Value::of_list(items);
  };
  return BoundCall{{kVarchar, kVarchar}, SqlType::list_of(kVarchar), split_text};
}

// --- looking up

Value strpos(Values values, Frame& /*frame*/) {
  const std::string_view text = values[0].text();
  const size_t found = text.find(values[1].text());
  if (found == std::string_view::npos) return Value::of_integer(0);
  return Value::of_integer(static_cast<int64_t>(count_code_points(text.substr(0, found))) + 1);
}

Overload test(bool (*function)(std::string_view text, std::string_view part)) {
  const auto scalar = [function](Values values, Frame& /*frame*/) {
    return Value::of_boolean(function(values[0].text(), values[1].text()));
  };
  return {{kText, kText}, SqlKind::kBoolean, scalar, block_texts_function(function)};
}

ScalarFunction map(std::string_view (*function)(std::string_view text, Arena& arena)) {
  return [function](Values values, Frame& frame) { return Value::of_text(function(values[0].text(), frame.arena())); };
}

// The first code point, or `if_empty`.
ScalarFunction first_code_point(int64_t if_empty) {
  return [if_empty](Values values, Frame& /*frame*/) {
    const std::string_view text = values[0].text();
    utf8proc_int32_t code = -1;
    utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()),
                     &code);
    return Value::of_integer(text.empty() || code < 0 ? if_empty : code);
  };
}

Value chr(Values values, Frame& frame) {
  const int64_t code = values[0].integer;
  if (code < 0 || code > 0x10FFFF || !utf8proc_codepoint_valid(static_cast<utf8proc_int32_t>(code))) {
    return frame.fail("chr wants the number of a character, not " + std::to_string(code));
  }
  std::array<utf8proc_uint8_t, 4> encoded;
  const utf8proc_ssize_t size = utf8proc_encode_char(static_cast<utf8proc_int32_t>(code), encoded.data());
  return frame.text({reinterpret_cast<const char*>(encoded.data()), static_cast<size_t>(size)});
}

Value text_length(Values values, Frame& /*frame*/) {
  return Value::of_integer(static_cast<int64_t>(count_code_points(values[0].text())));
}
Value byte_length(Values values, Frame& /*frame*/) {
  return Value::of_integer(static_cast<int64_t>(values[0].text().size()));
}
Value list_length(Values values, Frame& /*frame*/) {
  return Value::of_integer(static_cast<int64_t>(values[0].list().size()));
}

}  // namespace

void add_text_functions(FunctionLibrary& library) {
  library.add("lower", {{{kText}, kText, map(lower_text)}});
  library.add("upper", {{{kText}, kText, map(upper_text)}});
  library.add("strip_accents", {{{kText}, kText, map(strip_accents)}});
  library.add("reverse", {{{kText}, kText, map(reverse_text)}});
  library.add("length", {{{SqlKind::kList}, kInteger, list_length}, {{kText}, kInteger, text_length}});
  library.add("strlen", {{{kText}, kInteger, byte_length}});
  library.add("substring", {{{kText, kInteger}, kText, substring}, {{kText, kInteger, kInteger}, kText, substring}});
  library.add("left", {{{kText, kInteger}, kText, left}});
  library.add("right", {{{kText, kInteger}, kText, right}});
  const auto add_trim = [&](std::string_view name, TrimSide side) {
    library.add(name, {{{kText}, kText, trim(side)}, {{kText, kText}, kText, trim(side)}});
  };
  add_trim("trim", TrimSide::kBoth);
  add_trim("ltrim", TrimSide::kLeft);
  add_trim("rtrim", TrimSide::kRight);
  library.add("lpad", {{{kText, kInteger, kText}, kText, pad("lpad", true)}});
  library.add("rpad", {{{kText, kInteger, kText}, kText, pad("rpad", false)}});
  library.add("repeat", {{{kText, kInteger}, kText, repeat}});
  library.add("replace", {{{kText, kText, kText}, kText, replace}});
  library.add("translate", {{{kText, kText, kText}, kText, translate}});
  library.add("concat", concatenation(true));
  library.add("||", concatenation(false));
  library.add("list_concat", concatenation(true));
  library.add("concat_ws", Binder(bind_concat_ws));
  library.add("split_part", {{{kText, kText, kInteger}, kText, split_part}});
  library.add("string_split", Binder(bind_string_split));
  library.add("strpos", {{{kText, kText}, kInteger, strpos}});
  library.add("starts_with",
              {test([](std::string_view text, std::string_view part) { return text.starts_with(part); })});
  library.add("ends_with", {test([](std::string_view text, std::string_view part) { return text.ends_with(part); })});
  library.add("ascii", {{{kText}, kInteger, first_code_point(0)}});
  library.add("unicode", {{{kText}, kInteger, first_code_point(-1)}});
  library.add("chr", {{{kInteger}, kText, chr}});
}

}  // namespace linkwright
