#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/status.h"
#include "linkwright/spark.h"

namespace arrow {
class DataType;
class Schema;
class Table;
}  // namespace arrow

namespace linkwright::spark {

/// A column by its name as it is, whatever is in it.
Column named(std::string_view name);
/// A type in Spark's DDL: "ARRAY<BIGINT>". Errors: types that Spark does not have.
Result<std::string> ddl_of(const arrow::DataType& type);
/// The columns in Spark's DDL: "`id` BIGINT, `name` STRING". Errors: types that Spark does not have, with the column.
Result<std::string> ddl_of(const arrow::Schema& schema);

/// The same values in the types that Spark takes: no dictionaries, no unsigned or large types, moments in microseconds.
/// A column of nothing but nulls is text. Errors: types that expressions do not know, with the column.
Result<std::shared_ptr<arrow::Table>> for_spark(const arrow::Table& table);

}  // namespace linkwright::spark
