#include "io/parquet_column.h"

#include <arrow/array.h>
#include <arrow/type.h>
#include <arrow/type_traits.h>
#include <parquet/column_writer.h>
#include <parquet/metadata.h>
#include <parquet/properties.h>
#include <parquet/schema.h>

#include <string>
#include <utility>
#include <vector>

#include "io/coded_parquet_column.h"
#include "io/plain_text_column.h"

namespace linkwright {
namespace {

// A column that the library encodes.
class PlainParquetColumn : public ParquetColumn {
 public:
  PlainParquetColumn(bool nullable, std::shared_ptr<parquet::WriterProperties> properties)
      : nullable_(nullable),
        properties_(std::move(properties)),
        arrow_properties_(parquet::default_arrow_writer_properties()),
        context_(properties_->memory_pool(), arrow_properties_.get()) {}

  void begin(const std::shared_ptr<arrow::io::OutputStream>& file,
             parquet::ColumnChunkMetaDataBuilder* chunk) override {
    auto pages = parquet::PageWriter::Open(file, properties_->compression(chunk->descr()->path()), chunk, -1, -1,
                                           properties_->memory_pool(), /*buffered_row_group=*/true);
    writer_ = parquet::ColumnWriter::Make(chunk, std::move(pages), properties_.get());
  }

  bool fits(const arrow::Array& /*rows*/) const override { return true; }

  Status add(const arrow::Array& rows, size_t /*part*/) override {
    const auto size = static_cast<size_t>(rows.length());
    levels_.assign(size, 1);
    if (rows.null_count() > 0) {
      for (size_t k = 0; k < size; ++k) levels_[k] = static_cast<int16_t>(rows.IsValid(static_cast<int64_t>(k)));
    }
    return writer_->WriteArrow(nullable_ ? levels_.data() : nullptr, nullptr, rows.length(), rows, &context_,
                               nullable_);
  }

  Status flush() override { return Status::OK(); }  // the library encodes the rest when it closes the column

  Result<int64_t> finish() override { return writer_->Close(); }

 private:
  const bool nullable_;
  const std::shared_ptr<parquet::WriterProperties> properties_;
  const std::shared_ptr<parquet::ArrowWriterProperties> arrow_properties_;
  parquet::ArrowWriteContext context_;
  std::shared_ptr<parquet::ColumnWriter> writer_;
  std::vector<int16_t> levels_;  // 1: not null
};

}  // namespace

std::unique_ptr<ParquetColumn> ParquetColumn::make(const arrow::Field& field,
                                                   std::shared_ptr<parquet::WriterProperties> properties) {
  if (is_coded(*field.type())) {
    return std::make_unique<CodedParquetColumn>(field.nullable(), std::move(properties));
  }
  const auto path = std::make_shared<parquet::schema::ColumnPath>(std::vector<std::string>{field.name()});
  if (is_text(*field.type()) && !properties->dictionary_enabled(path)) {
    return std::make_unique<PlainTextColumn>(field.nullable(), std::move(properties));
  }
  return std::make_unique<PlainParquetColumn>(field.nullable(), std::move(properties));
}

bool is_flat(const arrow::DataType& type) {
  if (type.id() == arrow::Type::DICTIONARY)
    return is_flat(*static_cast<const arrow::DictionaryType&>(type).value_type());
  return arrow::is_primitive(type.id()) || arrow::is_base_binary_like(type.id()) ||
         arrow::is_fixed_size_binary(type.id()) || type.id() == arrow::Type::NA;
}

bool is_text(const arrow::DataType& type) {
  return type.id() == arrow::Type::STRING || type.id() == arrow::Type::LARGE_STRING;
}

bool is_coded(const arrow::DataType& type) {
  if (type.id() != arrow::Type::DICTIONARY) return false;
  const auto& dictionary = static_cast<const arrow::DictionaryType&>(type);
  if (dictionary.index_type()->id() != arrow::Type::INT32) return false;
  const arrow::DataType& value = *dictionary.value_type();
  switch (value.id()) {
    case arrow::Type::STRING:
    case arrow::Type::LARGE_STRING:
    case arrow::Type::INT32:
    case arrow::Type::INT64:
    case arrow::Type::FLOAT:
    case arrow::Type::DOUBLE:
    case arrow::Type::DATE32:
      return true;
    case arrow::Type::TIMESTAMP:
      return static_cast<const arrow::TimestampType&>(value).unit() == arrow::TimeUnit::MICRO;
    default:
      return false;
  }
}

}  // namespace linkwright
