#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/status.h"
#include "io/pending_file.h"
#include "token/overlap.h"

namespace linkwright {

/// The reference's printed summary of one result.
std::string overlap_summary(const OverlapResult& result, const OverlapOptions& options);

/// Writes the results of an overlap: a JSON file with the reference's keys (one object, or a list of them for several
/// rule sets), and a CSV file of the pairs. Both appear only when they are whole; pairs go straight to the files,
/// however many there are. Not thread-safe.
class OverlapWriter {
 public:
  /// Without a `matches_path` there is no file of pairs.
  OverlapWriter(const OverlapOptions& options, const std::string& json_path, const std::string& matches_path);

  Status begin();
  /// The next result. `next_pair` gives its pairs one after the other, and false at their end.
  Status write(const OverlapResult& result, const std::function<Result<bool>(OverlapPair*)>& next_pair,
               const Cancellation* cancellation);
  /// The next result, whose pairs are somewhere else: the JSON says where in the place of the pairs.
  Status write_without_matches(const OverlapResult& result, const std::string& matches_in);
  Status finish();

 private:
  Status begin_result(const OverlapResult& result);
  Status end_result(const OverlapResult& result);
  Status write_matches(const std::string& rules, const std::function<Result<bool>(OverlapPair*)>& next_pair,
                       const Cancellation* cancellation);

  const OverlapOptions& options_;
  std::string key1_;
  std::string key2_;
  bool any_result_ = false;
  PendingTextFile json_;
  std::optional<PendingTextFile> csv_;
};

/// Writes what matches under every rule set of the options, joined by `join`, as OverlapWriter does.
Result<std::vector<OverlapResult>> write_overlap(OverlapJoin* join, const OverlapOptions& options,
                                                 const std::string& json_path, const std::string& matches_path,
                                                 const Cancellation* cancellation);

/// "dir/overlap.json" and "csv" to "dir/overlap.matches.csv".
std::string matches_path_beside(const std::string& json_path, const std::string& ending);

/// The rules of a result, as the file of pairs names them: "T1+T2".
std::string matching_rules_name(const std::vector<std::string>& rules);

}  // namespace linkwright
