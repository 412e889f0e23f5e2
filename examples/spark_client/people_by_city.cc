// Counts people by city on Spark, wherever SPARK_REMOTE, a Databricks profile or `linkwright spark up` says it is.

#include <iostream>

#include "linkwright/spark_cluster.h"
#include "linkwright/spark_error.h"

using namespace linkwright::spark;

namespace {

arrow::Status print_counts() {
  auto session = get_session();
  if (!session.ok()) session = get_session({}, /*force_local=*/true);  // a configuration error: on this machine then
  ARROW_RETURN_NOT_OK(session.status());
  const DataFrame people = session->range(0, 1'000).select(
      {col("id"), (col("id") % lit(90)).alias("age"), expr("elt(id % 3 + 1, 'York', 'Bath', 'Leeds')").alias("city")});
  const DataFrame counts = people.filter(col("age") > lit(17)).group_by({col("city")}).count().sort({col("city")});
  ARROW_ASSIGN_OR_RAISE(const std::vector<Row> rows, counts.collect());
  for (const Row& row : rows) std::cout << std::get<std::string>(row[0]) << " " << std::get<int64_t>(row[1]) << "\n";
  const arrow::Status refused = session->sql("SELECT * FROM no_such_table").status();
  if (const SparkError* error = SparkError::of(refused)) std::cout << error->error_class << "\n";
  return session->stop();
}

}  // namespace

int main() {
  const arrow::Status status = print_counts();
  if (!status.ok()) std::cerr << status.message() << "\n";
  return status.ok() ? 0 : 1;
}
