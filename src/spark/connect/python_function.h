#pragma once

#include "base/status.h"
#include "linkwright/spark.h"
#include "spark/connect/messages.h"

namespace linkwright::spark {

/// A function over pyarrow arrays, for SQL (SQL_SCALAR_ARROW_UDF).
Result<proto::CommonInlineUserDefinedFunction> scalar_function(Session::State& session, const PythonFunction& function);

/// A function over iterators of record batches (SQL_MAP_ARROW_ITER_UDF).
Result<proto::CommonInlineUserDefinedFunction> map_function(Session::State& session, const PythonFunction& function);

/// The minor version of the executors' Python ("3.11"): as the session's options say it, or found out by running a
/// function on an executor, once a session.
Result<std::string> python_version(Session::State& session);

}  // namespace linkwright::spark
