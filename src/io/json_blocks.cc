#include "io/json_blocks.h"

#include <arrow/table.h>

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "io/json_parser.h"
#include "io/utf8_text.h"

namespace linkwright {
namespace {

constexpr std::string_view kSpace = " \t\r\n";

// The end of the last whole element in a part of an array, its comma included; 0 without one.
size_t last_element_end(std::string_view data, bool inside_array) {
  size_t end = 0;
  int depth = inside_array ? 1 : 0;  // of the brackets around
  for (size_t at = 0; at < data.size(); ++at) {
    switch (data[at]) {
      case '"':
        for (++at; at < data.size() && data[at] != '"'; ++at) at += data[at] == '\\' ? 1 : 0;
        break;
      case '[':
      case '{':
        ++depth;
        break;
      case ']':
      case '}':
        --depth;
        break;
      case ',':
        if (depth == 1) end = at + 1;
        break;
      default:
        break;
    }
  }
  return end;
}

// Collects the keys of objects, but not of those inside of others.
class KeyHandler : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, KeyHandler> {
 public:
  std::vector<std::string> take() { return std::move(keys_); }
  void begin() { depth_ = 0; }

  // NOLINTBEGIN(readability-identifier-naming): RapidJSON's names
  bool Key(const char* key, rapidjson::SizeType size, bool) {
    if (!is_utf8({key, size})) return false;
    if (depth_ == 1 && known_.emplace(key, size).second) keys_.emplace_back(key, size);
    return true;
  }
  bool StartObject() { return ++depth_ > 0; }
  bool EndObject(rapidjson::SizeType) { return --depth_ >= 0; }
  bool StartArray() { return ++depth_ > 0; }
  bool EndArray(rapidjson::SizeType) { return --depth_ >= 0; }
  // NOLINTEND(readability-identifier-naming)

 private:
  int depth_ = 0;
  std::unordered_set<std::string> known_;
  std::vector<std::string> keys_;
};

}  // namespace

JsonBlocks::JsonBlocks(std::string path, JsonLayout layout, std::unique_ptr<RecordBlocks> blocks)
    : path_(std::move(path)), layout_(layout), blocks_(std::move(blocks)) {
  if (layout_ == JsonLayout::kLines) return;
  blocks_->cut_with([this](std::string_view data, bool at_end) {
    return at_end ? data.size() : last_element_end(data, inside_array_);
  });
}

Result<std::unique_ptr<JsonBlocks>> JsonBlocks::open(const std::string& path) {
  ARROW_ASSIGN_OR_RAISE(auto blocks, RecordBlocks::open(path));
  const size_t first = blocks->ahead().find_first_not_of(kSpace);
  if (first == std::string_view::npos) {
    return Status::Invalid(path, " is empty; expected a JSON array of objects, or an object a line");
  }
  const JsonLayout layout = blocks->ahead()[first] == '[' ? JsonLayout::kArray : JsonLayout::kLines;
  return std::unique_ptr<JsonBlocks>(new JsonBlocks(path, layout, std::move(blocks)));
}

Result<bool> JsonBlocks::next(RecordBlock* block) {
  ARROW_ASSIGN_OR_RAISE(const bool more, blocks_->next(block));
  if (more && layout_ == JsonLayout::kArray) ARROW_RETURN_NOT_OK(strip_brackets(block));
  return more;
}

Status JsonBlocks::strip_brackets(RecordBlock* block) {
  std::string& bytes = block->bytes;
  if (!inside_array_) {
    const auto inside = bytes.begin() + static_cast<ptrdiff_t>(bytes.find('[') + 1);
    block->first_line += std::count(bytes.begin(), inside, '\n');
    bytes.erase(bytes.begin(), inside);
  }
  inside_array_ = true;
  bytes.erase(bytes.find_last_not_of(kSpace) + 1);
  const char last = block->ends_file ? ']' : ',';
  if (bytes.empty() || bytes.back() != last) {
    return Status::Invalid(path_, ":", block->first_line, ": the array is not closed; is the file whole?");
  }
  bytes.pop_back();
  return Status::OK();
}

Result<std::shared_ptr<arrow::Table>> read_json_block(const RecordBlock& block, JsonLayout layout,
                                                      const std::string& file,
                                                      const std::function<Status(const CsvReject&)>& reject) {
  return layout == JsonLayout::kLines ? read_json_lines(block.bytes, block.first_line, reject, nullptr)
                                      : read_json_elements(block.bytes, file, block.first_line, reject, nullptr);
}

Result<std::vector<std::string>> read_json_keys(const std::string& path) {
  ARROW_ASSIGN_OR_RAISE(const auto blocks, JsonBlocks::open(path));
  KeyHandler keys;
  RecordBlock block;
  for (;;) {
    ARROW_ASSIGN_OR_RAISE(const bool more, blocks->next(&block));
    if (!more) return keys.take();
    const std::string_view text = block.bytes;
    for (size_t at = 0; at < text.size();) {
      size_t end = text.size();
      if (blocks->layout() == JsonLayout::kLines) end = std::min(text.find('\n', at), end);
      JsonParser parser(text.substr(at, end - at));
      for (bool has_next = true; has_next;) {
        keys.begin();
        // What is wrong with a row is said where rows are read.
        has_next = !parser.parse_value(&keys) && parser.next_byte() == ',';
        parser.skip_byte();
      }
      at = end + 1;
    }
  }
}

}  // namespace linkwright
