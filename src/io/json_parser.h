#pragma once

#include <rapidjson/error/en.h>
#include <rapidjson/reader.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace linkwright {

/// Where a text stops being JSON, and why.
struct JsonFault {
  size_t offset = 0;
  std::string reason;
};

/// Goes through a text of JSON values, one after the other, with RapidJSON's event parser: no recursion, so that no
/// nesting exhausts the stack; numbers as they are written. Not thread-safe.
class JsonParser {
 public:
  explicit JsonParser(std::string_view text) : bytes_(text) {}

  size_t offset() const { return bytes_.Tell(); }
  /// The byte that comes next behind any space; '\0' at the end.
  char next_byte() {
    while (!bytes_.at_end() && is_space(bytes_.Peek())) bytes_.Take();
    return bytes_.Peek();
  }
  bool at_end() {
    next_byte();
    return bytes_.at_end();
  }
  void skip_byte() { bytes_.Take(); }

  /// Gives one value to the handler, which has RapidJSON's functions (rapidjson::BaseReaderHandler) and returns false
  /// for text that is no Unicode: RapidJSON takes an escaped second half of a surrogate pair (\udc00 to \udfff) alone.
  template <typename Handler>
  std::optional<JsonFault> parse_value(Handler* handler) {
    constexpr unsigned kFlags =
        rapidjson::kParseIterativeFlag | rapidjson::kParseStopWhenDoneFlag | rapidjson::kParseNumbersAsStringsFlag;
    const rapidjson::ParseResult result = reader_.Parse<kFlags>(bytes_, *handler);
    if (!result.IsError()) return std::nullopt;
    const bool refused = result.Code() == rapidjson::kParseErrorTermination;
    const auto code = refused ? rapidjson::kParseErrorStringUnicodeSurrogateInvalid : result.Code();
    return JsonFault{result.Offset(), rapidjson::GetParseError_En(code)};
  }

 private:
  // RapidJSON's stream over bytes without an end mark.
  class Bytes {
   public:
    using Ch = char;
    explicit Bytes(std::string_view text) : begin_(text.data()), at_(begin_), end_(begin_ + text.size()) {}

    bool at_end() const { return at_ == end_; }
    // NOLINTBEGIN(readability-identifier-naming): RapidJSON's names
    Ch Peek() const { return at_end() ? '\0' : *at_; }
    Ch Take() { return at_end() ? '\0' : *at_++; }
    size_t Tell() const { return static_cast<size_t>(at_ - begin_); }
    static Ch* PutBegin() { return nullptr; }
    static void Put(Ch) {}
    static void Flush() {}
    static size_t PutEnd(Ch*) { return 0; }
    // NOLINTEND(readability-identifier-naming)

   private:
    const char* begin_;
    const char* at_;
    const char* end_;
  };

  static bool is_space(char byte) { return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n'; }

  Bytes bytes_;
  rapidjson::Reader reader_;
};

}  // namespace linkwright
