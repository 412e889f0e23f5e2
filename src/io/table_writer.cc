#include "io/table_writer.h"

#include <arrow/io/file.h>
#include <arrow/record_batch.h>
#include <parquet/exception.h>

#include <utility>

#include "base/clean_end.h"
#include "io/arrow_threads.h"
#include "io/parquet_encoder.h"
#include "io/pending_file.h"
#include "io/row_text.h"
#include "io/write_behind.h"

namespace linkwright {
namespace {

class ParquetTableWriter : public TableWriter {
 public:
  static Result<std::unique_ptr<TableWriter>> open(const std::string& path,
                                                   const std::shared_ptr<arrow::Schema>& schema,
                                                   const TableWriterOptions& options) {
    auto writer = std::unique_ptr<ParquetTableWriter>(new ParquetTableWriter(path, options.publisher));
    ARROW_ASSIGN_OR_RAISE(writer->stream_, writer->file_.open());
    if (options.threads > 1) writer->stream_ = write_behind(std::move(writer->stream_));
    ARROW_RETURN_NOT_OK(writer->guarded([&] {
      return ParquetEncoder::open(schema, writer->stream_, {options.threads, options.text_repeats})
          .Value(&writer->encoder_);
    }));
    return writer;
  }

  Status write(const arrow::RecordBatch& batch) override {
    return guarded([&] { return encoder_->write(batch); });
  }

  Status finish() override {
    ARROW_RETURN_NOT_OK(guarded([&]() -> Status {
      ARROW_RETURN_NOT_OK(encoder_->close());
      return stream_->Close();
    }));
    return file_.publish();
  }

 private:
  ParquetTableWriter(const std::string& path, FilePublisher* publisher) : file_(path, publisher) {}

  template <typename Action>
  Status guarded(const Action& action) {
    try {
      const NoUnwinding while_arrow_encodes;
      const Status status = action();
      return status.ok() ? status : file_.failed(status);
    } catch (const parquet::ParquetException& error) {
      return file_.failed(Status::IOError(error.what()));
    }
  }

  PendingFile file_;
  std::shared_ptr<arrow::io::OutputStream> stream_;
  std::unique_ptr<ParquetEncoder> encoder_;
};

// CSV and NDJSON: rows as text.
class RowTextWriter : public TableWriter {
 public:
  static Result<std::unique_ptr<TableWriter>> open(const std::string& path, RowTextFormat format,
                                                   const std::shared_ptr<arrow::Schema>& schema,
                                                   const TableWriterOptions& options) {
    ARROW_RETURN_NOT_OK(give_arrow_threads(options.threads));
    auto writer = std::unique_ptr<RowTextWriter>(new RowTextWriter(path, format, options));
    ARROW_RETURN_NOT_OK(writer->file_.open());
    std::string header;
    if (format == RowTextFormat::kCsv) append_csv_header(*schema, &header);
    ARROW_RETURN_NOT_OK(writer->file_.append(header));
    return writer;
  }

  Status write(const arrow::RecordBatch& batch) override {
    return append_rows(batch, format_, threads_, [&](std::string_view rows) { return file_.append(rows); });
  }

  Status finish() override { return file_.finish(); }

 private:
  RowTextWriter(const std::string& path, RowTextFormat format, const TableWriterOptions& options)
      : file_(path, options.publisher), format_(format), threads_(options.threads) {}

  PendingTextFile file_;
  RowTextFormat format_;
  int threads_;
};

}  // namespace

Result<FileFormat> file_format_of(const std::string& path) {
  if (path.ends_with(".parquet")) return FileFormat::kParquet;
  if (path.ends_with(".csv")) return FileFormat::kCsv;
  if (path.ends_with(".ndjson") || path.ends_with(".jsonl")) return FileFormat::kNdjson;
  return Status::Invalid("cannot tell the format from '", path, "'; end it in .parquet, .csv or .ndjson");
}

Result<std::unique_ptr<TableWriter>> TableWriter::open(const std::string& path, FileFormat format,
                                                       const std::shared_ptr<arrow::Schema>& schema,
                                                       const TableWriterOptions& options) {
  switch (format) {
    case FileFormat::kParquet:
      return ParquetTableWriter::open(path, schema, options);
    case FileFormat::kCsv:
      return RowTextWriter::open(path, RowTextFormat::kCsv, schema, options);
    case FileFormat::kNdjson:
      return RowTextWriter::open(path, RowTextFormat::kNdjson, schema, options);
  }
  return Status::Invalid("unknown output format");
}

}  // namespace linkwright
