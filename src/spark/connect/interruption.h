#pragma once

#include <map>
#include <string>
#include <vector>

#include "linkwright/spark.h"
#include "spark/connect/transport.h"

namespace linkwright::spark {

/// How far operations of the session are; all of them when no ids are given. NotImplemented by servers before
/// Spark 4.2.
Result<std::map<std::string, OperationState>> operation_states(Transport& transport,
                                                               const std::vector<std::string>& operation_ids);

/// Sends an interruption, and sends it again to what goes on running all the same: Spark 4.2 may overlook one that
/// comes before it has submitted a job. Returns the operations that were interrupted.
Result<std::vector<std::string>> interrupt(Transport& transport, const proto::InterruptRequest& request);

/// Interrupts one operation as far as the server can be reached within `patience`, whether or not the session's work is
/// being cancelled.
void interrupt_operation(Transport& transport, const std::string& operation_id, Milliseconds patience);

}  // namespace linkwright::spark
