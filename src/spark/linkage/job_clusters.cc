#include "spark/linkage/job_clusters.h"

#include "spark/linkage/best_link_rows.h"
#include "spark/linkage/cluster_rows.h"
#include "spark/linkage/query_progress.h"

namespace linkwright::spark {

Result<uint64_t> write_clusters(const JobRows& rows, const DataFrame& predictions, const Session& session,
                                const ComponentOptions& components, OutputTable* table, RunContext& context) {
  const bool is_best_link = rows.job.cluster->method == ClusterSpec::Method::kBestLink;
  ARROW_ASSIGN_OR_RAISE(const ClusteredRows clustered, is_best_link
                                                           ? best_link_rows(rows, predictions, session, context)
                                                           : cluster_rows(rows.job, rows.all, predictions, components));
  ARROW_RETURN_NOT_OK(table->write(clustered.rows, query_options(context)));
  return rows.num_rows - clustered.num_joined;
}

}  // namespace linkwright::spark
