#include "spark/linkage/grouped_rows.h"

#include <nlohmann/json.hpp>

#include "spark/linkage/column_types.h"

namespace linkwright::spark {

Result<Rows> grouped_rows(const Rows& rows, const LinkageJob& job, const NativeKernel& kernel, int partitions) {
  ARROW_ASSIGN_OR_RAISE(Rows keyed, kernel.run("block_keys", nlohmann::ordered_json::object(), job, rows));
  keyed.frame = keyed.frame.repartition(partitions, {col("lw_arm"), col("lw_block")});
  return keyed;
}

}  // namespace linkwright::spark
