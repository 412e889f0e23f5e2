#pragma once

#include <memory>

#include "base/status.h"
#include "spark/connect/session_state.h"

namespace arrow {
class Table;
}

namespace linkwright::spark {

/// Rows of this process as a relation: inside the plan when they are few (1 MiB), else uploaded before, in pieces of
/// 16 MiB named by their content, of which the session keeps what it has.
Result<proto::Relation> local_relation(Session::State& session, const arrow::Table& rows);

}  // namespace linkwright::spark
