#pragma once

#include <string>

#include "base/cancellation.h"
#include "base/status.h"

namespace linkwright {

/// `linkwright spark archive`: makes the class-data archive of the Spark of this machine, on a small job of made-up
/// people, and prints its path; an archive that is there is kept.
Status archive_spark_classes(const std::string& spark_home, const Cancellation& cancellation);

}  // namespace linkwright
