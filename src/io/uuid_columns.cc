#include "io/uuid_columns.h"

#include <arrow/array.h>
#include <arrow/builder.h>
#include <arrow/chunked_array.h>
#include <arrow/extension_type.h>
#include <arrow/table.h>
#include <arrow/type.h>
#include <parquet/schema.h>
#include <parquet/types.h>

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

#include "io/throwing_memory_pool.h"

namespace linkwright {
namespace {

constexpr size_t kTextSize = 36;

bool is_uuid(const parquet::schema::Node& column) {
  return column.is_primitive() && !column.is_repeated() && column.logical_type() != nullptr &&
         column.logical_type()->is_UUID();
}

std::array<char, kTextSize> text_of(const uint8_t* bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::array<char, kTextSize> text;
  size_t place = 0;
  for (size_t byte = 0; byte < 16; ++byte) {
    if (byte == 4 || byte == 6 || byte == 8 || byte == 10) text[place++] = '-';
    text[place++] = kDigits[bytes[byte] >> 4];
    text[place++] = kDigits[bytes[byte] & 15];
  }
  return text;
}

Result<std::shared_ptr<arrow::Array>> texts_of(const arrow::Array& uuids) {
  const bool is_extension = uuids.type_id() == arrow::Type::EXTENSION;
  const auto& stored = static_cast<const arrow::FixedSizeBinaryArray&>(
      is_extension ? *static_cast<const arrow::ExtensionArray&>(uuids).storage() : uuids);
  arrow::StringBuilder texts(throwing_memory_pool());
  ARROW_RETURN_NOT_OK(texts.Reserve(stored.length()));
  ARROW_RETURN_NOT_OK(texts.ReserveData(stored.length() * static_cast<int64_t>(kTextSize)));
  for (int64_t row = 0; row < stored.length(); ++row) {
    if (stored.IsNull(row)) {
      texts.UnsafeAppendNull();
    } else {
      const std::array<char, kTextSize> text = text_of(stored.GetValue(row));
      texts.UnsafeAppend(text.data(), static_cast<int32_t>(text.size()));
    }
  }
  return texts.Finish();
}

}  // namespace

Result<std::shared_ptr<arrow::Table>> with_uuids_as_text(std::shared_ptr<arrow::Table> table,
                                                         const parquet::SchemaDescriptor& stored) {
  for (int column = 0; column < stored.group_node()->field_count(); ++column) {
    if (!is_uuid(*stored.group_node()->field(column))) continue;
    arrow::ArrayVector chunks;
    for (const auto& chunk : table->column(column)->chunks()) {
      ARROW_ASSIGN_OR_RAISE(chunks.emplace_back(), texts_of(*chunk));
    }
    ARROW_ASSIGN_OR_RAISE(table,
                          table->SetColumn(column, table->field(column)->WithType(arrow::utf8()),
                                           std::make_shared<arrow::ChunkedArray>(std::move(chunks), arrow::utf8())));
  }
  return table;
}

Result<std::shared_ptr<arrow::Schema>> with_uuids_as_text(std::shared_ptr<arrow::Schema> schema,
                                                          const parquet::SchemaDescriptor& stored) {
  for (int column = 0; column < stored.group_node()->field_count(); ++column) {
    if (!is_uuid(*stored.group_node()->field(column))) continue;
    ARROW_ASSIGN_OR_RAISE(schema, schema->SetField(column, schema->field(column)->WithType(arrow::utf8())));
  }
  return schema;
}

}  // namespace linkwright
