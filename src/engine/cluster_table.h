#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "base/cancellation.h"
#include "base/status.h"
#include "base/thread_pool.h"
#include "column/record_table.h"
#include "io/file_publisher.h"
#include "io/table_writer.h"
#include "model/linkage_job.h"

namespace linkwright {

/// A column of cluster ids: for every row, the row whose id names its cluster.
struct ClusterColumn {
  std::string name;  // cluster_id, or one a threshold
  std::vector<uint32_t> representative_of_row;
};

/// Writes every input record with its cluster: cluster columns first, then all input columns, in input order. The file
/// gets its name from `publisher`. Errors: those of the writer; Cancelled.
struct ClusterFileOptions {
  const Cancellation* cancellation = nullptr;
  size_t most_records = std::numeric_limits<size_t>::max();  // to see what writing them takes
};
Status write_clusters(const std::vector<ClusterColumn>& clusters, const RecordTable& records, const LinkageModel& model,
                      const std::string& path, FileFormat format, ThreadPool& pool, FilePublisher& publisher,
                      const ClusterFileOptions& options = {});

uint64_t count_clusters(const ClusterColumn& clusters);

}  // namespace linkwright
