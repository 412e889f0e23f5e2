#include "io/parquet_reader.h"

#include <arrow/io/file.h>
#include <arrow/record_batch.h>
#include <arrow/table.h>
#include <arrow/type.h>
#include <parquet/arrow/reader.h>
#include <parquet/exception.h>
#include <parquet/file_reader.h>
#include <parquet/properties.h>
#include <parquet/schema.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "base/clean_end.h"
#include "io/throwing_memory_pool.h"
#include "io/uuid_columns.h"

namespace linkwright {
namespace {

Status damaged(const std::string& path, const std::string& why) {
  return Status::IOError("cannot read ", path, ": ", why, "; is the file whole? Write it again, or leave it out");
}

// A column is worth reading as codes when all of it is stored as codes: where a writer gave up on the dictionary half
// way, as it does for values that hardly repeat, Arrow would have to build one.
bool is_dictionary_text(const parquet::FileMetaData& metadata, int column) {
  const parquet::ColumnDescriptor* descriptor = metadata.schema()->Column(column);
  if (descriptor->physical_type() != parquet::Type::BYTE_ARRAY || descriptor->max_repetition_level() > 0) return false;
  for (int group = 0; group < metadata.num_row_groups(); ++group) {
    const auto chunk = metadata.RowGroup(group)->ColumnChunk(column);
    if (!chunk->has_dictionary_page() || chunk->encoding_stats().empty()) return false;
    for (const parquet::PageEncodingStats& pages : chunk->encoding_stats()) {
      const bool is_data = pages.page_type != parquet::PageType::DICTIONARY_PAGE;
      const bool is_codes =
          pages.encoding == parquet::Encoding::RLE_DICTIONARY || pages.encoding == parquet::Encoding::PLAIN_DICTIONARY;
      if (is_data && !is_codes) return false;
    }
  }
  return metadata.num_row_groups() > 0;
}

Result<std::unique_ptr<parquet::arrow::FileReader>> open(const std::string& path, bool use_threads) {
  ARROW_ASSIGN_OR_RAISE(auto file, arrow::io::MemoryMappedFile::Open(path, arrow::io::FileMode::READ));
  std::unique_ptr<parquet::ParquetFileReader> raw =
      parquet::ParquetFileReader::Open(std::move(file), parquet::ReaderProperties(throwing_memory_pool()));
  parquet::ArrowReaderProperties properties(use_threads);
  for (int column = 0; column < raw->metadata()->num_columns(); ++column) {
    if (is_dictionary_text(*raw->metadata(), column)) properties.set_read_dictionary(column, true);
  }
  return parquet::arrow::FileReader::Make(throwing_memory_pool(), std::move(raw), properties);
}

// Groups of rows to read at a time: a call cannot be interrupted, and small groups are not worth one each. One piece
// without groups for a file of no rows.
std::vector<std::vector<int>> pieces_of(const parquet::FileMetaData& metadata) {
  constexpr int64_t kLeastRows = int64_t{1} << 18;
  std::vector<std::vector<int>> pieces(1);
  int64_t rows = 0;
  for (int group = 0; group < metadata.num_row_groups(); ++group) {
    if (rows >= kLeastRows) {
      pieces.emplace_back();
      rows = 0;
    }
    pieces.back().push_back(group);
    rows += metadata.RowGroup(group)->num_rows();
  }
  return pieces;
}

// The columns of a file, the largest first: one that takes long, begun last, would keep one thread busy while the
// others wait. Nested columns have several leaves.
class LargestFirst {
 public:
  explicit LargestFirst(const parquet::FileMetaData& metadata) {
    const parquet::schema::GroupNode& root = *metadata.schema()->group_node();
    std::vector<int64_t> bytes(static_cast<size_t>(root.field_count()));
    std::vector<std::vector<int>> leaves(bytes.size());
    for (int leaf = 0; leaf < metadata.num_columns(); ++leaf) {
      const auto column = static_cast<size_t>(root.FieldIndex(*metadata.schema()->GetColumnRoot(leaf)));
      leaves[column].push_back(leaf);
      for (int group = 0; group < metadata.num_row_groups(); ++group) {
        bytes[column] += metadata.RowGroup(group)->ColumnChunk(leaf)->total_uncompressed_size();
      }
    }
    std::vector<size_t> order(bytes.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return bytes[a] > bytes[b]; });
    place_of_column_.resize(order.size());
    for (size_t place = 0; place < order.size(); ++place) {
      place_of_column_[order[place]] = static_cast<int>(place);
      leaves_.insert(leaves_.end(), leaves[order[place]].begin(), leaves[order[place]].end());
    }
  }

