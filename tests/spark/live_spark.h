#pragma once

#include <arrow/array.h>
#include <arrow/record_batch.h>
#include <arrow/table.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "linkwright/spark.h"
#include "linkwright/spark_cluster.h"
#include "spark/cluster/cluster_state.h"

// The Spark beside which scripts/with-spark runs a test.
namespace linkwright::spark {

using Table = std::shared_ptr<arrow::Table>;

inline std::string variable(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe)
  return value == nullptr ? "" : value;
}
inline Connection server() { return parse_connection_string(variable("SPARK_REMOTE")).ValueOrDie(); }
inline Session session() { return Session::connect(server()).ValueOrDie(); }
/// A path for the test's own files, which Spark sees as well.
inline std::string folder(const std::string& name) { return variable("SPARK_TEST_FOLDER") + "/" + name; }
inline ClusterState cluster() { return read_state(variable("SPARK_FOLDER")).ValueOrDie().value(); }

/// The first column, of 64 bits.
inline std::vector<int64_t> numbers(const Table& table) {
  std::vector<int64_t> result;
  for (const auto& chunk : table->column(0)->chunks()) {
    const auto& array = dynamic_cast<const arrow::Int64Array&>(*chunk);
    for (int64_t i = 0; i < array.length(); ++i) result.push_back(array.Value(i));
  }
  return result;
}
inline std::vector<int64_t> numbers(const DataFrame& frame) { return numbers(frame.to_arrow().ValueOrDie()); }

}  // namespace linkwright::spark
