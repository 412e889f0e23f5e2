#include "io/parquet_encoder.h"

#include <arrow/io/interfaces.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>
#include <arrow/util/parallel.h>
#include <parquet/arrow/schema.h>
#include <parquet/arrow/writer.h>
#include <parquet/exception.h>
#include <parquet/file_writer.h>
#include <parquet/metadata.h>
#include <parquet/properties.h>
#include <parquet/schema.h>

#include <algorithm>
#include <numeric>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "io/arrow_threads.h"
#include "io/coded_parquet_column.h"
#include "io/parquet_column.h"
#include "io/throwing_memory_pool.h"

namespace linkwright {
namespace {

constexpr int64_t kRowGroupRows = 1 << 18;
constexpr int64_t kRowsAtOnce = 1 << 15;
constexpr std::string_view kMagic = "PAR1";

// Measured on the outputs of people 1M (docs/performance.md): statistics of text cost a fifth of writing it and skip
// nothing, since rows are in no order of it; integers are ids, which a dictionary only slows down and whose differences
// are short; numbers that repeat are coded already, and a dictionary of match weights takes four times as long as plain
// values, which Snappy makes as short; pages of many rows spare compression contexts; Zstandard makes files a third
// smaller than Snappy, which most writers of Parquet use, but costs an eighth of the whole prediction.
std::shared_ptr<parquet::WriterProperties> writer_properties(const arrow::Schema& schema, bool text_repeats) {
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
    } else if (field->type()->id() == arrow::Type::DOUBLE) {
      properties.disable_dictionary(field->name());
    } else if (field->type()->id() == arrow::Type::DICTIONARY) {
      properties.disable_statistics(field->name());
    } else if (is_text(*field->type())) {
      properties.disable_statistics(field->name());
      if (!text_repeats) properties.disable_dictionary(field->name());
    }
  }
  return properties.build();
}

// Text that is not coded takes longest; begun last, it would keep one thread busy while the others wait.
std::vector<size_t> dearest_first(const arrow::Schema& schema) {
  std::vector<size_t> order(static_cast<size_t>(schema.num_fields()));
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_partition(order.begin(), order.end(),
                        [&](size_t c) { return is_text(*schema.field(static_cast<int>(c))->type()); });
  return order;
}

class FlatParquetEncoder : public ParquetEncoder {
 public:
  static Result<std::unique_ptr<ParquetEncoder>> open(const std::shared_ptr<arrow::Schema>& schema,
                                                      std::shared_ptr<arrow::io::OutputStream> file,
                                                      const ParquetEncoderOptions& options) {
    auto encoder = std::make_unique<FlatParquetEncoder>();
    const auto properties = writer_properties(*schema, options.text_repeats);
    ARROW_RETURN_NOT_OK(parquet::arrow::ToParquetSchema(schema.get(), *properties, &encoder->schema_));
    encoder->metadata_ = parquet::FileMetaDataBuilder::Make(encoder->schema_.get(), properties);
    for (const auto& field : schema->fields()) {
      encoder->columns_.push_back(ParquetColumn::make(*field, properties));
      encoder->coded_.push_back(dynamic_cast<CodedParquetColumn*>(encoder->columns_.back().get()));
    }
    encoder->leader_of_.resize(encoder->columns_.size());
    encoder->dearest_first_ = dearest_first(*schema);
    encoder->file_ = std::move(file);
    encoder->use_threads_ = options.threads > 1;
    ARROW_RETURN_NOT_OK(encoder->file_->Write(kMagic));
    return encoder;
  }

  Status write(const arrow::RecordBatch& batch) override {
    for (int64_t row = 0; row < batch.num_rows();) {
      const int64_t room = std::min(kRowsAtOnce, kRowGroupRows - rows_);
      const auto rows = batch.Slice(row, std::min(room, batch.num_rows() - row));
      ARROW_RETURN_NOT_OK(add(*rows));
      row += rows->num_rows();
    }
    return Status::OK();
  }

  Status close() override {
    ARROW_RETURN_NOT_OK(end_row_group());
    coded_.clear();
    columns_.clear();  // with the pages of the last row group
    parquet::WriteFileMetaData(*metadata_->Finish(), file_.get());
    return Status::OK();
  }

 private:
  Status add(const arrow::RecordBatch& rows) {
    if (row_group_ != nullptr && !fits(rows)) ARROW_RETURN_NOT_OK(end_row_group());
    if (row_group_ == nullptr) begin_row_group(rows);
    struct Part {
      size_t column;
      size_t part;
    };
    std::vector<Part> parts;
    for (const size_t c : dearest_first_) {
      const size_t size = columns_[c]->parts_of(*rows.column(static_cast<int>(c)));
      for (size_t part = 0; part < size; ++part) parts.push_back({c, part});
    }
    ARROW_RETURN_NOT_OK(side_by_side(parts.size(), [&](size_t k) {
      const auto [c, part] = parts[k];
      return columns_[c]->add(*rows.column(static_cast<int>(c)), part);
    }));
    rows_ += rows.num_rows();
    return rows_ == kRowGroupRows ? end_row_group() : Status::OK();
  }

