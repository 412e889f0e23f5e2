#include "io/table_writer.h"

#include <arrow/array.h>
#include <arrow/io/file.h>
#include <arrow/record_batch.h>
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

#include "base/clean_end.h"
#include "io/arrow_threads.h"
#include "io/pending_file.h"
#include "io/row_text.h"
#include "io/throwing_memory_pool.h"

namespace linkwright {
namespace {

bool is_text(const arrow::DataType& type) {
  return type.id() == arrow::Type::STRING || type.id() == arrow::Type::LARGE_STRING;
}

// Measured on the outputs of people 1M (docs/performance.md): statistics of text cost a fifth of writing it and skip
// nothing, since rows are in no order of it; integers are ids, which a dictionary only slows down and whose differences
// are short; pages of many rows spare compression contexts; Zstandard makes files a third smaller than Snappy, which
// most writers of Parquet use, but costs an eighth of the whole prediction.
std::shared_ptr<parquet::WriterProperties> parquet_properties(const arrow::Schema& schema, bool text_repeats) {
  constexpr int64_t kRowGroupRows = 1 << 18;
  constexpr int64_t kPageRows = 1 << 16;
  constexpr int64_t kEncodedAtOnce = 1 << 14;
  parquet::WriterProperties::Builder properties;
  properties.memory_pool(throwing_memory_pool())
      ->compression(parquet::Compression::SNAPPY)
      ->max_row_group_length(kRowGroupRows)
      ->max_rows_per_page(kPageRows)
      ->write_batch_size(kEncodedAtOnce);
  for (const auto& field : schema.fields()) {
    if (field->type()->id() == arrow::Type::INT64) {
      properties.disable_dictionary(field->name())->encoding(field->name(), parquet::Encoding::DELTA_BINARY_PACKED);
    } else if (field->type()->id() == arrow::Type::DICTIONARY) {
      properties.disable_statistics(field->name());
    } else if (is_text(*field->type())) {
      properties.disable_statistics(field->name());
      if (!text_repeats) properties.disable_dictionary(field->name());
    }
  }
  return properties.build();
}

class ParquetTableWriter : public TableWriter {
 public:
  static Result<std::unique_ptr<TableWriter>> open(const std::string& path,
                                                   const std::shared_ptr<arrow::Schema>& schema,
                                                   const TableWriterOptions& options) {
    auto writer = std::unique_ptr<ParquetTableWriter>(new ParquetTableWriter(path, options.publisher));
    ARROW_ASSIGN_OR_RAISE(writer->stream_, writer->file_.open());
    ARROW_RETURN_NOT_OK(give_arrow_threads(options.threads));
    auto arrow_properties = parquet::ArrowWriterProperties::Builder().set_use_threads(options.threads > 1)->build();
    auto opened = parquet::arrow::FileWriter::Open(*schema, throwing_memory_pool(), writer->stream_,
                                                   parquet_properties(*schema, options.text_repeats), arrow_properties);
    if (!opened.ok()) return writer->file_.failed(opened.status());
    writer->parquet_ = std::move(*opened);
    return writer;
  }

  Status write(const arrow::RecordBatch& batch) override {
    return guarded([&] { return parquet_->WriteRecordBatch(batch); });
  }

  Status finish() override {
    ARROW_RETURN_NOT_OK(guarded([&]() -> Status {
      ARROW_RETURN_NOT_OK(parquet_->Close());
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
  std::unique_ptr<parquet::arrow::FileWriter> parquet_;
};

// CSV and NDJSON: rows as text.
class RowTextWriter : public TableWriter {
 public:
  static Result<std::unique_ptr<TableWriter>> open(const std::string& path, RowTextFormat format,
                                                   const std::shared_ptr<arrow::Schema>& schema,
                                                   const TableWriterOptions& options) {
    auto writer = std::unique_ptr<RowTextWriter>(new RowTextWriter(path, format, options.publisher));
    ARROW_RETURN_NOT_OK(writer->file_.open());
    std::string header;
    if (format == RowTextFormat::kCsv) append_csv_header(*schema, &header);
    ARROW_RETURN_NOT_OK(writer->file_.append(header));
    return writer;
  }

  Status write(const arrow::RecordBatch& batch) override {
    return append_rows(batch, format_, [&](std::string* text) -> Status {
      ARROW_RETURN_NOT_OK(file_.append(*text));
      text->clear();
      return Status::OK();
    });
  }

  Status finish() override { return file_.finish(); }

 private:
  RowTextWriter(const std::string& path, RowTextFormat format, FilePublisher* publisher)
      : file_(path, publisher), format_(format) {}

  PendingTextFile file_;
  RowTextFormat format_;
};

}  // namespace

Result<std::unique_ptr<TableWriter>> TableWriter::open(const std::string& path, FileFormat format,
                                                       std::shared_ptr<arrow::Schema> schema,
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
