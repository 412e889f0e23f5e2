#include "spark/connect/data_types.h"

#include <arrow/type.h>

#include <nlohmann/json.hpp>

namespace linkwright::spark {
namespace {

using Type = proto::DataType;

constexpr int kDefaultPrecision = 10;  // of DECIMAL without parameters

Status unknown(const Type& type) {
  const auto* field = Type::descriptor()->FindFieldByNumber(type.kind_case());
  return Status::NotImplemented("a column of Spark's type ", field == nullptr ? "(none)" : field->name(),
                                " cannot be read; cast it to string in the query");
}

std::shared_ptr<arrow::DataType> decimal(const Type::Decimal& type) {
  const int precision = type.has_precision() ? type.precision() : kDefaultPrecision;
  return arrow::decimal128(precision, type.scale());
}

Result<arrow::FieldVector> struct_fields(const Type::Struct& type) {
  arrow::FieldVector fields;
  for (const Type::StructField& field : type.fields()) {
    ARROW_ASSIGN_OR_RAISE(auto field_type, arrow_type(field.data_type()));
    fields.push_back(arrow::field(field.name(), std::move(field_type), field.nullable()));
  }
  return fields;
}

Result<nlohmann::json> json_of(const Type& type);

Result<nlohmann::json> struct_json(const Type::Struct& type) {
  nlohmann::json fields = nlohmann::json::array();
  for (const Type::StructField& field : type.fields()) {
    ARROW_ASSIGN_OR_RAISE(nlohmann::json field_type, json_of(field.data_type()));
    fields.push_back({{"name", field.name()},
                      {"type", std::move(field_type)},
                      {"nullable", field.nullable()},
                      {"metadata", nlohmann::json::object()}});
  }
  return nlohmann::json{{"type", "struct"}, {"fields", std::move(fields)}};
}

Result<nlohmann::json> json_of(const Type& type) {
  switch (type.kind_case()) {
    case Type::kNull:
      return "void";
    case Type::kTimestampNtz:
      return "timestamp_ntz";
    case Type::kBinary:
    case Type::kBoolean:
    case Type::kByte:
    case Type::kShort:
    case Type::kInteger:
    case Type::kLong:
    case Type::kFloat:
    case Type::kDouble:
    case Type::kString:
    case Type::kDate:
    case Type::kTimestamp:
      return Type::descriptor()->FindFieldByNumber(type.kind_case())->name();
    case Type::kDecimal:
      return "decimal(" +
             std::to_string(type.decimal().has_precision() ? type.decimal().precision() : kDefaultPrecision) + "," +
             std::to_string(type.decimal().scale()) + ")";
    case Type::kArray: {
      ARROW_ASSIGN_OR_RAISE(nlohmann::json element, json_of(type.array().element_type()));
      return nlohmann::json{
          {"type", "array"}, {"elementType", std::move(element)}, {"containsNull", type.array().contains_null()}};
    }
    case Type::kMap: {
      ARROW_ASSIGN_OR_RAISE(nlohmann::json key, json_of(type.map().key_type()));
      ARROW_ASSIGN_OR_RAISE(nlohmann::json value, json_of(type.map().value_type()));
      return nlohmann::json{{"type", "map"},
                            {"keyType", std::move(key)},
                            {"valueType", std::move(value)},
                            {"valueContainsNull", type.map().value_contains_null()}};
    }
    case Type::kStruct:
      return struct_json(type.struct_());
    default:
      return unknown(type);
  }
}

}  // namespace

Result<std::shared_ptr<arrow::DataType>> arrow_type(const Type& type) {
  switch (type.kind_case()) {
    case Type::kNull:
      return arrow::null();
    case Type::kBinary:
      return arrow::binary();
    case Type::kBoolean:
      return arrow::boolean();
    case Type::kByte:
      return arrow::int8();
    case Type::kShort:
      return arrow::int16();
    case Type::kInteger:
      return arrow::int32();
    case Type::kLong:
      return arrow::int64();
    case Type::kFloat:
      return arrow::float32();
    case Type::kDouble:
      return arrow::float64();
    case Type::kDecimal:
      return decimal(type.decimal());
    case Type::kString:
    case Type::kChar:
    case Type::kVarChar:
      return arrow::utf8();
    case Type::kDate:
      return arrow::date32();
    case Type::kTimestamp:
      return arrow::timestamp(arrow::TimeUnit::MICRO, "UTC");
    case Type::kTimestampNtz:
      return arrow::timestamp(arrow::TimeUnit::MICRO);
    case Type::kDayTimeInterval:
      return arrow::duration(arrow::TimeUnit::MICRO);
    case Type::kYearMonthInterval:
      return arrow::month_interval();
    case Type::kArray: {
      ARROW_ASSIGN_OR_RAISE(auto element, arrow_type(type.array().element_type()));
      return arrow::list(arrow::field("element", std::move(element), type.array().contains_null()));
    }
    case Type::kMap: {
      ARROW_ASSIGN_OR_RAISE(auto key, arrow_type(type.map().key_type()));
      ARROW_ASSIGN_OR_RAISE(auto value, arrow_type(type.map().value_type()));
      return arrow::map(std::move(key), arrow::field("value", std::move(value), type.map().value_contains_null()));
    }
    case Type::kStruct: {
      ARROW_ASSIGN_OR_RAISE(auto fields, struct_fields(type.struct_()));
      return arrow::struct_(std::move(fields));
    }
    default:
      return unknown(type);
  }
}

Result<std::shared_ptr<arrow::Schema>> arrow_schema(const Type& type) {
  ARROW_ASSIGN_OR_RAISE(auto fields, struct_fields(type.struct_()));
  return arrow::schema(std::move(fields));
}

Result<std::string> type_json(const Type& type) {
  ARROW_ASSIGN_OR_RAISE(const nlohmann::json json, json_of(type));
  return json.dump();
}

}  // namespace linkwright::spark
