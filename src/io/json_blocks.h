#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/status.h"
#include "io/csv_reader.h"
#include "io/json_rows.h"
#include "io/record_blocks.h"

namespace arrow {
class Table;
}

namespace linkwright {

/// The rows of a JSON file in blocks, so that a file of any size needs little memory: whole lines, or whole elements of
/// one array without the brackets around them. Not thread-safe.
class JsonBlocks {
 public:
  /// Errors: the file cannot be read, or has nothing but space.
  static Result<std::unique_ptr<JsonBlocks>> open(const std::string& path);

  JsonLayout layout() const { return layout_; }

  /// False at the end of the file. Errors: an array that is not closed.
  Result<bool> next(RecordBlock* block);

 private:
  JsonBlocks(std::string path, JsonLayout layout, std::unique_ptr<RecordBlocks> blocks);
  Status strip_brackets(RecordBlock* block);

  std::string path_;
  JsonLayout layout_;
  std::unique_ptr<RecordBlocks> blocks_;
  bool inside_array_ = false;
};

/// The rows of a block, as read_json_rows gives them. Thread-safe.
Result<std::shared_ptr<arrow::Table>> read_json_block(const RecordBlock& block, JsonLayout layout,
                                                      const std::string& file,
                                                      const std::function<Status(const CsvReject&)>& reject);

/// All keys of the objects in a file, in order of first appearance; lines that are no objects are passed over.
Result<std::vector<std::string>> read_json_keys(const std::string& path);

}  // namespace linkwright
