// JSON text: what is looked for before and while it is parsed, so that every message has a place.

#include <algorithm>
#include <array>
#include <fstream>
#include <optional>
#include <set>
#include <sstream>
#include <vector>

#include "model/json_reader.h"

namespace linkwright {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kMostNesting = 200;  // values are printed and freed by recursion

// "model.json:3:15: " for a byte of the text, both counted from 1.
std::string place_of(std::string_view text, size_t at, std::string_view where) {
  const std::string_view before = text.substr(0, std::min(at, text.size()));
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const size_t line_end = before.rfind('\n');
  const size_t column = before.size() - (line_end == std::string_view::npos ? 0 : line_end + 1) + 1;
  return std::string(where) + ":" + std::to_string(line) + ":" + std::to_string(column) + ": ";
}

// Bytes of the UTF-8 character at `at`; none when the bytes there are no character.
std::optional<size_t> character_size(std::string_view text, size_t at) {
  const auto byte = [&](size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const unsigned lead = byte(at);
  if (lead < 0x80) return 1;
  const size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4) return std::nullopt;
  // The second byte's bounds keep out longer forms than needed, surrogates, and what is above U+10FFFF.
  const unsigned lowest = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const unsigned highest = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  if (byte(at + 1) < lowest || byte(at + 1) > highest) return std::nullopt;
  for (size_t i = 2; i < size; ++i) {
    if ((byte(at + i) & 0xC0U) != 0x80) return std::nullopt;
  }
  return size;
}

Status check_text(std::string_view text, std::string_view where) {
  size_t nesting = 0;
  bool in_string = false;
  for (size_t at = 0; at < text.size();) {
    const std::optional<size_t> size = character_size(text, at);
    if (!size) {
      constexpr std::array<char, 17> kDigits = {"0123456789ABCDEF"};
      const auto byte = static_cast<unsigned char>(text[at]);
      return Status::Invalid(place_of(text, at, where), "not valid UTF-8: byte 0x", kDigits[byte >> 4U],
                             kDigits[byte & 15U], "; save the file as UTF-8");
    }
    const char c = text[at];
    at += *size;
    if (in_string && c == '\\') at += at < text.size() && text[at] > 0 ? 1 : 0;
    if (c == '"') in_string = !in_string;
    if (in_string) continue;
    if (c == '[' || c == '{') ++nesting;
    if ((c == ']' || c == '}') && nesting > 0) --nesting;
    if (nesting > kMostNesting) {
      return Status::Invalid(place_of(text, at - 1, where), "nested more than ", kMostNesting, " levels deep");
    }
  }
  return Status::OK();
}

// The start of a long message, cut between characters.
std::string shortened(std::string text, size_t most) {
  if (text.size() <= most) return text;
  size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80) --end;
  return text.substr(0, end) + "...";
}

// The parser's own messages end in the middle of a character when that is where it stopped reading.
std::string with_whole_characters(std::string_view text) {
  std::string whole;
  for (size_t at = 0; at < text.size();) {
    const std::optional<size_t> size = character_size(text, at);
    whole += size ? text.substr(at, *size) : std::string_view("\xEF\xBF\xBD");
    at += size.value_or(1);
  }
  return whole;
}

// Remembers the keys of the objects that are being parsed, as a second value of a key would silently be dropped.
class DuplicateKeys {
 public:
  bool operator()(int /*depth*/, nlohmann::json::parse_event_t event, Json& value) {
    using Event = nlohmann::json::parse_event_t;
    if (event == Event::object_start) open_.emplace_back();
    if (event == Event::object_end && !open_.empty()) open_.pop_back();
    if (event == Event::key && !open_.empty() && !open_.back().insert(value.get<std::string>()).second &&
        duplicate_.empty()) {
      duplicate_ = value.dump();
    }
    return true;
  }
  const std::string& duplicate() const { return duplicate_; }

 private:
  std::vector<std::set<std::string>> open_;
  std::string duplicate_;
};

}  // namespace

std::string shown(const Json& value) {
  constexpr size_t kMost = 200;
  return shortened(value.dump(-1, ' ', false, Json::error_handler_t::replace), kMost);
}

Result<Json> parse_json(std::string_view text, std::string_view where) {
  ARROW_RETURN_NOT_OK(check_text(text, where));
  try {
    DuplicateKeys keys;
    Json json = Json::parse(
        text, [&](int depth, nlohmann::json::parse_event_t event, Json& value) { return keys(depth, event, value); });
    if (!keys.duplicate().empty()) {
      return Status::Invalid(where, ": key ", keys.duplicate(), " is given twice in one object; keep one");
    }
    return json;
  } catch (const nlohmann::json::parse_error& error) {
    std::string reason = error.what();
    if (const size_t colon = reason.rfind("syntax error"); colon != std::string::npos) reason = reason.substr(colon);
    constexpr size_t kMost = 300;
    return Status::Invalid(place_of(text, error.byte > 0 ? error.byte - 1 : 0, where),
                           "not valid JSON: ", shortened(with_whole_characters(reason), kMost));
  } catch (const nlohmann::json::exception& error) {  // a number that no double can hold, for one
    return Status::Invalid(where, ": not usable JSON: ", with_whole_characters(error.what()));
  }
}

Result<Json> read_json_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (file.peek() == std::ifstream::traits_type::eof() && file.eof()) {
    return Status::Invalid(path, " is empty; expected a JSON object {...}");
  }
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) {
    return Status::IOError("cannot read ", path, "; does the file exist, and may it be read?");
  }
  return parse_json(text.str(), path);
}

}  // namespace linkwright
