#pragma once

#include <string>
#include <vector>

#include "base/status.h"
#include "token/overlap.h"

namespace linkwright {

/// The reference's printed summary of one result.
std::string overlap_summary(const OverlapResult& result, const OverlapOptions& options);

/// Writes what matches under every rule set of the options, joined by `join`: a JSON file with the reference's keys
/// (one object, or a list of them for several rule sets), and a CSV file of the pairs. Both appear only when they are
/// whole; pairs go straight to the files, however many there are.
Result<std::vector<OverlapResult>> write_overlap(OverlapJoin* join, const OverlapOptions& options,
                                                 const std::string& json_path, const std::string& matches_path,
                                                 const Cancellation* cancellation);

}  // namespace linkwright
