#include "io/table_writer.h"

#include <arrow/array.h>
#include <arrow/io/file.h>
#include <arrow/record_batch.h>
#include <arrow/table.h>
#include <arrow/type.h>
#include <fcntl.h>
#include <parquet/arrow/writer.h>
#include <parquet/exception.h>
#include <parquet/properties.h>
#include <unistd.h>

#include <charconv>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <utility>
#include <vector>

#include "io/row_text.h"

namespace linkwright {
namespace {

// A file under a temporary name, which becomes the file itself when it is whole and disappears otherwise.
class PendingFile {
 public:
  explicit PendingFile(std::string path)
      : path_(std::move(path)), temporary_(path_ + ".part-" + std::to_string(::getpid())) {}
  ~PendingFile() {
    std::error_code ignored;
    if (!published_) std::filesystem::remove(temporary_, ignored);
  }
  PendingFile(const PendingFile&) = delete;
  PendingFile& operator=(const PendingFile&) = delete;

  const std::string& path() const { return path_; }

  Result<std::shared_ptr<arrow::io::OutputStream>> open() {
    auto stream = arrow::io::FileOutputStream::Open(temporary_);
    if (!stream.ok()) return failed(stream.status());
    return std::shared_ptr<arrow::io::OutputStream>(*stream);
  }

  // The stream must be closed. The data is on the disk before the name is: a crash leaves the old file or the new one.
  Status publish() {
    const int descriptor = ::open(temporary_.c_str(), O_RDONLY | O_CLOEXEC);
    const bool synced = descriptor >= 0 && ::fsync(descriptor) == 0;
    if (descriptor >= 0) ::close(descriptor);
    if (!synced) return Status::IOError("cannot write ", path_, ": the disk did not take it");
    std::error_code error;
    std::filesystem::rename(temporary_, path_, error);
    if (error) return Status::IOError("cannot write ", path_, ": ", error.message());
    published_ = true;
    return Status::OK();
  }

  Status failed(const Status& status) const {
    return Status::IOError("cannot write ", path_, ": ", status.message(), "; is there space, and may it be written?");
  }

 private:
  std::string path_;
  std::string temporary_;
  bool published_ = false;
};

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

Status write_file_atomically(const std::string& path, std::string_view content) {
  PendingFile file(path);
  ARROW_ASSIGN_OR_RAISE(const auto stream, file.open());
  Status written = stream->Write(content.data(), static_cast<int64_t>(content.size()));
  if (written.ok()) written = stream->Close();
  return written.ok() ? file.publish() : file.failed(written);
}

}  // namespace linkwright
