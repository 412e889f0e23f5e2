#pragma once

#include <optional>

#include "base/status.h"
#include "linkwright/spark.h"
#include "model/linkage_job.h"
#include "spark/linkage/job_rows.h"
#include "spark/linkage/native_kernel.h"

namespace linkwright::spark {

/// Brings records to where rules make their pairs.
///
/// Where there are few partitions, each needs nearly all records anyway: for a job that trains they are sent once,
/// under all its rules, and the cluster keeps them where they are for all its questions. Where there are many, and
/// where predicting is the only question, each sends the records for itself. Borrows rows, session and kernel. Not
/// thread-safe.
class Meetings {
 public:
  /// `job` is the whole job, with its training.
  Meetings(const LinkageJob& job, const JobRows& rows, const Session& session, const NativeKernel& kernel,
           int partitions)
      : all_rules_(with_all_rules(job)),
        rows_(rows),
        session_(session),
        kernel_(kernel),
        partitions_(partitions),
        is_shared_(!job.training.empty() && static_cast<size_t>(partitions) <= all_rules_.model.blocking_rules.size()) {
  }

  /// The records as the rules of a job's model need them.
  Result<SpreadRows> of(const LinkageJob& job);

 private:
  LinkageJob all_rules_;
  const JobRows& rows_;
  const Session& session_;
  const NativeKernel& kernel_;
  int partitions_;
  bool is_shared_;
  std::optional<SpreadRows> of_all_rules_;
  std::optional<KeptRows> kept_;
};

/// How many partitions records meet in: those that are asked for; or one a core, and more where one could not hold its
/// records.
Result<int> number_of_partitions(std::optional<int> wanted, const JobRows& rows, const LinkageJob& job,
                                 const Session& session);

}  // namespace linkwright::spark