  bool fits(const arrow::RecordBatch& rows) const {
    for (size_t c = 0; c < columns_.size(); ++c) {
      if (!columns_[c]->fits(*rows.column(static_cast<int>(c)))) return false;
      if (leader_of_[c] && !have_same_codes(rows, c, *leader_of_[c])) return false;
    }
    return true;
  }

  static bool have_same_codes(const arrow::RecordBatch& rows, size_t c, size_t leader) {
    return CodedParquetColumn::can_share(*rows.column(static_cast<int>(c)), *rows.column(static_cast<int>(leader)));
  }

  void begin_row_group(const arrow::RecordBatch& rows) {
    row_group_ = metadata_->AppendRowGroup();
    for (const auto& column : columns_) column->begin(file_, row_group_->NextColumnChunk());
    for (size_t c = 0; c < columns_.size(); ++c) {
      leader_of_[c] = coded_[c] != nullptr ? leader(rows, c) : std::nullopt;
      if (leader_of_[c]) coded_[c]->follow(*coded_[*leader_of_[c]]);
    }
  }

  // The first column whose pages this one can take: columns that depend on one thing have the codes of that thing.
  std::optional<size_t> leader(const arrow::RecordBatch& rows, size_t c) const {
    for (size_t before = 0; before < c; ++before) {
      const bool leads = coded_[before] != nullptr && !leader_of_[before] &&
                         schema_->Column(static_cast<int>(before))->max_definition_level() ==
                             schema_->Column(static_cast<int>(c))->max_definition_level();
      if (leads && have_same_codes(rows, c, before)) return before;
    }
    return std::nullopt;
  }

  Status end_row_group() {
    if (row_group_ == nullptr) return Status::OK();
    ARROW_RETURN_NOT_OK(side_by_side(columns_.size(), [&](size_t c) { return columns_[c]->flush(); }));
    int64_t bytes = 0;
    for (const auto& column : columns_) {
      ARROW_ASSIGN_OR_RAISE(const int64_t of_column, column->finish());
      bytes += of_column;
    }
    row_group_->set_num_rows(rows_);
    row_group_->Finish(bytes);
    row_group_ = nullptr;
    rows_ = 0;
    return Status::OK();
  }

  template <typename Work>
  Status side_by_side(size_t size, const Work& work) {
    return arrow::internal::OptionalParallelFor(use_threads_, static_cast<int>(size), [&](int k) -> Status {
      BEGIN_PARQUET_CATCH_EXCEPTIONS
      return work(static_cast<size_t>(k));
      END_PARQUET_CATCH_EXCEPTIONS
    });
  }

  bool use_threads_ = false;
  std::shared_ptr<arrow::io::OutputStream> file_;
  std::shared_ptr<parquet::SchemaDescriptor> schema_;
  std::unique_ptr<parquet::FileMetaDataBuilder> metadata_;
  std::vector<std::unique_ptr<ParquetColumn>> columns_;
  std::vector<CodedParquetColumn*> coded_;        // the same; null for those of another kind
  std::vector<std::optional<size_t>> leader_of_;  // whose pages a column takes in this row group
  std::vector<size_t> dearest_first_;
  parquet::RowGroupMetaDataBuilder* row_group_ = nullptr;  // none between row groups
  int64_t rows_ = 0;                                       // of the row group
};

class NestedParquetEncoder : public ParquetEncoder {
 public:
  static Result<std::unique_ptr<ParquetEncoder>> open(const std::shared_ptr<arrow::Schema>& schema,
                                                      std::shared_ptr<arrow::io::OutputStream> file,
                                                      const ParquetEncoderOptions& options) {
    auto encoder = std::make_unique<NestedParquetEncoder>();
    auto arrow_properties = parquet::ArrowWriterProperties::Builder().set_use_threads(options.threads > 1)->build();
    ARROW_ASSIGN_OR_RAISE(encoder->writer_, parquet::arrow::FileWriter::Open(
                                                *schema, throwing_memory_pool(), std::move(file),
                                                writer_properties(*schema, options.text_repeats), arrow_properties));
    return encoder;
  }

  Status write(const arrow::RecordBatch& batch) override { return writer_->WriteRecordBatch(batch); }
  Status close() override { return writer_->Close(); }

 private:
  std::unique_ptr<parquet::arrow::FileWriter> writer_;
};

}  // namespace

Result<std::unique_ptr<ParquetEncoder>> ParquetEncoder::open(const std::shared_ptr<arrow::Schema>& schema,
                                                             std::shared_ptr<arrow::io::OutputStream> file,
                                                             const ParquetEncoderOptions& options) {
  ARROW_RETURN_NOT_OK(give_arrow_threads(options.threads));
  const auto flat = [](const auto& field) { return is_flat(*field->type()); };
  if (std::all_of(schema->fields().begin(), schema->fields().end(), flat)) {
    return FlatParquetEncoder::open(schema, std::move(file), options);
  }
  return NestedParquetEncoder::open(schema, std::move(file), options);
}

}  // namespace linkwright