  Result<std::shared_ptr<arrow::Table>> read(parquet::arrow::FileReader& reader, const std::vector<int>& groups) const {
    ARROW_ASSIGN_OR_RAISE(const auto table, reader.ReadRowGroups(groups, leaves_));
    return table->SelectColumns(place_of_column_);
  }

 private:
  std::vector<int> leaves_;
  std::vector<int> place_of_column_;  // of each of the file's
};

}  // namespace

Result<std::shared_ptr<arrow::Table>> read_parquet(const std::string& path, bool use_threads,
                                                   const Cancellation* cancellation) {
  try {
    auto opened = open(path, use_threads);
    if (!opened.ok()) return damaged(path, opened.status().message());
    parquet::arrow::FileReader& reader = **opened;
    const NoUnwinding while_arrow_decodes;
    const LargestFirst columns(*reader.parquet_reader()->metadata());
    std::vector<std::shared_ptr<arrow::Table>> tables;
    for (const std::vector<int>& groups : pieces_of(*reader.parquet_reader()->metadata())) {
      if (cancellation != nullptr) ARROW_RETURN_NOT_OK(cancellation->check());
      auto table = columns.read(reader, groups);
      if (!table.ok()) return damaged(path, table.status().message());
      tables.push_back(std::move(*table));
    }
    auto table =
        tables.size() == 1 ? Result<std::shared_ptr<arrow::Table>>(tables[0]) : arrow::ConcatenateTables(tables);
    if (!table.ok()) return damaged(path, table.status().message());
    return with_uuids_as_text(std::move(*table), *reader.parquet_reader()->metadata()->schema());
  } catch (const parquet::ParquetException& error) {
    return damaged(path, error.what());
  }
}

Result<std::shared_ptr<arrow::Schema>> read_parquet_schema(const std::string& path) {
  try {
    auto reader = open(path, false);
    if (!reader.ok()) return damaged(path, reader.status().message());
    std::shared_ptr<arrow::Schema> schema;
    const Status read = (*reader)->GetSchema(&schema);
    if (!read.ok()) return damaged(path, read.message());
    return with_uuids_as_text(std::move(schema), *(*reader)->parquet_reader()->metadata()->schema());
  } catch (const parquet::ParquetException& error) {
    return damaged(path, error.what());
  }
}

ParquetBatches::ParquetBatches(std::string path) : path_(std::move(path)) {}
ParquetBatches::~ParquetBatches() = default;

Result<std::unique_ptr<ParquetBatches>> ParquetBatches::open(const std::string& path,
                                                             const std::vector<std::string>& columns,
                                                             int64_t batch_rows) {
  auto batches = std::unique_ptr<ParquetBatches>(new ParquetBatches(path));
  try {
    parquet::ReaderProperties pages(throwing_memory_pool());
    pages.enable_buffered_stream();  // page by page: one group of rows may hold the whole file
    parquet::ArrowReaderProperties properties(/*use_threads=*/false);
    properties.set_batch_size(batch_rows);
    properties.set_pre_buffer(false);
    auto file = arrow::io::ReadableFile::Open(path);
    if (!file.ok()) return damaged(path, file.status().message());
    auto raw = parquet::ParquetFileReader::Open(*file, pages);
    const parquet::FileMetaData& metadata = *raw->metadata();
    std::vector<int> leaves;  // nested columns have several
    for (int leaf = 0; leaf < metadata.num_columns(); ++leaf) {
      const std::string& name = metadata.schema()->GetColumnRoot(leaf)->name();
      if (std::find(columns.begin(), columns.end(), name) != columns.end()) leaves.push_back(leaf);
    }
    std::vector<int> groups(static_cast<size_t>(metadata.num_row_groups()));
    std::iota(groups.begin(), groups.end(), 0);
    auto reader = parquet::arrow::FileReader::Make(throwing_memory_pool(), std::move(raw), properties);
    if (!reader.ok()) return damaged(path, reader.status().message());
    batches->file_ = std::move(*reader);
    auto opened = batches->file_->GetRecordBatchReader(groups, leaves);
    if (!opened.ok()) return damaged(path, opened.status().message());
    batches->batches_ = std::move(*opened);
  } catch (const parquet::ParquetException& error) {
    return damaged(path, error.what());
  }
  for (const std::string& name : columns) {
    batches->places_.push_back(batches->batches_->schema()->GetFieldIndex(name));
  }
  return batches;
}

Result<std::shared_ptr<arrow::RecordBatch>> ParquetBatches::next() {
  std::shared_ptr<arrow::RecordBatch> batch;
  try {
    const Status read = batches_->ReadNext(&batch);
    if (!read.ok()) return damaged(path_, read.message());
  } catch (const parquet::ParquetException& error) {
    return damaged(path_, error.what());
  }
  if (batch == nullptr) return batch;
  return batch->SelectColumns(places_);
}

}  // namespace linkwright
