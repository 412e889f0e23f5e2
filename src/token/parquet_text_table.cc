#include <arrow/record_batch.h>
#include <arrow/type.h>

#include <algorithm>

#include "io/parquet_reader.h"
#include "token/raw_values.h"
#include "token/text_table_formats.h"

namespace linkwright {
namespace {

constexpr int64_t kBatchRows = int64_t{1} << 14;

class ParquetTextTable : public TextTableReader {
 public:
  ParquetTextTable(std::string path, const arrow::Schema& schema) : path_(std::move(path)) {
    headers_ = schema.field_names();
  }

  Status select(std::vector<int> slots, size_t slot_count) override {
    slot_count_ = slot_count;
    std::vector<std::string> names;
    for (size_t i = 0; i < slots.size(); ++i) {
      if (slots[i] < 0) continue;
      names.push_back(headers_[i]);
      slots_.push_back(static_cast<size_t>(slots[i]));
    }
    ARROW_ASSIGN_OR_RAISE(batches_, ParquetBatches::open(path_, names, kBatchRows));
    return Status::OK();
  }

  Result<bool> next(TextBlock* block) override {
    ARROW_ASSIGN_OR_RAISE(block->batch, batches_->next());
    return block->batch != nullptr;
  }

  Result<bool> parse(const TextBlock& block, size_t* position, TextColumns* out) const override {
    if (*position > 0) return false;
    *position = 1;  // a batch is one portion
    out->clear(slot_count_);
    out->rows = static_cast<size_t>(block.batch->num_rows());
    for (size_t i = 0; i < slots_.size(); ++i) {
      const auto column = static_cast<int>(i);
      const Status status = append_raw_values(*block.batch->column(column), block.batch->column_name(column),
                                              &out->converted, &out->columns[slots_[i]]);
      if (!status.ok()) return status.WithMessage(path_, ": ", status.message());
    }
    return true;
  }

 private:
  std::string path_;
  std::unique_ptr<ParquetBatches> batches_;
  std::vector<size_t> slots_;  // of the columns that are read
  size_t slot_count_ = 0;
};

}  // namespace

Result<std::unique_ptr<TextTableReader>> open_parquet_text(const std::string& path) {
  ARROW_ASSIGN_OR_RAISE(const auto schema, read_parquet_schema(path));
  return std::make_unique<ParquetTextTable>(path, *schema);
}

}  // namespace linkwright
