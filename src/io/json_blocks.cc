#include "io/json_blocks.h"

#include <arrow/table.h>

#include <nlohmann/json.hpp>
#include <set>
#include <utility>

namespace linkwright {
namespace {

using Json = nlohmann::json;

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

// Collects the keys of objects that lie `depth` deep: 1 in a line, 2 in an array.
class KeyCollector : public nlohmann::json_sax<Json> {
 public:
  explicit KeyCollector(int wanted_depth) : wanted_depth_(wanted_depth) {}

  std::vector<std::string> take() { return std::move(keys_); }
  void begin() { depth_ = 0; }

  bool key(string_t& name) override {
    if (depth_ == wanted_depth_ && known_.insert(name).second) keys_.push_back(name);
    return true;
  }
  bool start_object(std::size_t) override { return ++depth_ > 0; }
  bool end_object() override { return --depth_ >= 0; }
  bool start_array(std::size_t) override { return ++depth_ > 0; }
  bool end_array() override { return --depth_ >= 0; }
  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override { return false; }

 private:
  int wanted_depth_;
  int depth_ = 0;
  std::set<std::string> known_;
  std::vector<std::string> keys_;
};

std::string as_array(const RecordBlock& block) { return "[" + block.bytes + "]"; }

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
  if (!inside_array_) bytes.erase(0, bytes.find('[') + 1);
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
  const auto reject_in_file = [&](const CsvReject& in_block) {
    return reject({block.first_line - 1 + in_block.line, in_block.reason, in_block.content});
  };
  if (layout == JsonLayout::kLines) return read_json_lines(block.bytes, reject_in_file, nullptr);
  auto table = read_json_array(as_array(block), file, reject_in_file, nullptr);
  if (table.ok()) return table;
  return Status::Invalid(file, ":", block.first_line, ": in or after this line: ", table.status().message());
}

Result<std::vector<std::string>> read_json_keys(const std::string& path) {
  ARROW_ASSIGN_OR_RAISE(const auto blocks, JsonBlocks::open(path));
  const bool lines = blocks->layout() == JsonLayout::kLines;
  KeyCollector keys(lines ? 1 : 2);
  RecordBlock block;
  for (;;) {
    ARROW_ASSIGN_OR_RAISE(const bool more, blocks->next(&block));
    if (!more) return keys.take();
    const std::string text = lines ? std::move(block.bytes) : as_array(block);
    for (size_t at = 0; at < text.size();) {
      const size_t end = lines ? std::min(text.find('\n', at), text.size()) : text.size();
      keys.begin();
      Json::sax_parse(text.begin() + static_cast<ptrdiff_t>(at), text.begin() + static_cast<ptrdiff_t>(end), &keys);
      at = end + 1;
    }
  }
}

}  // namespace linkwright
