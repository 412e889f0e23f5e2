#pragma once

// What Spark says when it refuses or fails, behind the arrow::Status that a call returns.

#include <arrow/status.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace linkwright::spark {

/// One exception of the server; the first of a chain is what failed, each next one caused the one before.
struct ServerException {
  std::string type;  // Java's class: "org.apache.spark.sql.AnalysisException"
  std::string message;
};

/// An error of Spark with its parts. Every Status that comes of an answer of the server carries one:
///
///     if (const SparkError* error = SparkError::of(status)) use(error->error_class, error->sql_state);
struct SparkError final : arrow::StatusDetail {
  std::string error_class;                        // "TABLE_OR_VIEW_NOT_FOUND"; empty when the server gave none
  std::string sql_state;                          // "42P01"
  std::map<std::string, std::string> parameters;  // of the message: {"relationName": "`people`"}
  std::vector<ServerException> causes;            // from what failed to its root cause
  std::string query_fragment;                     // the part of the SQL text that is at fault, if the server knows
  int grpc_code = 0;

  /// The details of a status, or null when it has none. Valid as long as the status is.
  static const SparkError* of(const arrow::Status& status);

  const char* type_id() const override;
  /// One line a cause: "caused by java.lang.ArithmeticException: / by zero".
  std::string ToString() const override;
};

}  // namespace linkwright::spark
