#include <arrow/array.h>
#include <arrow/chunked_array.h>
#include <arrow/table.h>
#include <arrow/type.h>

#include "io/json_blocks.h"
#include "token/raw_values.h"
#include "token/text_table_formats.h"

namespace linkwright {
namespace {

class JsonTextTable : public TextTableReader {
 public:
  JsonTextTable(std::string path, std::unique_ptr<JsonBlocks> blocks, std::vector<std::string> keys)
      : path_(std::move(path)), blocks_(std::move(blocks)) {
    headers_ = std::move(keys);
  }

  Status select(std::vector<int> slots, size_t slot_count) override {
    slots_ = std::move(slots);
    slot_count_ = slot_count;
    return Status::OK();
  }

  Result<bool> next(TextBlock* block) override { return blocks_->next(&block->text); }

  Result<bool> parse(const TextBlock& block, size_t* position, TextColumns* out) const override {
    if (*position > 0) return false;
    *position = 1;  // a block is one portion
    out->clear(slot_count_);
    const auto leave_out = [out](const CsvReject&) {
      ++out->malformed_rows;
      return Status::OK();
    };
    ARROW_ASSIGN_OR_RAISE(const auto table, read_json_block(block.text, blocks_->layout(), path_, leave_out));
    out->rows = static_cast<size_t>(table->num_rows());
    for (size_t i = 0; i < slots_.size(); ++i) {
      if (slots_[i] < 0) continue;
      std::vector<RawValue>& column = out->columns[static_cast<size_t>(slots_[i])];
      if (const auto chunks = table->GetColumnByName(headers_[i])) {
        ARROW_RETURN_NOT_OK(append_chunks(*chunks, &out->converted, &column));
      } else {
        column.assign(out->rows, RawValue::null());
      }
    }
    out->owner = table;
    return true;
  }

 private:
  static Status append_chunks(const arrow::ChunkedArray& chunks, std::deque<std::string>* converted,
                              std::vector<RawValue>* out) {
    for (const auto& chunk : chunks.chunks()) {
      ARROW_RETURN_NOT_OK(chunk->type_id() == arrow::Type::LARGE_STRING
                              ? append_raw_values(*chunk, "", converted, out)
                              : append_written_values(*chunk, converted, out));
    }
    return Status::OK();
  }

  std::string path_;
  std::unique_ptr<JsonBlocks> blocks_;
  std::vector<int> slots_;
  size_t slot_count_ = 0;
};

}  // namespace

Result<std::unique_ptr<TextTableReader>> open_json_text(const std::string& path) {
  ARROW_ASSIGN_OR_RAISE(std::vector<std::string> keys, read_json_keys(path));
  ARROW_ASSIGN_OR_RAISE(auto blocks, JsonBlocks::open(path));
  return std::make_unique<JsonTextTable>(path, std::move(blocks), std::move(keys));
}

}  // namespace linkwright
