#pragma once

#include <memory>
#include <string>

#include "base/status.h"
#include "spark/connect/messages.h"

namespace arrow {
class DataType;
class Schema;
}  // namespace arrow

namespace linkwright::spark {

/// The Arrow type in which Spark sends a column of its type. NotImplemented, with its name, for types without one.
Result<std::shared_ptr<arrow::DataType>> arrow_type(const proto::DataType& type);
/// The columns of a struct.
Result<std::shared_ptr<arrow::Schema>> arrow_schema(const proto::DataType& type);

/// Spark's JSON for a type, which its Python workers read: "double" in quotes, {"type":"struct","fields":[...]}.
Result<std::string> type_json(const proto::DataType& type);

}  // namespace linkwright::spark
