#pragma once

#include <string>
#include <string_view>

#include "base/status.h"
#include "linkwright/spark_connection.h"

namespace linkwright::spark {

/// Whether gRPC sends this as the value of a header. For anything else it ends the process, and shows it in its last
/// words, tokens too.
bool is_header_value(std::string_view value);

/// localhost, 127.0.0.1 or ::1.
bool is_this_machine(std::string_view host);

/// What may be wrong with a connection that was made by hand: a token that would go to another machine in plain text,
/// values that no header takes. Values are not quoted.
Status check_connection(const Connection& connection);

}  // namespace linkwright::spark
