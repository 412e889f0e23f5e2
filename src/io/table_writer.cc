#include "io/table_writer.h"

#include <arrow/array.h>
#include <arrow/io/file.h>
#include <arrow/record_batch.h>
#include <arrow/table.h>
#include <arrow/type.h>
#include <parquet/arrow/writer.h>
#include <parquet/exception.h>
#include <parquet/properties.h>

#include <charconv>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <utility>
#include <vector>

#include "io/pending_file.h"
#include "io/row_text.h"

namespace linkwright {
namespace {

class ParquetTableWriter : public TableWriter {
 public:
  static Result<std::unique_ptr<TableWriter>> open(const std::string& path,
                                                   const std::shared_ptr<arrow::Schema>& schema) {
    auto writer = std::unique_ptr<ParquetTableWriter>(new ParquetTableWriter(path));
    ARROW_ASSIGN_OR_RAISE(writer->stream_, writer->file_.open());
    constexpr int kFastCompression = 1;
    auto properties = parquet::WriterProperties::Builder()
                          .compression(parquet::Compression::ZSTD)
                          ->compression_level(kFastCompression)
                          ->max_row_group_length(kRowGroupRows)
                          ->build();
    auto arrow_properties = parquet::ArrowWriterProperties::Builder().build();
    auto opened = parquet::arrow::FileWriter::Open(*schema, arrow::default_memory_pool(), writer->stream_, properties,
                                                   arrow_properties);
    if (!opened.ok()) return writer->file_.failed(opened.status());
    writer->parquet_ = std::move(*opened);
    return writer;
  }

  Status write(const arrow::RecordBatch& batch) override {
    return guarded([&]() -> Status {
      ARROW_ASSIGN_OR_RAISE(const auto table, arrow::Table::FromRecordBatches({batch.Slice(0)}));
      return parquet_->WriteTable(*table, kRowGroupRows);
    });
  }

  Status finish() override {
    ARROW_RETURN_NOT_OK(guarded([&]() -> Status {
      ARROW_RETURN_NOT_OK(parquet_->Close());
      return stream_->Close();
    }));
    return file_.publish();
  }

 private:
  static constexpr int64_t kRowGroupRows = 1 << 20;

  explicit ParquetTableWriter(const std::string& path) : file_(path) {}

  template <typename Action>
  Status guarded(const Action& action) {
    try {
      const Status status = action();
      return status.ok() ? status : file_.failed(status);
    } catch (const parquet::ParquetException& error) {
      return file_.failed(Status::IOError(error.what()));
    }
  }

  PendingFile file_;
  std::shared_ptr<arrow::io::OutputStream> stream_;
  std::unique_ptr<parquet::arrow::FileWriter> parquet_;
};

// CSV and NDJSON: rows as text, collected into pieces of a megabyte.
class RowTextWriter : public TableWriter {
 public:
  static Result<std::unique_ptr<TableWriter>> open(const std::string& path, RowTextFormat format,
                                                   const std::shared_ptr<arrow::Schema>& schema) {
    auto writer = std::unique_ptr<RowTextWriter>(new RowTextWriter(path, format));
    ARROW_ASSIGN_OR_RAISE(writer->stream_, writer->file_.open());
    if (format == RowTextFormat::kCsv) append_csv_header(*schema, &writer->pending_);
    return writer;
  }

  Status write(const arrow::RecordBatch& batch) override {
    ARROW_RETURN_NOT_OK(append_rows(batch, format_, [&](std::string* text) -> Status {
      pending_.append(*text);
      text->clear();
      return pending_.size() < kPiece ? Status::OK() : flush();
    }));
    return Status::OK();
  }

  Status finish() override {
    ARROW_RETURN_NOT_OK(flush());
    const Status closed = stream_->Close();
    return closed.ok() ? file_.publish() : file_.failed(closed);
  }

 private:
  static constexpr size_t kPiece = size_t{1} << 20;

  RowTextWriter(const std::string& path, RowTextFormat format) : file_(path), format_(format) {}

  Status flush() {
    const Status written = stream_->Write(pending_.data(), static_cast<int64_t>(pending_.size()));
    pending_.clear();
    return written.ok() ? written : file_.failed(written);
  }

  PendingFile file_;
  RowTextFormat format_;
  std::shared_ptr<arrow::io::OutputStream> stream_;
  std::string pending_;
};

}  // namespace

Result<std::unique_ptr<TableWriter>> TableWriter::open(const std::string& path, FileFormat format,
                                                       std::shared_ptr<arrow::Schema> schema) {
  switch (format) {
    case FileFormat::kParquet:
      return ParquetTableWriter::open(path, schema);
    case FileFormat::kCsv:
      return RowTextWriter::open(path, RowTextFormat::kCsv, schema);
    case FileFormat::kNdjson:
      return RowTextWriter::open(path, RowTextFormat::kNdjson, schema);
  }
  return Status::Invalid("unknown output format");
}

}  // namespace linkwright
